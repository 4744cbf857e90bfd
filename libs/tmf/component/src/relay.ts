import { messageOf } from '@quotebridge/platform/core';
import type { EventBus } from '@quotebridge/platform/events';
import type { FieldKeys } from '@quotebridge/platform/security';
import {
  OutboxRelay,
  RelayLoop,
  type Lease,
  type OutboxEvent,
  type RelayObserver,
} from '@quotebridge/platform/store';
import {
  contextFrom,
  messagingAttributes,
  traceHeadersOf,
  withSpan,
  type EventMetrics,
  type Logger,
} from '@quotebridge/platform/telemetry';
import { openEvent, type ServiceDependencies } from '@quotebridge/tmf/resource';
import type { ListenerBinding, Runtime } from './component';

const relayObserver = (
  logger: Logger,
  metrics: EventMetrics,
  lag: (seconds: number) => void,
): RelayObserver => {
  let lastFailure = '';
  return {
    published: (event, lagMs) => {
      lastFailure = '';
      metrics.published.add({ collection: event.subject.split('.')[2] ?? '' });
      lag(lagMs / 1_000);
    },
    failed: (thrown) => {
      const reason = messageOf(thrown);
      if (reason !== lastFailure) logger.warn({ reason }, 'Events wait: they could not be published');
      lastFailure = reason;
    },
  };
};

/** Publishes an event inside the trace of the request that caused it. */
const publisher =
  (bus: EventBus) =>
  (event: OutboxEvent, key: string): Promise<void> => {
    return withSpan(
      `send ${event.subject}`,
      'producer',
      messagingAttributes('send', { subject: event.subject, id: event.id, key }),
      contextFrom(event.traceparent),
      (context) =>
        bus.publish(event.subject, event.body, { id: event.id, key, headers: traceHeadersOf(context) }),
    );
  };

/** What the relay of a component works with. */
export interface RelayOptions {
  readonly collections: readonly string[];
  readonly keys: FieldKeys | undefined;
  readonly lease: Lease;
  readonly events: EventMetrics;
}

/** The relay of a component: every replica asks for it to run, the one that holds the lease does. */
export interface ComponentRelay {
  readonly wake: ServiceDependencies['wake'];
  /** Hears what the other replicas have committed. */
  readonly listener: ListenerBinding;
  start(): void;
  stop(): Promise<void>;
}

/** Publishes the events that wait in a component's documents. */
export const relayOf = (
  { settings, store, bus, clock, logger, metrics }: Runtime,
  name: string,
  { collections, keys, lease, events }: RelayOptions,
): ComponentRelay => {
  const lag = metrics.histogram({
    name: 'quotebridge_relay_publish_lag_seconds',
    help: 'Time from the write of an event to the acknowledgement of the broker',
    labels: [],
  });
  const observer = relayObserver(logger, events, (seconds) => lag.observe({}, seconds));
  const opened = (event: OutboxEvent): OutboxEvent => openEvent(keys, event);
  const relay = new OutboxRelay(store, collections, publisher(bus), observer, clock, opened);
  const calls = `quotebridge.relay.${settings.database ?? name}`;
  const loop = new RelayLoop(relay, lease, observer, undefined, () => bus.signal(calls));
  return {
    wake: (committed) => loop.wake(committed),
    listener: { subjects: [calls], hear: () => loop.answer(), missed: () => loop.answer() },
    start: () => loop.start(),
    stop: () => loop.stop(),
  };
};
