import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SandboxContext } from '@quotebridge/sandbox/core';
import { targetIn, typeOf } from './odata/http';
import { answerV4 } from './odata4/answer';
import { V4_ROOT } from './odata4/model';

/** Answers a read of the OData V4 service of sales orders. */
export const serveV4 = (
  { tables, faults, pageSize }: Pick<SandboxContext, 'tables' | 'faults'> & { readonly pageSize: number },
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  const root = `http://${request.headers.host ?? 'localhost'}${V4_ROOT}`;
  const result = answerV4(tables, pageSize, {
    ...targetIn(root, V4_ROOT, request.url),
    exact: /IEEE754Compatible=true/i.test(request.headers.accept ?? ''),
    foreignLink: () => faults.take('foreignNextLink', request) !== undefined,
  });
  return reply
    .code(result.status)
    .header('odata-version', '4.0')
    .type(typeOf(result))
    .headers(result.headers)
    .send(request.method === 'HEAD' ? undefined : result.body);
};
