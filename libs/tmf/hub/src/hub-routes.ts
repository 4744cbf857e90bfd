import { Refusal, type Clock, type Ids } from '@quotebridge/platform/core';
import { TMF_EVENTS, type EventBus } from '@quotebridge/platform/events';
import { allows, requireScope, type Action } from '@quotebridge/platform/security';
import { idOf, otherMethods } from '@quotebridge/tmf/resource';
import type { ApiVersion } from '@quotebridge/tmf-specs';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { DeliveryPlan } from './delivery-plan';
import { consumerOf } from './dispatcher';
import {
  durableOf,
  operationsViewOf,
  viewOf,
  type Subscription,
  type SubscriptionState,
} from './subscription';
import type { SubscriptionStore } from './subscription-store';
import { wantedOf, type WantedOptions } from './wanted';

/** Each is a consumer of its own in the broker. */
const MAX_SUBSCRIPTIONS = 1_000;

/** What the hub routes of a component share. */
export interface HubRoutesOptions extends WantedOptions {
  readonly bus: EventBus;
  readonly subscriptions: SubscriptionStore;
  readonly plan: DeliveryPlan;
  readonly clock: Clock;
  readonly ids: Ids;
}

const guard = (action: Action) => async (request: FastifyRequest) =>
  requireScope(request.qbPrincipal, 'hub', action);

const refuseTooMany = async (subscriptions: SubscriptionStore): Promise<void> => {
  if ((await subscriptions.count()) < MAX_SUBSCRIPTIONS) return;
  throw new Refusal(
    409,
    'tooManySubscriptions',
    `This component keeps ${MAX_SUBSCRIPTIONS} subscriptions at most; end those that nobody needs`,
  );
};

/** `/hub` of one API in one version: POST, GET, GET by id, DELETE. */
export const hubRoutes = (
  scope: FastifyInstance,
  { api, version, baseUrl }: { api: string; version: ApiVersion; baseUrl: string },
  options: HubRoutesOptions,
): void => {
  const { subscriptions, bus, plan } = options;
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
    await refuseTooMany(subscriptions);
    await bus.declare(consumerOf(subscription, plan));
    await subscriptions.insert(subscription);
    return reply
      .code(201)
      .header('Location', `${baseUrl}/hub/${subscription._id}`)
      .send(viewOf(subscription));
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
