import request from 'supertest';
import {
  otlpReceiver,
  startMongo,
  startNats,
  startProcess,
  type OtlpReceiver,
  type TestMongo,
  type TestNats,
  type TestProcess,
} from './support';

const OFFERING = '/tmf-api/productCatalogManagement/v4/productOffering';
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';

describe('one trace through a running component', () => {
  let mongodb: TestMongo;
  let nats: TestNats;
  let receiver: OtlpReceiver;
  let catalog: TestProcess;

  beforeAll(async () => {
    [mongodb, nats, receiver] = await Promise.all([startMongo(), startNats(), otlpReceiver()]);
    catalog = await startProcess('product-catalog', {
      MONGODB_URI: mongodb.uri,
      NATS_URL: nats.url,
      DATABASE: mongodb.database('catalog'),
      AUTH: 'off',
      LOG_LEVEL: 'warn',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    });
  }, 120_000);
  afterAll(async () => {
    await catalog?.stop();
    await Promise.all([nats?.stop(), mongodb?.stop(), receiver?.close()]);
  });

  it('HTTP request, MongoDB write and published event are linked parent to child', async () => {
    await request(catalog.url)
      .post(OFFERING)
      .set('traceparent', `00-${TRACE_ID}-${CALLER}-01`)
      .send({ name: 'Pump' })
      .expect(201);
    const send = await receiver.waitFor('the published event', ({ name }) => name.startsWith('send tmf.'));
    const server = await receiver.waitFor('the request', ({ kind }) => kind === 2);
    const insert = await receiver.waitFor('the write', ({ name }) => name === 'insert productOffering');
    expect(server).toMatchObject({
      service: 'product-catalog',
      traceId: TRACE_ID,
      parentSpanId: CALLER,
      name: `POST ${OFFERING}`,
      attributes: { 'http.route': OFFERING, 'http.response.status_code': 201 },
    });
    expect(insert).toMatchObject({ traceId: TRACE_ID, parentSpanId: server.spanId, kind: 3 });
    expect(insert.attributes['db.system.name']).toBe('mongodb');
    expect(send).toMatchObject({
      traceId: TRACE_ID,
      name: 'send tmf.TMF620.productOffering.ProductOfferingCreateEvent',
      kind: 4,
      attributes: { 'messaging.system': 'nats' },
    });
    const own = receiver.spans().map(({ spanId }) => spanId);
    expect(own).toContain(send.parentSpanId);
  });
});
