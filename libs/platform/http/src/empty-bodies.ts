import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { Refusal } from '@quotebridge/platform/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const isChunked = ({ headers }: FastifyRequest): boolean => headers['transfer-encoding'] !== undefined;

const hasNoLength = ({ headers }: FastifyRequest): boolean =>
  headers['content-length'] === undefined || headers['content-length'] === '0';

/** Methods whose bodies are never read. */
const BODYLESS: readonly string[] = ['GET', 'HEAD'];

const brokenOff = (cause: unknown): Refusal =>
  new Refusal(400, 'brokenBody', 'The body broke off before its end', { cause });

/** Waits for the first bytes of a body, which stay to be read; true when it ends without any. */
const isEmpty = async (payload: Readable): Promise<boolean> => {
  const looked = new AbortController();
  const { signal } = looked;
  try {
    await Promise.race([once(payload, 'readable', { signal }), once(payload, 'end', { signal })]);
  } catch (thrown) {
    throw brokenOff(thrown);
  } finally {
    looked.abort();
  }
  const chunk: unknown = payload.read();
  if (chunk !== null) payload.unshift(chunk);
  return chunk === null;
};

/**
 * Takes a request that names the media type of a body which it does not have for what it is, one without a body: many
 * clients send the header always. What needs a body refuses it then by itself. Whether a body in chunks is one shows
 * when it begins.
 */
export const ignoreTypesOfNothing = (fastify: FastifyInstance): void => {
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (!isChunked(request) && hasNoLength(request)) delete request.headers['content-type'];
    done();
  });
  fastify.addHook('preParsing', (request, _reply, payload, done) => {
    if (!isChunked(request) || BODYLESS.includes(request.method)) return done();
    isEmpty(payload).then((nothing) => {
      // Without both there is nothing to parse.
      if (nothing) for (const name of ['content-type', 'transfer-encoding']) delete request.headers[name];
      done();
    }, done);
  });
};
