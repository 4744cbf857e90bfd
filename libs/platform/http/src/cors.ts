import cors from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Headers of answers that pages of other origins may read. */
const EXPOSED = [
  'Accept-Patch',
  'Allow',
  'Content-Range',
  'ETag',
  'Link',
  'Location',
  'Preference-Applied',
  'Retry-After',
  'WWW-Authenticate',
  'X-Error-Id',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'X-Result-Count',
  'X-Total-Count',
];

/** A browser's question before the request itself (Fetch standard, CORS-preflight request). */
const isPreflight = ({ headers }: FastifyRequest): boolean =>
  headers.origin !== undefined && headers['access-control-request-method'] !== undefined;

/** Lets pages of these origins call; `*` stands for all. Any other OPTIONS request goes on to its route. */
export const allowOrigins = async (fastify: FastifyInstance, origins: readonly string[]): Promise<void> => {
  const options = {
    origin: [...origins],
    exposedHeaders: EXPOSED,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  };
  await fastify.register(cors, {
    delegator: (request, done) => done(null, { ...options, preflight: isPreflight(request) }),
  });
};
