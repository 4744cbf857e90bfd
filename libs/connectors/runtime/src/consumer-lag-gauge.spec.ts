import { createMetrics, eventMetrics } from '@quotebridge/platform/telemetry';
import { lookAtLag, type LagSources } from './consumer-lag-gauge';

const LAGS: Readonly<Record<string, LagSources['bus']['lagIfThere']>> = {
  'connector-erp-late': async () => ({ waiting: 1_200, inWork: 8 }),
  'connector-erp-idle': async () => ({ waiting: 0, inWork: 0 }),
  'connector-erp-away': () => Promise.reject(new Error('the broker is away')),
};

it('a connector tells how many events each action has before it; of one that cannot be asked about it says nothing', async () => {
  const metrics = createMetrics({ service: 'connector-erp', processMetrics: false });
  await lookAtLag({
    bus: { lagIfThere: async (stream, durable) => LAGS[durable]?.(stream, durable) },
    metrics: eventMetrics(metrics),
    instance: 'erp',
    actions: ['away', 'late', 'lost', 'idle'],
  });
  const shown = (await metrics.text())
    .split('\n')
    .filter((line) => line.startsWith('quotebridge_consumer_lag'));
  expect(shown).toEqual([
    'quotebridge_consumer_lag_messages{consumer="connector-erp-late",service="connector-erp"} 1208',
    'quotebridge_consumer_lag_messages{consumer="connector-erp-idle",service="connector-erp"} 0',
  ]);
});
