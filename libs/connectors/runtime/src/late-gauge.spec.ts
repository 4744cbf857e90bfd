import { createMetrics } from '@quotebridge/platform/telemetry';
import { lateGauge } from './late-gauge';

const NOW = 1_000_000;
const DUE: Readonly<Record<string, () => Promise<number | undefined>>> = {
  overdue: () => Promise.resolve(NOW - 90_500),
  later: () => Promise.resolve(NOW + 60_000),
  told: () => Promise.resolve(undefined),
  away: () => Promise.reject(new Error('the store is away')),
};

it('a stream is late from the time its round was due; the others are shown as well when one cannot be asked', async () => {
  const metrics = createMetrics({ service: 'connector-erp', processMetrics: false });
  lateGauge(metrics, ['away', 'overdue', 'later', 'told'], async (name) => DUE[name]?.(), { now: () => NOW });
  const shown = (await metrics.text()).split('\n').filter((line) => line.startsWith('quotebridge'));
  expect(shown).toEqual([
    'quotebridge_connector_stream_late_seconds{stream="overdue",service="connector-erp"} 90.5',
    'quotebridge_connector_stream_late_seconds{stream="later",service="connector-erp"} 0',
  ]);
});
