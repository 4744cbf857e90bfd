import type { Fault, Result } from '@quotebridge/platform/core';
import { parseEventQuery, type EventQuery, type Resolve } from '@quotebridge/tmf/query';
import type { ApiVersion } from '@quotebridge/tmf-specs';

/**
 * Whether a subscriber gets its events. A parked one keeps its place until it is resumed; of one that has ended only
 * its place in the stream is left, until the dispatcher has taken that away as well.
 */
export type SubscriptionState = 'active' | 'parked' | 'ended';

/** A notification subscription of an API's hub (TMF630 part 1, 10), as it is stored. */
export interface Subscription {
  readonly _id: string;
  /** The API it belongs to, for example `TMF620`. */
  readonly api: string;
  /** Events are sent in the envelope of this version. */
  readonly version: ApiVersion;
  readonly callback: string;
  readonly query: string;
  readonly createdBy: string;
  /** Resources that whoever subscribed could read then, as far as they decide what of this API's events he is sent. */
  readonly reads?: readonly string[];
  readonly createdAt: Date;
  readonly state: SubscriptionState;
  /** Why it is parked or why the last delivery failed. */
  readonly lastError?: string;
  readonly parkedAt?: Date;
  readonly lastDeliveryAt?: Date;
  readonly delivered: number;
}

/** What decides whether a subscriber is sent an event, how much of it, and in which form. */
export type Sight = Pick<Subscription, 'api' | 'version' | 'reads'>;

/** Says what the paths of an API's event envelope stand for: only these may a query name. */
export type EnvelopePaths = (sight: Sight) => Resolve;

/**
 * What a subscriber wants, its values read as the attributes' kinds ask: the same when it subscribes and when events
 * are sent, so that `eventTime.gt=2026` means a date and `version.gt=2` a text both times.
 */
export const wantedBy = (
  subscription: Sight & Pick<Subscription, 'query'>,
  paths: EnvelopePaths,
): Result<EventQuery, Fault[]> => parseEventQuery(subscription.query, { resolve: paths(subscription) });

/** Name of the durable consumer that keeps a subscriber's place in the event stream. */
export const durableOf = (id: string): string => `hub-${id}`;

/** The subscription as the API shows it. */
export const viewOf = (subscription: Subscription): Record<string, string> => ({
  ...(subscription.version === 'v5' ? { '@type': 'Hub' } : {}),
  id: subscription._id,
  callback: subscription.callback,
  query: subscription.query,
});

/**
 * The subscription as operators see it. `waiting` events are kept for it; undefined while the broker does not know its
 * place, which is made again when events are sent to it again.
 */
export const operationsViewOf = (
  subscription: Subscription,
  waiting: number | undefined,
): Record<string, unknown> => ({
  ...viewOf(subscription),
  api: subscription.api,
  version: subscription.version,
  state: subscription.state,
  createdBy: subscription.createdBy,
  ...(subscription.reads === undefined ? {} : { reads: subscription.reads }),
  createdAt: subscription.createdAt.toISOString(),
  delivered: subscription.delivered,
  ...(waiting === undefined ? {} : { waiting }),
  ...(subscription.lastError === undefined ? {} : { lastError: subscription.lastError }),
  ...(subscription.parkedAt === undefined ? {} : { parkedAt: subscription.parkedAt.toISOString() }),
  ...(subscription.lastDeliveryAt === undefined
    ? {}
    : { lastDeliveryAt: subscription.lastDeliveryAt.toISOString() }),
});
