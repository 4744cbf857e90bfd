import { isUtf8 } from 'node:buffer';
import { Refusal } from '@quotebridge/platform/core';
import { parseJsonBody, type JsonBody } from '@quotebridge/platform/http';
import { patchTypes } from '@quotebridge/tmf/patch';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const unsupported = (message: string, headers: Record<string, string> = {}): Refusal =>
  new Refusal(415, 'unsupportedMediaType', message, { headers });

/** The media type of a Content-Type header, in lower case and without parameters. */
const mediaTypeOf = (contentType: string | undefined): string =>
  (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

const charsetOf = (contentType: string): string | undefined =>
  /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1]?.toLowerCase();

/** Refuses with 415 a body that is packed or in another character set: read as it is, it would be stored damaged. */
const checkEncoding = ({ headers }: FastifyRequest): void => {
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding.trim().toLowerCase() !== 'identity')
    throw unsupported('Bodies are taken without Content-Encoding only', { 'Accept-Encoding': 'identity' });
  const charset = charsetOf(headers['content-type'] ?? '');
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8' && charset !== 'us-ascii')
    throw unsupported('Bodies are taken in UTF-8 only');
};

const bodyFrom = (request: FastifyRequest, bytes: Buffer): JsonBody => {
  checkEncoding(request);
  if (!isUtf8(bytes)) throw new Refusal(400, 'malformedText', 'The body is not valid UTF-8');
  return parseJsonBody(bytes.toString('utf8'));
};

/** A 415 that names the media types which a request could have; the framework would only say no. */
export const unknownType = ({ method }: FastifyRequest): Refusal => {
  const types = patchTypes.join(', ');
  return method === 'PATCH'
    ? unsupported(`A PATCH must be one of: ${types}`, { 'Accept-Patch': types })
    : plainOnly(method);
};

const plainOnly = (method: string): Refusal =>
  unsupported(`The body of a ${method} must be application/json`);

/** Bodies are kept as text too: it is needed for digests, and looked through before it is parsed. */
export const jsonBodies = (scope: FastifyInstance): void => {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser([...patchTypes], { parseAs: 'buffer' }, (request, bytes, done) => {
    try {
      done(null, bodyFrom(request, bytes as Buffer));
    } catch (thrown) {
      done(thrown as Error);
    }
  });
  scope.addContentTypeParser('*', (request, _payload, done) => done(unknownType(request)));
};

/** Refuses with 415 something else than plain JSON; the scope reads the patch types too. */
export const checkPlainJson = (request: FastifyRequest): void => {
  if (mediaTypeOf(request.headers['content-type']) !== 'application/json') throw plainOnly(request.method);
};
