import { Refusal } from '@quotebridge/platform/core';
import { patchTypes } from '@quotebridge/tmf/patch';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const ALL_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE'] as const;

type Method = (typeof ALL_METHODS)[number];

/** Methods that a path has when it serves the given ones: HEAD comes with GET, OPTIONS with all. */
const allowedMethods = (served: readonly Method[]): readonly string[] => [
  ...new Set<string>([
    ...served.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])),
    'OPTIONS',
  ]),
];

/**
 * Completes a path that serves some methods: OPTIONS tells which (RFC 9110, 9.3.7), every other one is a 405 with
 * Allow, before its body is read.
 */
export const otherMethods = (scope: FastifyInstance, url: string, served: readonly Method[]): void => {
  const allowed = allowedMethods(served);
  const headers = {
    Allow: allowed.join(', '),
    ...(allowed.includes('PATCH') ? { 'Accept-Patch': patchTypes.join(', ') } : {}),
  };
  const refuse = async (request: FastifyRequest): Promise<never> => {
    throw new Refusal(
      405,
      'methodNotAllowed',
      `${request.method} is not possible here; allowed: ${headers.Allow}`,
      { headers },
    );
  };
  scope.route({
    method: 'OPTIONS',
    url,
    handler: async (_request: FastifyRequest, reply: FastifyReply) => reply.code(204).headers(headers).send(),
  });
  scope.route({
    method: ALL_METHODS.filter((method) => !allowed.includes(method)),
    url,
    exposeHeadRoute: false,
    onRequest: refuse,
    handler: refuse,
  });
};
