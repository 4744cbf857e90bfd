import type { Clock } from '@quotebridge/platform/core';
import type { ConsumerSpec, EventBus, Running } from '@quotebridge/platform/events';
import { OUTBOX_INDEX, type OutboxEvent, type Store } from '@quotebridge/platform/store';
import type { EventMetrics } from '@quotebridge/platform/telemetry';

const EVERY_MS = 5_000;
/** Counting goes no further: an alert fires long before. */
const COUNT_CAP = 10_000;

/** What is looked at. */
export interface GaugeSources {
  readonly store: Pick<Store, 'collection'>;
  readonly bus: Pick<EventBus, 'lag'>;
  readonly collections: readonly string[];
  readonly consumers: readonly ConsumerSpec[];
  readonly metrics: EventMetrics;
  readonly clock: Clock;
  readonly onError: (thrown: unknown) => void;
}

const lookAtCollection = async (sources: GaugeSources, name: string): Promise<void> => {
  const { store, metrics, clock } = sources;
  const pending = { '_outbox.at': { $exists: true } };
  const hint = OUTBOX_INDEX.options?.name ?? '';
  const collection = store.collection(name);
  const [count, oldest] = await Promise.all([
    collection.countDocuments(pending, { hint, limit: COUNT_CAP }),
    collection.findOne(pending, { hint, sort: { '_outbox.at': 1 }, projection: { '_outbox.at': 1 } }),
  ]);
  const [first] = (oldest?.['_outbox'] ?? []) as OutboxEvent[];
  metrics.relayPending.set({ collection: name }, count);
  metrics.relayLag.set(
    { collection: name },
    first ? Math.max(0, clock.now() - first.at.getTime()) / 1_000 : 0,
  );
};

const lookAtConsumer = async (
  { bus, metrics }: GaugeSources,
  { stream, durable }: ConsumerSpec,
): Promise<void> => {
  const { waiting, inWork } = await bus.lag(stream, durable);
  metrics.consumerLag.set({ consumer: durable }, waiting + inWork);
};

/** Keeps the gauges of waiting events and messages fresh, on the replica that does the event work. */
export const startEventGauges = async (sources: GaugeSources): Promise<Running> => {
  const look = async (): Promise<void> => {
    await Promise.all(sources.collections.map((name) => lookAtCollection(sources, name)));
    await Promise.all(sources.consumers.map((spec) => lookAtConsumer(sources, spec)));
  };
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(look).catch(sources.onError);
  }, EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await looking;
      // Another replica tells from now on. What was seen here last would stand beside that for as long as the process lives.
      const { collections, consumers, metrics } = sources;
      for (const collection of collections) {
        metrics.relayPending.set({ collection }, 0);
        metrics.relayLag.set({ collection }, 0);
      }
      for (const { durable } of consumers) metrics.consumerLag.set({ consumer: durable }, 0);
    },
  };
};
