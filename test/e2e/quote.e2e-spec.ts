import { randomUUID } from 'node:crypto';
import { EventBus, type IngestOutcome, type IngestRecord, type Running } from '@quotebridge/platform/events';
import { validatorFor } from '@quotebridge/tmf-specs';
import request from 'supertest';
import { eventually } from './support';
import { startOrderingSuite, type OrderingSuite } from './support/ordering-suite';
import { discountOf, quoteItem, quoteOf } from './support/quote-bodies';

const run = randomUUID();
const CATALOG = '/tmf-api/productCatalogManagement/v5';
const V4 = '/tmf-api/quoteManagement/v4/quote';
const V5 = '/tmf-api/quoteManagement/v5/quote';

describe('TMF648 over HTTP and events', () => {
  let suite: OrderingSuite;
  let bus: EventBus;
  let outcomes: Running;
  const answers: IngestOutcome[] = [];

  beforeAll(async () => {
    suite = await startOrderingSuite({
      ordersHere: false,
      quoteEnv: () => ({
        DISCOUNT_THRESHOLDS: '20:sales-manager',
        REPRICE_INTERVAL: '100ms',
        EXPIRY_STATES: 'none',
      }),
    });
    bus = await EventBus.connect({ servers: suite.nats.url, name: 'quote-e2e' });
    outcomes = await bus.consume(
      {
        durable: `quote-e2e-${run}`,
        stream: 'INGEST',
        subjects: [`ingest.outcome.${run}`],
        concurrency: 1,
        maxAttempts: 1,
        backoffMs: [100],
        ackWaitMs: 5_000,
      },
      async (delivery) => void answers.push(delivery.json() as IngestOutcome),
    );
  });
  afterAll(async () => {
    await outcomes.stop();
    await bus.close();
    await suite.stop();
  });

  const api = () => request(suite.quotes.url);

  const sell = async (name: string, value: number, more: object = {}): Promise<string> => {
    const base = { lifecycleStatus: 'Active', lastUpdate: '2026-01-01T00:00:00Z' };
    const on = request(suite.catalog.url);
    const spec = await on
      .post(`${CATALOG}/productSpecification`)
      .send({ '@type': 'ProductSpecification', name, ...base });
    const price = await on.post(`${CATALOG}/productOfferingPrice`).send({
      '@type': 'ProductOfferingPrice',
      name,
      priceType: 'oneTime',
      price: { unit: 'EUR', value },
      tax: [{ '@type': 'TaxItem', taxRate: 19 }],
      ...base,
      ...more,
    });
    expect([spec.status, price.status]).toEqual([201, 201]);
    const offering = await on.post(`${CATALOG}/productOffering`).send({
      '@type': 'ProductOffering',
      name,
      ...base,
      lifecycleStatus: 'Launched',
      productSpecification: { '@type': 'ProductSpecificationRef', id: spec.body.id },
      productOfferingPrice: [{ '@type': 'ProductOfferingPriceRef', id: price.body.id }],
    });
    expect(offering.status).toBe(201);
    return offering.body.id as string;
  };

  const step = (id: string, state: string, more: object = {}) =>
    api()
      .patch(`${V5}/${id}`)
      .send({ '@type': 'Quote', state, ...more });

  it('prices a quote, explains it, and carries it to accepted', async () => {
    const pump = await sell('Pump', 99.99);
    const made = await api()
      .post(V5)
      .send(quoteOf([quoteItem('1', pump)]))
      .expect(201);
    expect(made.headers['location']).toBe(made.body.href);
    expect(made.body).toMatchObject({
      state: 'inProgress',
      quoteTotalPrice: [
        {
          priceType: 'oneTime',
          price: {
            dutyFreeAmount: { unit: 'EUR', value: 199.98 },
            taxRate: 19,
            taxIncludedAmount: { value: 237.98 },
          },
        },
      ],
    });
    expect(made.body.quoteItem[0].priceExplanation).toHaveLength(3);
    expect(validatorFor('TMF648', 'v5', 'Quote')(made.body)).toEqual([]);
    const inV4 = await api().get(`${V4}/${made.body.id}`).expect(200);
    expect(validatorFor('TMF648', 'v4', 'Quote')(inV4.body)).toEqual([]);
    await step(made.body.id, 'accepted').expect(409);
    await step(made.body.id, 'approved').expect(200);
    const frozen = await api()
      .patch(`${V5}/${made.body.id}`)
      .send({ '@type': 'Quote', description: 'x' })
      .expect(409);
    expect(frozen.body.code).toBe('notUpdatable');
    const accepted = await step(made.body.id, 'accepted').expect(200);
    expect(accepted.body.quoteItem[0].state).toBe('accepted');
    await api().delete(`${V5}/${made.body.id}`).expect(409);
  });

  it('answers v4 with 200 and the result at once when it is asked for, else 201', async () => {
    const pump = await sell('Valve', 10);
    const lines = [{ quantity: 1, productOffering: { id: pump } }];
    const instant = await api().post(V4).send({ instantSyncQuote: true, quoteItem: lines }).expect(200);
    expect(instant.body.quoteTotalPrice[0].price.taxIncludedAmount.value).toBe(11.9);
    expect(instant.body.quoteItem[0].id).toBe('1');
    expect(instant.body.quoteDate).toBeDefined();
    const later = await api().post(V4).send({ quoteItem: lines }).expect(201);
    await api().get(later.body.href).expect(200);
    await api().post(V4).send({ quoteItem: lines, state: 'accepted' }).expect(400);
  });

  it('does not approve before the authorization is given, and says who must', async () => {
    const pump = await sell('Turbine', 1000);
    const made = await api()
      .post(V5)
      .send(quoteOf([quoteItem('1', pump, discountOf(25))]))
      .expect(201);
    expect(made.body.quoteTotalPrice[0].price.dutyFreeAmount.value).toBe(1500);
    const refused = await step(made.body.id, 'approved').expect(409);
    expect(refused.body.message).toContain('discount above 20 % (sales-manager)');
    const [{ name }] = made.body.authorization;
    const given = await api()
      .patch(`${V5}/${made.body.id}`)
      .send({ '@type': 'Quote', authorization: [{ '@type': 'Authorization', name, state: 'approved' }] })
      .expect(200);
    expect(given.body.authorization[0].givenDate).toBeDefined();
    await step(made.body.id, 'approved').expect(200);
  });

  it('does not accept after the validity period', async () => {
    const pump = await sell('Hose', 5);
    const made = await api()
      .post(V5)
      .send(quoteOf([quoteItem('1', pump)]))
      .expect(201);
    const endDateTime = new Date(Date.now() + 3_600_000).toISOString();
    await api()
      .patch(`${V5}/${made.body.id}`)
      .send({ '@type': 'Quote', validFor: { endDateTime } })
      .expect(200);
    await step(made.body.id, 'approved').expect(200);
    const stored = (await suite.mongo.client())
      .db(suite.databases.quote)
      .collection<{ _id: string }>('quote');
    const over = { 'validFor.endDateTime': new Date(Date.now() - 1).toISOString() };
    await stored.updateOne({ _id: made.body.id as string }, { $set: over });
    const late = await step(made.body.id, 'accepted').expect(409);
    expect(late.body.message).toContain('expired');
  });

  it('goes on after a rejection as version 2, by POST or by PATCH, and keeps version 1', async () => {
    const pump = await sell('Seal', 5);
    const made = await api()
      .post(V5)
      .send(quoteOf([quoteItem('1', pump)]))
      .expect(201);
    const { id } = made.body;
    await api()
      .post(V5)
      .send(quoteOf([quoteItem('1', pump)], { id, version: '2' }))
      .expect(409);
    await step(id, 'approved').expect(200);
    await step(id, 'rejected').expect(200);
    await step(id, 'inProgress').expect(409);
    await api()
      .post(V5)
      .send(quoteOf([quoteItem('1', pump, { quantity: 9 })], { id, version: '2' }))
      .expect(201);
    expect((await api().get(`${V5}/${id}`).expect(200)).body).toMatchObject({
      version: '2',
      state: 'inProgress',
    });
    expect((await api().get(`${V5}/${id}:(version=1)`).expect(200)).body.state).toBe('rejected');
    expect((await api().get(`${V5}?id=${id}`).expect(200)).body).toHaveLength(2);
    await step(id, 'approved').expect(200);
    await step(id, 'rejected').expect(200);
    expect((await step(id, 'inProgress', { version: '3' }).expect(200)).body.version).toBe('3');
  });

  it('keeps the rejected version when the quote goes on by PATCH, once, whoever asks at the same time', async () => {
    const pump = await sell('Pump', 100);
    const { id } = (
      await api()
        .post(V5)
        .send(quoteOf([quoteItem('1', pump)]))
        .expect(201)
    ).body;
    await step(id, 'approved').expect(200);
    const { body: rejected, headers } = await step(id, 'rejected').expect(200);
    const asked = ['2', '3', '4'].map((version) =>
      step(id, 'inProgress', { version, quoteItem: [quoteItem('1', pump, { quantity: 3 })] }).set(
        'If-Match',
        String(headers['etag']),
      ),
    );
    const answers = (await Promise.all(asked)).map(({ status }) => status);
    expect(answers.sort()).toEqual([200, 412, 412]);
    const { href: _href, ...kept } = (await api().get(`${V5}/${id}:(version=1)`).expect(200)).body;
    const { href: _before, ...before } = rejected;
    expect(kept).toEqual(before);
    const latest = (await api().get(`${V5}/${id}`).expect(200)).body;
    expect(latest).toMatchObject({ state: 'inProgress', quoteItem: [{ quantity: 3 }] });
    const versions = (await api().get(`${V5}?id=${id}&fields=version`).expect(200)).body as {
      version: string;
    }[];
    expect(versions.map(({ version }) => version).sort()).toEqual(['1', latest.version]);
    await step(`${id}:(version=1)`, 'inProgress', { version: '9' }).expect(409);
    expect((await api().get(`${V5}?id=${id}`).expect(200)).body).toHaveLength(2);
  });

  it('keeps a quote without a price from approval and prices it when the catalog can', async () => {
    const id = randomUUID();
    const made = await api()
      .post(V5)
      .send(quoteOf([quoteItem('1', id)]))
      .expect(201);
    expect(made.body.quoteItem[0].unpricedReason).toMatchObject({ code: 'missingOffering' });
    expect((await step(made.body.id, 'approved').expect(409)).body.message).toContain('does not exist');
    const price = await sell('Late', 7);
    const source = (await request(suite.catalog.url).get(`${CATALOG}/productOffering/${price}`)).body;
    await request(suite.catalog.url)
      .post(`${CATALOG}/productOffering`)
      .send({ ...source, id, href: undefined })
      .expect(201);
    const priced = await eventually('its price', async () => {
      const { body } = await api().get(`${V5}/${made.body.id}`);
      return body.quoteTotalPrice.length > 0 && body;
    });
    expect(priced.quoteTotalPrice[0].price.dutyFreeAmount.value).toBe(14);
    await step(made.body.id, 'approved').expect(200);
  });

  it('takes a changed price of the catalog for the next quote', async () => {
    const pump = await sell('Sensor', 100);
    await api()
      .post(V5)
      .send(quoteOf([quoteItem('1', pump)]))
      .expect(201);
    const offering = (await request(suite.catalog.url).get(`${CATALOG}/productOffering/${pump}`)).body;
    await request(suite.catalog.url)
      .patch(`${CATALOG}/productOfferingPrice/${offering.productOfferingPrice[0].id}`)
      .send({ '@type': 'ProductOfferingPrice', price: { unit: 'EUR', value: 110 } })
      .expect(200);
    await eventually('the price of today', async () => {
      const { body } = await api()
        .post(V5)
        .send(quoteOf([quoteItem('1', pump)]));
      return body.quoteTotalPrice[0].price.dutyFreeAmount.value === 220;
    });
  });

  const send = async (batch: number, records: IngestRecord[]): Promise<IngestOutcome> => {
    await bus.publish(
      'ingest.quote',
      { run, batch, source: 'crm', resource: 'quote', records },
      { id: `${run}:${batch}`, key: run },
    );
    return eventually('the outcome', () => answers.find((answer) => answer.batch === batch));
  };

  it('makes one quote of an opportunity, renews it while it may, and notes the order that comes of it', async () => {
    const pump = await sell('Motor', 500);
    const id = randomUUID();
    const opportunity = (quantity: number): IngestRecord => ({
      externalId: '006A',
      op: 'upsert',
      id,
      resource: {
        ...(quoteOf([quoteItem('1', pump, { quantity })], {
          description: 'Big deal',
        }) as IngestRecord['resource']),
        externalIdentifier: [
          { '@type': 'ExternalIdentifier', owner: 'crm', externalIdentifierType: 'opportunity', id: '006A' },
        ],
      },
    });
    expect((await send(1, [opportunity(1)])).outcomes[0]?.status).toBe('created');
    expect((await send(2, [opportunity(1)])).outcomes[0]?.status).toBe('unchanged');
    expect((await send(3, [opportunity(3)])).outcomes[0]?.status).toBe('updated');
    const { body: quote } = await api().get(`${V5}/${id}`).expect(200);
    expect(quote.quoteTotalPrice[0].price.dutyFreeAmount.value).toBe(1500);
    expect(quote.externalId[0]).toMatchObject({ owner: 'crm', id: '006A' });
    await step(id, 'approved').expect(200);
    await step(id, 'accepted').expect(200);
    expect((await send(4, [opportunity(9)])).outcomes[0]?.status).toBe('unchanged');

    const order = {
      id: randomUUID(),
      state: 'inProgress',
      quote: [{ '@type': 'QuoteRef', id }],
      externalIdentifier: [
        { '@type': 'ExternalIdentifier', owner: 's4hana', externalIdentifierType: 'salesOrder', id: '4711' },
      ],
    };
    const eventId = randomUUID();
    const type = 'ProductOrderStateChangeEvent';
    await bus.publish(
      `tmf.TMF622.productOrder.${type}`,
      { eventId, eventTime: new Date().toISOString(), eventType: type, event: { productOrder: order } },
      { id: eventId, key: order.id },
    );
    const noted = await eventually('its order', async () => {
      const { body } = await api().get(`${V5}/${id}`);
      return body.productOrder !== undefined && body;
    });
    expect(noted.productOrder[0]).toMatchObject({ id: order.id, state: 'inProgress' });
    expect(noted.externalId.map((entry: { id: string }) => entry.id)).toEqual(['006A', '4711']);
    expect(noted.state).toBe('accepted');
  });
});
