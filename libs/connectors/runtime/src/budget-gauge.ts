import type { ConnectorInstance, ConnectorStores } from '@quotebridge/connectors/sdk';
import type { Metrics } from '@quotebridge/platform/telemetry';

/** Shows how many of today's calls are used, and how many there are; nothing for an instance without a daily budget. */
export const budgetGauge = (
  metrics: Metrics,
  instance: Pick<ConnectorInstance, 'callLimits'>,
  stores: Pick<ConnectorStores, 'budgetUsage'>,
): void => {
  metrics.gauge(
    {
      name: 'quotebridge_connector_budget_calls',
      help: 'Calls of the daily budget (UTC): used and limit.',
      labels: ['kind'],
    },
    async (gauge) => {
      const { perDay } = instance.callLimits;
      if (perDay === undefined) return;
      gauge.set({ kind: 'limit' }, perDay);
      // A store that is away must not take the other metrics along.
      const usage = await stores.budgetUsage().catch(() => undefined);
      if (usage !== undefined) gauge.set({ kind: 'used' }, Math.min(perDay, usage.usedToday));
    },
  );
};
