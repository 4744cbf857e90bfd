import type * as Telemetry from '@quotebridge/platform/telemetry';
import { connectorTrace } from './trace';

/** Spans by name, kind and attributes. */
const mockSpans: unknown[] = [];

jest.mock('@quotebridge/platform/telemetry', () => ({
  ...jest.requireActual<typeof Telemetry>('@quotebridge/platform/telemetry'),
  withSpan: (...[name, kind, attributes, parent, work]: Parameters<typeof Telemetry.withSpan>) => {
    mockSpans.push({ name, kind, attributes });
    return work(parent as Telemetry.Context);
  },
}));

it('a span says which message it is for, by the names of the conventions, where there is one', async () => {
  const trace = connectorTrace('erp');
  const message = {
    subject: 'tmf.TMF622.productOrder.ProductOrderCreateEvent',
    id: 'e1',
    consumer: 'connector-erp-createSalesOrder',
    key: 'productOrder/1',
  };
  await trace.run('action createSalesOrder', {}, async () => undefined, message);
  await trace.run('run productOfferings', {}, async () => undefined);
  expect(mockSpans).toEqual([
    {
      name: 'action createSalesOrder',
      kind: 'consumer',
      attributes: {
        'quotebridge.connector': 'erp',
        'quotebridge.resource': 'productOrder/1',
        'messaging.system': 'nats',
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        'messaging.destination.name': message.subject,
        'messaging.consumer.group.name': message.consumer,
        'messaging.message.id': 'e1',
      },
    },
    { name: 'run productOfferings', kind: 'internal', attributes: { 'quotebridge.connector': 'erp' } },
  ]);
});
