import { Refusal, type Clock } from '@quotebridge/platform/core';
import { requireScope } from '@quotebridge/platform/security';
import { idOf } from '@quotebridge/tmf/resource';
import type { FastifyInstance } from 'fastify';
import type { Outgoing, OutgoingStore } from './outgoing-store';

const MOST = 1_000;
const STATES: readonly unknown[] = ['waiting', 'delivered', 'dead'];

/** What operators are shown of one kind of messages. */
export interface OutgoingRoutesOptions<T extends Outgoing> {
  /** Name of the kind in scopes and sentences; its plural is the path. */
  readonly name: string;
  readonly messages: OutgoingStore<T>;
  readonly clock: Clock;
  /** What a message is about, by the names under which lists can be filtered. */
  readonly about: (message: T) => Readonly<Record<string, string>>;
  readonly filters: readonly (string & keyof T)[];
}

const viewOf = (message: Outgoing, about: Readonly<Record<string, string>>) => {
  const { _id, url, state, attempts, at, dueAt, lastError, deliveredAt } = message;
  return {
    id: _id,
    ...about,
    url,
    state,
    attempts,
    at: at.toISOString(),
    ...(state === 'waiting' ? { dueAt: dueAt.toISOString() } : {}),
    ...(lastError === undefined ? {} : { lastError }),
    ...(deliveredAt === undefined ? {} : { deliveredAt: deliveredAt.toISOString() }),
  };
};

/** `/operations/<name>s`: what waits, what was delivered and what is dead; dead ones can be sent again. */
export const outgoingRoutes =
  <T extends Outgoing>({ name, messages, clock, about, filters }: OutgoingRoutesOptions<T>) =>
  (scope: FastifyInstance): void => {
    scope.get<{ Querystring: Record<string, unknown> }>(`/${name}s`, async ({ query, qbPrincipal }) => {
      requireScope(qbPrincipal, name, 'read');
      if (query['state'] !== undefined && !STATES.includes(query['state']))
        throw new Refusal(400, 'invalidQuery', `state must be one of: ${STATES.join(', ')}`);
      const wanted = Object.fromEntries(
        ['state', ...filters].flatMap((key) => {
          const value = query[key];
          return typeof value === 'string' ? [[key, value]] : [];
        }),
      );
      return (await messages.list(wanted, MOST)).map((message) => viewOf(message, about(message)));
    });
    scope.post(`/${name}s/:id/resend`, async (request, reply) => {
      requireScope(request.qbPrincipal, name, 'admin');
      const id = idOf(request);
      if (await messages.revive(id, new Date(clock.now())))
        return reply.code(202).send({ id, state: 'waiting' });
      throw new Refusal(404, 'notFound', `There is no dead ${name} ${id.slice(0, 200)}`);
    });
  };
