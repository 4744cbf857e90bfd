import { consumerOf } from '@quotebridge/connectors/sdk';
import { TMF_EVENTS, type EventBus } from '@quotebridge/platform/events';
import type { EventMetrics } from '@quotebridge/platform/telemetry';

/** Whose events are counted, and where. */
export interface LagSources {
  readonly bus: Pick<EventBus, 'lagIfThere'>;
  readonly metrics: Pick<EventMetrics, 'consumerLag'>;
  readonly instance: string;
  /** Names of those that are performed: the events of others wait on purpose. */
  readonly actions: readonly string[];
}

/** Asks the broker how many events each action of an instance has before it. Every replica tells the same, whoever works on them. */
export const lookAtLag = async ({ bus, metrics, instance, actions }: LagSources): Promise<void> => {
  await Promise.all(
    actions.map(async (action) => {
      const consumer = consumerOf(instance, action);
      // A broker that is away must not take the other metrics along.
      const lag = await bus.lagIfThere(TMF_EVENTS, consumer).catch(() => undefined);
      if (lag !== undefined) metrics.consumerLag.set({ consumer }, lag.waiting + lag.inWork);
    }),
  );
};
