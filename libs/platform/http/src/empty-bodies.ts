import type { FastifyInstance, FastifyRequest } from 'fastify';

const hasNoBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] === undefined &&
  (headers['content-length'] === undefined || headers['content-length'] === '0');

/**
 * Takes a request that names the media type of a body which it does not have for what it is, one without a body: many
 * clients send the header always. What needs a body refuses it then by itself.
 */
export const ignoreTypesOfNothing = (fastify: FastifyInstance): void => {
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (hasNoBody(request)) delete request.headers['content-type'];
    done();
  });
};
