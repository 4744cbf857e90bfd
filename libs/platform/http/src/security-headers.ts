import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import helmet from 'helmet';

const headersOfHelmet = (): Record<string, string> => {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  const contentSecurityPolicy = { directives: { 'upgrade-insecure-requests': null } };
  helmet({ contentSecurityPolicy })(request, response, (failed?: unknown) => {
    if (failed !== undefined) throw new Error('helmet refuses its settings', { cause: failed });
  });
  return Object.fromEntries(
    Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]),
  );
};

/**
 * The security headers of helmet on every answer. They are the same for all, so they are made once: made anew for each
 * request they cost more than looking up its route.
 */
export const securityHeaders = (fastify: FastifyInstance): void => {
  const headers = headersOfHelmet();
  fastify.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers);
    done();
  });
};
