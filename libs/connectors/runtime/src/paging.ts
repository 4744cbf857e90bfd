import { Refusal } from '@quotebridge/platform/core';
import type { ConnectorInstance, Listed, Stream } from '@quotebridge/connectors/sdk';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Query of a list: which stream, how many, and where the part before ended. */
export interface ListQuery {
  readonly stream?: string;
  readonly limit?: string;
  readonly after?: string;
}

const MOST = 500;
const USUAL = 50;

/** Reads the query of a list; refuses a limit that is none. */
export const listOrder = ({ stream, limit, after }: ListQuery) => {
  const size = limit === undefined ? USUAL : Number(limit);
  if (!Number.isInteger(size) || size < 1 || size > MOST)
    throw new Refusal(400, 'badLimit', `limit must be a whole number from 1 to ${MOST}`);
  return {
    limit: size,
    ...(stream === undefined ? {} : { stream }),
    ...(after === undefined ? {} : { after }),
  };
};

/** The stream of that name; refuses one that the instance does not have. */
export const streamOf = ({ streams }: Pick<ConnectorInstance, 'streams'>, name: string): Stream => {
  const found = streams.find((stream) => stream.name === name);
  if (found !== undefined) return found;
  const known = streams.map((stream) => stream.name).join(', ');
  throw new Refusal(
    404,
    'unknownStream',
    `There is no stream ${JSON.stringify(name)}; this connector has ${known}`,
  );
};

/** Refuses an empty list of a stream that is not there; of one that was taken away things may be left. */
export const orUnknownStream = <T>(
  instance: Pick<ConnectorInstance, 'streams'>,
  { stream, after }: ListQuery,
  listed: Listed<T>,
): Listed<T> => {
  if (stream !== undefined && after === undefined && listed.items.length === 0) streamOf(instance, stream);
  return listed;
};

/** Sends a part of a list; the `Link` header leads to the next (RFC 8288). */
export const sendListed = <T>(
  request: FastifyRequest,
  reply: FastifyReply,
  listed: Listed<T>,
): FastifyReply => {
  if (listed.next !== undefined) {
    const url = new URL(request.url, 'http://connector');
    url.searchParams.set('after', listed.next);
    void reply.header('link', `<${url.pathname}${url.search}>; rel="next"`);
  }
  return reply.send(listed.items);
};
