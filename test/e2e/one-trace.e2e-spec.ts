import {
  eventually,
  otlpReceiver,
  startOwnMongo,
  startOwnNats,
  startProcess,
  type OtlpReceiver,
  type OwnMongo,
  type OwnNats,
  type ReceivedSpan,
  type TestProcess,
} from './support';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const JSON_TYPE = { 'content-type': 'application/json' };

describe('one trace', () => {
  let mongo: OwnMongo;
  let nats: OwnNats;
  let receiver: OtlpReceiver;
  const running: TestProcess[] = [];

  beforeAll(async () => {
    [mongo, nats, receiver] = await Promise.all([startOwnMongo(), startOwnNats(), otlpReceiver()]);
  });
  afterAll(async () => {
    for (const one of running) await one.kill();
    await Promise.all([nats.stop(), mongo.stop(), receiver.close()]);
  });

  const start = async (app: string, more: Record<string, string> = {}): Promise<TestProcess> => {
    const started = await startProcess(app, {
      MONGODB_URI: mongo.uri,
      NATS_URL: nats.url,
      AUTH: 'off',
      LOG_LEVEL: 'warn',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      ...more,
    });
    running.push(started);
    return started;
  };

  const send = async (
    method: string,
    address: string,
    body: object,
    headers: Record<string, string> = {},
  ) => {
    const answer = await fetch(address, {
      method,
      headers: { ...JSON_TYPE, ...headers },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${address}: ${answer.status} ${text}`);
    return JSON.parse(text) as Record<string, unknown> & { id: string };
  };

  it('leads from the HTTP request over MongoDB, relay and JetStream to the order in another component', async () => {
    const catalog = await start('product-catalog');
    const tmf620 = `${catalog.url}/tmf-api/productCatalogManagement/v5`;
    const quotes = await start('quote', { CATALOG_URL: tmf620 });
    const orders = await start('product-order', { CATALOG_URL: tmf620 });
    const now = new Date().toISOString();
    const common = { lifecycleStatus: 'Launched', lastUpdate: now };
    const specification = await send('POST', `${tmf620}/productSpecification`, {
      '@type': 'ProductSpecification',
      name: 'Pump',
      ...common,
    });
    const price = await send('POST', `${tmf620}/productOfferingPrice`, {
      '@type': 'ProductOfferingPrice',
      name: 'List price',
      priceType: 'oneTime',
      price: { unit: 'EUR', value: 10 },
      ...common,
    });
    const offering = await send('POST', `${tmf620}/productOffering`, {
      '@type': 'ProductOffering',
      name: 'Pump',
      productSpecification: { '@type': 'ProductSpecificationRef', id: specification.id },
      productOfferingPrice: [{ '@type': 'ProductOfferingPriceRef', id: price.id }],
      ...common,
    });
    const base = `${quotes.url}/tmf-api/quoteManagement/v5/quote`;
    const quote = await send('POST', base, {
      '@type': 'Quote',
      instantSyncQuote: true,
      quoteItem: [
        {
          '@type': 'QuoteItem',
          id: '1',
          action: 'add',
          quantity: 2,
          productOffering: { '@type': 'ProductOfferingRef', id: offering.id },
        },
      ],
    });
    await send('PATCH', `${base}/${quote.id}`, { '@type': 'Quote', state: 'approved' });
    await send(
      'PATCH',
      `${base}/${quote.id}`,
      { '@type': 'Quote', state: 'accepted' },
      { traceparent: `00-${TRACE}-${CALLER}-01` },
    );

    const inTrace =
      (name: string) =>
      (span: ReceivedSpan): boolean =>
        span.traceId === TRACE && span.name === name;
    const subject = 'tmf.TMF648.quote.QuoteStateChangeEvent';
    const consumed = await receiver.waitFor(
      'the span of the consumer in product ordering',
      (span) => inTrace(`process ${subject}`)(span) && span.service === 'product-order',
    );
    const inserted = await receiver.waitFor(
      'the span of the insert of the order',
      inTrace('insert productOrder'),
    );
    const found = (name: string): ReceivedSpan => {
      const span = receiver.spans().find(inTrace(name));
      if (!span) throw new Error(`There is no span ${name} in the trace`);
      return span;
    };
    const http = found('PATCH /tmf-api/quoteManagement/v5/quote/:id');
    const update = found('update quote');
    const sent = found(`send ${subject}`);
    expect(http).toMatchObject({
      parentSpanId: CALLER,
      kind: 2,
      service: 'quote',
      attributes: { 'http.response.status_code': 200 },
    });
    expect(update).toMatchObject({
      parentSpanId: http.spanId,
      kind: 3,
      attributes: { 'db.system.name': 'mongodb', 'db.namespace': 'quote', 'db.collection.name': 'quote' },
    });
    expect(sent).toMatchObject({ parentSpanId: http.spanId, kind: 4 });
    expect(consumed).toMatchObject({ parentSpanId: sent.spanId, kind: 5 });
    const message = {
      'messaging.system': 'nats',
      'messaging.destination.name': subject,
      'messaging.message.id': expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      'quotebridge.resource': `quote/${quote.id}`,
    };
    expect(sent.attributes).toEqual({
      ...message,
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
    });
    expect(consumed.attributes).toEqual({
      ...message,
      'messaging.message.id': sent.attributes['messaging.message.id'],
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.consumer.group.name': 'order-accepted-quotes',
    });
    expect(inserted).toMatchObject({ parentSpanId: consumed.spanId, kind: 3, service: 'product-order' });

    const order = await eventually('the order', async () => {
      const list = (await (
        await fetch(`${orders.url}/tmf-api/productOrderingManagement/v5/productOrder?quote.id=${quote.id}`)
      ).json()) as { id: string }[];
      return list[0];
    });
    expect(order.id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('with auto-instrumentation the HTTP server and the MongoDB driver of a component add spans of their own', async () => {
    const catalog = await start('product-catalog', { AUTO_INSTRUMENTATION: 'true' });
    const trace = TRACE.replaceAll('4', '5');
    const address = `${catalog.url}/tmf-api/productCatalogManagement/v5/category?name=x`;
    await fetch(address, { headers: { traceparent: `00-${trace}-${CALLER}-01` } });
    const command = await receiver.waitFor(
      'a span of the driver',
      ({ traceId, name }) => traceId === trace && name.startsWith('mongodb.'),
    );
    const server = await receiver.waitFor(
      'the span of the HTTP server',
      ({ traceId, kind, parentSpanId }) => traceId === trace && kind === 2 && parentSpanId === CALLER,
    );
    expect(command.attributes).toMatchObject({ 'db.system': 'mongodb', 'db.mongodb.collection': 'category' });
    expect(server.attributes).toMatchObject({ 'http.method': 'GET' });
  });
});
