import type { RunRecord } from '@quotebridge/connectors/sdk';
import { createLogger, createMetrics } from '@quotebridge/platform/telemetry';
import { connectorObserver } from './observer';

describe('what a connector counts', () => {
  it('begins at nothing for all that it has, so that the first refused record and failed action is an increase', async () => {
    const metrics = createMetrics({ service: 'connector-erp', processMetrics: false });
    const observer = connectorObserver(createLogger({ service: 'erp', level: 'silent' }), metrics);
    observer.begin({ streams: ['prices'], actions: ['createOrder'] });
    const text = await metrics.text();
    for (const counter of [
      'quotebridge_connector_records_total{stream="prices",outcome="rejected",service="connector-erp"} 0',
      'quotebridge_connector_actions_total{action="createOrder",result="failed",service="connector-erp"} 0',
    ])
      expect(text).toContain(counter);
  });

  it('keeps a stream failing until it has been read, whatever is taken from its quarantine', async () => {
    const metrics = createMetrics({ service: 'connector-erp', processMetrics: false });
    const observer = connectorObserver(createLogger({ service: 'erp', level: 'silent' }), metrics);
    const record = (trigger: RunRecord['trigger'], state: RunRecord['state']): RunRecord => ({
      _id: 'r',
      instance: 'erp',
      stream: 'prices',
      trigger,
      mode: 'delta',
      state,
      startedAt: '2026-01-01T02:00:00.000Z',
      durationMs: 0,
      counts: { read: 0, created: 0, updated: 0, unchanged: 0, deleted: 0, rejected: 0, missing: 0 },
    });
    const failing = async (): Promise<boolean> =>
      (await metrics.text()).includes('stream_failing{stream="prices",service="connector-erp"} 1');
    observer.alert?.(record('schedule', 'failed'), 4);
    observer.run(record('replay', 'succeeded'));
    expect(await failing()).toBe(true);
    observer.run(record('schedule', 'succeeded'));
    expect(await failing()).toBe(false);
  });
});
