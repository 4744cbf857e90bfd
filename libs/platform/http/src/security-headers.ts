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
 * An answer is for who asked: what he may not see is missing from it. So no shared cache keeps one, and a private one
 * asks again, with its ETag and the same credential (RFC 9111, 5.2.2; RFC 9110, 12.5.5). An API key alone would not say so.
 */
const FOR_WHO_ASKED = { 'Cache-Control': 'private, no-cache', Vary: 'Authorization, X-API-Key' };

/**
 * The security headers of helmet on every answer, and who may keep it. They are the same for all, so they are made once: made anew for each
 * request they cost more than looking up its route.
 */
export const securityHeaders = (fastify: FastifyInstance): void => {
  const headers = { ...headersOfHelmet(), ...FOR_WHO_ASKED };
  fastify.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers);
    done();
  });
};
