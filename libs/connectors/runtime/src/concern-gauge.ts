import { concernsOf, type ConnectorStores } from '@quotebridge/connectors/sdk';
import type { Metrics } from '@quotebridge/platform/telemetry';

/** Shows for how many records there is something to be told, by what it is. */
export const concernGauge = (metrics: Metrics, { notes }: Pick<ConnectorStores, 'notes'>): void => {
  metrics.gauge(
    {
      name: 'quotebridge_connector_concerns',
      help: 'Records that are not as they should be although nothing failed; GET /status names them.',
      labels: ['what'],
    },
    async (gauge) => {
      const counts = new Map<string, number>();
      // A store that is away must not take the other metrics along.
      for (const { what } of await concernsOf(notes).catch(() => [])) {
        counts.set(what, (counts.get(what) ?? 0) + 1);
      }
      for (const [what, count] of counts) gauge.set({ what }, count);
    },
  );
};
