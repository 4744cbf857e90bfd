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
});
