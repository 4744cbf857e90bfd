import { systemClock } from '@quotebridge/platform/core';
import type { ConsumerSpec } from '@quotebridge/platform/events';
import { createMetrics, eventMetrics } from '@quotebridge/platform/telemetry';
import { startEventGauges } from './event-gauges';

const SPEC: ConsumerSpec = {
  ...{ durable: 'quote-orders', stream: 'TMF_EVENTS', subjects: ['tmf.>'], concurrency: 1 },
  ...{ maxAttempts: 1, backoffMs: [1_000], ackWaitMs: 1_000 },
};

describe('the gauges of a replica', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('tell nothing that waits any more when it no longer does the event work', async () => {
    const metrics = createMetrics({ service: 'quote', processMetrics: false });
    const lag = async (): Promise<string | undefined> =>
      (await metrics.text()).split('\n').find((line) => line.includes('consumer="quote-orders"'));
    const gauges = await startEventGauges({
      store: {
        collection: () => {
          throw new Error('there is none');
        },
      },
      bus: { lag: async () => ({ waiting: 1_100, inWork: 4 }) },
      collections: [],
      consumers: [SPEC],
      metrics: eventMetrics(metrics),
      clock: systemClock,
      onError: (thrown) => {
        throw thrown;
      },
    });
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await lag()).toMatch(/ 1104$/);
    await gauges.stop();
    expect(await lag()).toMatch(/ 0$/);
  });
});
