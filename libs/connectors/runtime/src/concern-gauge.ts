import type { ConnectorStores } from '@quotebridge/connectors/sdk';
import type { Metrics } from '@quotebridge/platform/telemetry';

/** Shows for how many records there is something to be told, by what it is. */
export const concernGauge = (metrics: Metrics, { concerns }: Pick<ConnectorStores, 'concerns'>): void => {
  metrics.gauge(
    {
      name: 'quotebridge_connector_concerns',
      help: 'Records that are not as they should be although nothing failed; GET /concerns names them.',
      labels: ['what'],
    },
    async (gauge) => {
      // A store that is away must not take the other metrics along.
      for (const [what, count] of await concerns.counts().catch(() => [])) gauge.set({ what }, count);
    },
  );
};
