import { Refusal, type Clock } from '@quotebridge/platform/core';
import { requireScope } from '@quotebridge/platform/security';
import { idOf } from '@quotebridge/tmf/resource';
import type { FastifyInstance } from 'fastify';
import type { Notice, NoticeStore } from './notice-store';

const MOST = 1_000;

const viewOf = ({
  _id,
  orderId,
  url,
  status,
  state,
  attempts,
  at,
  dueAt,
  lastError,
  deliveredAt,
}: Notice) => ({
  id: _id,
  orderId,
  url,
  status,
  state,
  attempts,
  at: at.toISOString(),
  ...(state === 'waiting' ? { dueAt: dueAt.toISOString() } : {}),
  ...(lastError === undefined ? {} : { lastError }),
  ...(deliveredAt === undefined ? {} : { deliveredAt: deliveredAt.toISOString() }),
});

/** `/operations/confirmations`: what waits, what was delivered and what is dead; dead ones can be sent again. */
export const confirmationRoutes =
  (notices: NoticeStore, clock: Clock) =>
  (scope: FastifyInstance): void => {
    scope.get<{ Querystring: { state?: string; orderId?: string } }>('/confirmations', async (request) => {
      requireScope(request.qbPrincipal, 'confirmation', 'read');
      const { state, orderId } = request.query;
      const isKnown = state === 'waiting' || state === 'delivered' || state === 'dead';
      const found = await notices.list(
        { ...(isKnown ? { state } : {}), ...(typeof orderId === 'string' ? { orderId } : {}) },
        MOST,
      );
      return found.map(viewOf);
    });
    scope.post('/confirmations/:id/resend', async (request, reply) => {
      requireScope(request.qbPrincipal, 'confirmation', 'admin');
      const id = idOf(request);
      if (await notices.revive(id, new Date(clock.now())))
        return reply.code(202).send({ id, state: 'waiting' });
      throw new Refusal(404, 'notFound', `There is no dead confirmation ${id.slice(0, 200)}`);
    });
  };
