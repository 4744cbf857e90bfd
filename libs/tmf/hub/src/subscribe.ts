import { Refusal, type Clock } from '@quotebridge/platform/core';
import { TMF_EVENTS, type EventBus } from '@quotebridge/platform/events';
import type { ClientSession, Store } from '@quotebridge/platform/store';
import { answerOnce, headerOf, type StoredAnswer } from '@quotebridge/tmf/resource';
import type { FastifyRequest } from 'fastify';
import type { DeliveryPlan } from './delivery-plan';
import { consumerOf } from './dispatcher';
import { durableOf, viewOf, type Subscription } from './subscription';
import type { SubscriptionStore } from './subscription-store';

/** Each is a consumer of its own in the broker. */
const MAX_SUBSCRIPTIONS = 1_000;

/** What taking a subscription needs. */
export interface SubscribeOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly bus: EventBus;
  readonly subscriptions: SubscriptionStore;
  readonly plan: DeliveryPlan;
}

const refuseTooMany = async (subscriptions: SubscriptionStore): Promise<void> => {
  if ((await subscriptions.count()) < MAX_SUBSCRIPTIONS) return;
  throw new Refusal(
    409,
    'tooManySubscriptions',
    `This component keeps ${MAX_SUBSCRIPTIONS} subscriptions at most; end those that nobody needs`,
  );
};

/**
 * Takes a subscription, of several requests with one Idempotency-Key once. Its place in the stream is made before it is
 * stored, so that it misses nothing, and given up where it is not stored.
 */
export const subscribe = async (
  request: FastifyRequest,
  subscription: Subscription,
  location: string,
  { store, clock, bus, subscriptions, plan }: SubscribeOptions,
): Promise<StoredAnswer> => {
  const { _id, api, version } = subscription;
  let isDeclared = false;
  const take = async (session?: ClientSession): Promise<StoredAnswer> => {
    await refuseTooMany(subscriptions);
    isDeclared = true;
    await bus.declare(consumerOf(subscription, plan));
    await subscriptions.insert(subscription, session);
    return { status: 201, headers: { Location: location }, body: JSON.stringify(viewOf(subscription)) };
  };
  const giveUp = async (): Promise<void> => {
    // With the broker away nothing was made there, or its operator finds it: nothing is sent to it.
    if (isDeclared) await bus.forget(TMF_EVENTS, durableOf(_id)).catch(() => undefined);
  };
  const key = headerOf(request, 'idempotency-key');
  try {
    const answer =
      key === undefined
        ? await take()
        : await answerOnce({ store, clock, of: [version, 'hub', api] }, request, key, take);
    if (answer.headers['Location'] !== location) await giveUp();
    return answer;
  } catch (thrown) {
    await giveUp();
    throw thrown;
  }
};
