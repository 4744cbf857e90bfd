import type { Clock } from '@quotebridge/platform/core';
import type { Metrics } from '@quotebridge/platform/telemetry';

/**
 * Shows for how many seconds the round of each stream has been due, 0 while none is. `nextRunMs` tells when a round is due
 * (epoch milliseconds), undefined for a stream that only runs when told; such a one is not shown.
 */
export const lateGauge = (
  metrics: Metrics,
  streams: readonly string[],
  nextRunMs: (stream: string) => Promise<number | undefined>,
  clock: Clock,
): void => {
  metrics.gauge(
    {
      name: 'quotebridge_connector_stream_late_seconds',
      help: 'For how long a round of the stream has been due and is not done.',
      labels: ['stream'],
    },
    async (gauge) => {
      for (const stream of streams) {
        // A store that is away must not take the other metrics along.
        const dueMs = await nextRunMs(stream).catch(() => undefined);
        if (dueMs !== undefined) gauge.set({ stream }, Math.max(0, clock.now() - dueMs) / 1_000);
      }
    },
  );
};
