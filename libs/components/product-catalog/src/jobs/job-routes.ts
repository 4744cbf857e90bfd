import { Refusal } from '@quotebridge/platform/core';
import { requireScope } from '@quotebridge/platform/security';
import type { Runtime } from '@quotebridge/tmf/component';
import { idOf } from '@quotebridge/tmf/resource';
import type { FastifyInstance } from 'fastify';
import type { JobStore } from './job-store';

const PAGE = 1_000;

/** `GET /operations/jobs/{id}/errors?afterLine=0`: why records of an import were not taken, in the order of the file. */
export const jobRoutes = (
  scope: FastifyInstance,
  jobs: JobStore,
  { service }: Pick<Runtime, 'service'>,
): void => {
  scope.get<{ Querystring: { afterLine?: string } }>('/jobs/:id/errors', async (request) => {
    requireScope(request.qbPrincipal, 'importJob', 'read');
    const afterLine = Number(request.query.afterLine ?? 0);
    if (!Number.isInteger(afterLine) || afterLine < 0) {
      throw new Refusal(400, 'invalidQuery', 'afterLine must be a whole number from 0 on');
    }
    const { _id } = await service('importJob').require(idOf(request));
    return jobs.listErrors(_id, afterLine, PAGE);
  });
};
