import { messageOf } from '@quotebridge/platform/core';
import type { Running } from '@quotebridge/platform/events';
import { OutboundPolicy } from '@quotebridge/platform/resilience';
import type { Logger } from '@quotebridge/platform/telemetry';
import {
  defaultDeliveryPlan,
  HubDispatcher,
  SubscriptionStore,
  type HubRoutesOptions,
  type PresentEvent,
} from '@quotebridge/tmf/hub';
import type { ResourceDefinition } from '@quotebridge/tmf/resource';
import type { Runtime } from './component';
import { envelopePaths } from './envelope-paths';
import { eventTypes } from './event-types';
import { showingResources } from './event-sight';

/** The hub of a component: its subscriptions and how they are served. */
export const hubOf = async (
  { settings, store, bus, clock, ids }: Runtime,
  resources: readonly ResourceDefinition[],
): Promise<HubRoutesOptions> => ({
  paths: envelopePaths(resources),
  eventTypes: eventTypes(resources),
  shownBy: showingResources(resources),
  store,
  bus,
  clock,
  ids,
  subscriptions: await SubscriptionStore.open(store),
  policy: new OutboundPolicy({ allow: settings.outboundAllow }),
  plan: { ...defaultDeliveryPlan, parkAfterAttempts: settings.hubParkAfter, timeoutMs: settings.hubTimeout },
});

/** Starts the sending of events to subscribers. */
export const startHub =
  (hub: HubRoutesOptions, present: PresentEvent, logger: Logger) => async (): Promise<Running> => {
    return new HubDispatcher({
      ...hub,
      present,
      onParked: ({ _id }, reason) =>
        logger.error({ subscription: _id, reason }, 'A subscriber keeps failing and is parked'),
      onError: (thrown) => logger.warn({ reason: messageOf(thrown) }, 'Subscriptions could not be looked at'),
    });
  };
