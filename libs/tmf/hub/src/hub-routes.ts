import { Refusal, type Ids } from '@quotebridge/platform/core';
import { TMF_EVENTS } from '@quotebridge/platform/events';
import { allows, requireScope, type Action } from '@quotebridge/platform/security';
import { idOf, JSON_TYPE, otherMethods } from '@quotebridge/tmf/resource';
import type { ApiVersion } from '@quotebridge/tmf-specs';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { subscribe, type SubscribeOptions } from './subscribe';
import {
  durableOf,
  operationsViewOf,
  viewOf,
  type Subscription,
  type SubscriptionState,
} from './subscription';
import { wantedOf, type WantedOptions } from './wanted';

/** What the hub routes of a component share. */
export interface HubRoutesOptions extends WantedOptions, SubscribeOptions {
  readonly ids: Ids;
}

const guard = (action: Action) => async (request: FastifyRequest) =>
  requireScope(request.qbPrincipal, 'hub', action);

/** `/hub` of one API in one version: POST, GET, GET by id, DELETE. */
export const hubRoutes = (
  scope: FastifyInstance,
  { api, version, baseUrl }: { api: string; version: ApiVersion; baseUrl: string },
  options: HubRoutesOptions,
): void => {
  const { subscriptions, bus } = options;
  const find = async (request: FastifyRequest): Promise<Subscription> => {
    const found = await subscriptions.find(idOf(request));
    if (!found || found.api !== api || found.version !== version) {
      throw new Refusal(404, 'notFound', `There is no subscription ${idOf(request).slice(0, 200)}`);
    }
    return found;
  };

  scope.post('/hub', { onRequest: guard('write') }, async (request, reply) => {
    const { qbPrincipal } = request;
    const reads = options.shownBy(api).filter((resource) => allows(qbPrincipal, resource, 'read'));
    const sight = { api, version, reads };
    const subscription: Subscription = {
      _id: options.ids.next(),
      ...sight,
      ...(await wantedOf(request, sight, options)),
      createdBy: qbPrincipal.id,
      createdAt: new Date(options.clock.now()),
      state: 'active',
      delivered: 0,
    };
    const location = `${baseUrl}/hub/${subscription._id}`;
    const { status, headers, body } = await subscribe(request, subscription, location, options);
    return reply.code(status).headers(headers).type(JSON_TYPE).send(body);
  });
  scope.get('/hub', { onRequest: guard('read') }, async () =>
    (await subscriptions.list({ api, version })).map(viewOf),
  );
  scope.get('/hub/:id', { onRequest: guard('read') }, async (request) => viewOf(await find(request)));
  scope.delete('/hub/:id', { onRequest: guard('write') }, async (request, reply) => {
    const { _id } = await find(request);
    await subscriptions.end(_id);
    // Nothing more is sent from now on. With the broker away, the dispatcher removes the consumer when it is back.
    await bus.forget(TMF_EVENTS, durableOf(_id)).catch(() => undefined);
    return reply.code(204).send();
  });
  otherMethods(scope, '/hub', ['GET', 'POST']);
  otherMethods(scope, '/hub/:id', ['GET', 'DELETE']);
};

const stateIn = (state: string | undefined): { state?: SubscriptionState } => {
  if (state === undefined) return {};
  if (state === 'parked' || state === 'active') return { state };
  throw new Refusal(400, 'invalidQuery', 'state must be active or parked');
};

/** `/operations/hub`: every subscriber with what waits for it; `POST /operations/hub/{id}/resume` un-parks one. */
export const hubOperations = (scope: FastifyInstance, options: HubRoutesOptions): void => {
  const { subscriptions, bus } = options;
  const view = async (subscription: Subscription): Promise<Record<string, unknown>> => {
    const lag = await bus.lagIfThere(TMF_EVENTS, durableOf(subscription._id));
    return operationsViewOf(subscription, lag && lag.waiting + lag.inWork);
  };
  scope.get<{ Querystring: { state?: string } }>('/hub', { onRequest: guard('read') }, async (request) => {
    const chosen = stateIn(request.query.state);
    return Promise.all((await subscriptions.list(chosen)).map(view));
  });
  scope.post('/hub/:id/resume', { onRequest: guard('admin') }, async (request) => {
    const id = idOf(request);
    const found = await subscriptions.find(id);
    if (!found) throw new Refusal(404, 'notFound', `There is no subscription ${id.slice(0, 200)}`);
    await subscriptions.resume(id);
    return view({ ...found, state: 'active' });
  });
};
