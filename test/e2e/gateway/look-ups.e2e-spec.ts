import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '@quotebridge/platform/core';
import { EventBus, questionSubject, type QuestionAnswer, type Running } from '@quotebridge/platform/events';
import request from 'supertest';
import { eventually } from '../support/eventually';
import { startGatewaySuite, type GatewaySuite } from '../support/gateway-suite';
import { forWhom, LAUNCHED, MasterRecords, PRODUCTS } from '../support/master-records';

/** The ERP of the test: what it answers to a question, by its name. */
type Erp = Record<string, (question: JsonObject) => Promise<QuestionAnswer>>;

const AT_ONCE = 5;

const known = (value: JsonObject): QuestionAnswer => ({ ok: true, value, asOf: '2026-11-21T10:00:00.000Z' });

describe('look-ups over the business API', () => {
  let suite: GatewaySuite;
  let records: MasterRecords;
  let bus: EventBus;
  let erp: Erp = {};
  let asked: JsonObject[] = [];
  const responders: Running[] = [];
  const api = () => suite.api();

  beforeAll(async () => {
    // An answer is asked for anew each time.
    suite = await startGatewaySuite({ LOOKUP_FRESH: '0ms', LIVE_DEADLINE: '10s' });
    records = new MasterRecords(suite);
    bus = await EventBus.connect({ servers: suite.ordering.nats.url, name: 'erp' });
    for (const name of ['price', 'availability', 'bom'])
      responders.push(
        bus.respond(questionSubject('s4hana', name), 'erp', async (payload) => {
          asked.push(payload as JsonObject);
          const answer = erp[name];
          return answer ? answer(payload as JsonObject) : { ok: false, kind: 'refused', reason: 'not known' };
        }),
      );
  });
  beforeEach(() => {
    erp = {};
    asked = [];
  });
  afterAll(async () => {
    for (const responder of responders) await responder.stop();
    await bus.close();
    await suite.stop();
  });

  it('the price of a customer comes from the ERP while it answers, each step by its name', async () => {
    const steps = [
      { name: 'PPR0', amount: 200, result: 200 },
      { name: 'K007 customer discount', amount: -20, result: 180 },
    ];
    erp = { price: async () => known({ list: 200, net: 180, currency: 'EUR', steps }) };
    const { body } = await api()
      .get('/api/pricing/customer?customer=10100001&part=SP-9&quantity=2&date=2026-12-01')
      .expect(200);
    expect(body).toEqual({
      part: 'SP-9',
      customer: '10100001',
      quantity: 2,
      list: 200,
      net: 180,
      currency: 'EUR',
      discounts: [{ name: 'K007 customer discount', amount: -20 }],
      steps,
      source: 'erp',
      asOf: '2026-11-21T10:00:00.000Z',
      stale: false,
    });
    expect(asked).toMatchObject([
      { part: 'SP-9', customer: '10100001', quantity: '2', date: '2026-12-01T00:00:00.000Z' },
    ]);
  });

  it('master data stand in when it does not, with the same customer price, marked', async () => {
    await records.sell('SEAL-7', 100, ['10100001', 10]);
    const price = async (customer: string) =>
      (await api().get(`/api/v2/pricing/customer?customer=${customer}&part=SEAL-7&quantity=3`).expect(200))
        .body;
    expect(await price('10100001')).toMatchObject({
      list: 300,
      net: 270,
      currency: 'EUR',
      discounts: [{ name: 'Loyal customer', percentage: 10, amount: -30 }],
      steps: [{ name: 'List price' }, { name: 'Loyal customer' }],
      source: 'masterData',
      stale: true,
      asOf: expect.any(String),
      fallbackReason: 'not known',
    });
    expect(await price('10100002')).toMatchObject({ net: 300, discounts: [] });
  });

  it('master data know the price list of the customer, and an order has its prices', async () => {
    const spec = await records.sell('SEAL-5', 100);
    await records.price({
      '@type': 'ProductOfferingPrice',
      name: 'Dealer price',
      priceType: 'oneTime',
      price: { unit: 'EUR', value: 80 },
      ...LAUNCHED,
      lifecycleStatus: 'Launched',
      ...forWhom(spec, 'priceList', 'dealers'),
    });
    const id = await records.customer('10100055', 'dealers');
    const net = async (query: string): Promise<number> =>
      (await api().get(`/api/pricing/customer?part=SEAL-5&${query}`).expect(200)).body.net as number;
    for (const named of ['10100055', id]) expect(await net(`customer=${named}`)).toBe(80);
    expect(await net('customer=10100056')).toBe(100);
    expect(await net('customer=10100055&priceList=others')).toBe(100);
    const { body } = await api()
      .post('/api/v1/orders')
      .send({
        customer_id: '10100055',
        order_number: 16,
        customer_email: 'a@b.example',
        payment_status: 'open',
        items: [{ part: 'SEAL-5', quantity: 2 }],
      })
      .expect(201);
    expect(body).toMatchObject({ amount: '160' });
  });

  it('an ERP that does not answer in time is not waited for', async () => {
    await records.sell('SEAL-8', 50);
    const quick = await suite.start({ LIVE_DEADLINE: '20ms', LOOKUP_FRESH: '0ms' });
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    erp = { price: () => held.then(() => known({ net: 1 })) };
    try {
      const ask = async (): Promise<void> => {
        const { body } = await request(quick.url)
          .get('/api/pricing/customer?customer=1&part=SEAL-8')
          .expect(200);
        expect(body).toMatchObject({ net: 50, stale: true, source: 'masterData' });
      };
      let calls = 0;
      await eventually('an ERP that keeps failing to be left alone', async () => {
        await Promise.all(Array.from({ length: AT_ONCE }, ask));
        calls += AT_ONCE;
        return asked.length <= calls - 2 * AT_ONCE;
      });
    } finally {
      release();
      await quick.close();
    }
  });

  it('components that do not answer are not waited for either: one deadline for the whole answer, then a refusal', async () => {
    const silent = createServer(() => undefined);
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const away = await suite.start({ CUSTOMER_URL: url, CATALOG_URL: url, MASTER_DEADLINE: '100ms' });
    try {
      for (const path of ['pricing/customer?customer=1&part=P', 'compatibility?model=M&part=P']) {
        const { body } = await request(away.url).get(`/api/${path}`).expect(503);
        expect(body).toMatchObject({ code: 'componentAway', errorId: expect.any(String) });
      }
    } finally {
      await away.close();
      silent.closeAllConnections();
      silent.close();
    }
  });

  it('an order without prices gets those of the catalog for its customer', async () => {
    await records.sell('SEAL-9', 10, ['10100001', 50]);
    const { body } = await api()
      .post('/api/v1/orders')
      .send({
        customer_id: '10100001',
        order_number: 17,
        customer_email: 'a@b.example',
        payment_status: 'open',
        items: [{ part: 'SEAL-9', quantity: 4 }],
      })
      .expect(201);
    expect(body).toMatchObject({ amount: '20', currency: 'EUR' });
    const { body: refused } = await api()
      .post('/api/v1/orders')
      .send({
        customer_id: '10100001',
        order_number: 18,
        customer_email: 'a@b.example',
        payment_status: 'open',
        items: [{ part: 'NEVER-SOLD', quantity: 1 }],
      })
      .expect(422);
    expect(refused.details).toMatchObject([{ path: '/items/0', code: 'noPrice' }]);
  });

  it('a part fits by the machine that has the serial number, with what supersedes it and what is in stock', async () => {
    const model = await records.specification('PRESS-400');
    const next = await records.specification('RING-B');
    await records.specification('RING-A', {
      productSpecificationRelationship: [
        { '@type': 'ProductSpecificationRelationship', relationshipType: 'compatibleWith', id: model },
        {
          '@type': 'ProductSpecificationRelationship',
          relationshipType: 'supersededBy',
          id: next,
          validFor: { startDateTime: '2025-01-01T00:00:00Z' },
        },
      ],
    });
    await records.make(suite.inventory.url, PRODUCTS, {
      '@type': 'Product',
      name: 'Press',
      productSerialNumber: 'SN-1',
      productSpecification: { '@type': 'ProductSpecificationRef', id: model },
    });
    erp = { availability: async () => known({ available: 12 }) };
    for (const machine of ['serial=SN-1', 'model=PRESS-400']) {
      const { body } = await api().get(`/api/compatibility?part=RING-A&${machine}`).expect(200);
      expect(body).toMatchObject({
        fits: true,
        reasons: [{ code: 'compatible' }],
        part: { productNumber: 'RING-A' },
        model: { productNumber: 'PRESS-400' },
        supersession: { alternatives: [[{ part: { productNumber: 'RING-B' } }]] },
        availability: { available: 12 },
        source: 'erp',
        stale: false,
      });
    }
    const { body } = await api().get('/api/compatibility?part=RING-B&model=PRESS-400').expect(200);
    expect(body).toMatchObject({ fits: false, reasons: [{ code: 'notListed' }] });
    await api().get('/api/compatibility?part=RING-A').expect(400);
    await api().get('/api/compatibility?part=RING-A&serial=NONE').expect(404);
  });

  it('the structure of a machine is told as deep as asked, from the ERP or from master data', async () => {
    const bolt = await records.make(suite.inventory.url, PRODUCTS, { '@type': 'Product', name: 'Bolt' });
    const contains = (id: string, amount: number) => ({
      '@type': 'ProductRelationship',
      relationshipType: 'contains',
      id,
      quantity: { amount, units: 'pc' },
    });
    const pump = await records.make(suite.inventory.url, PRODUCTS, {
      '@type': 'Product',
      name: 'Pump',
      productRelationship: [contains(bolt, 4)],
    });
    await records.make(suite.inventory.url, PRODUCTS, {
      '@type': 'Product',
      name: 'Press',
      productSerialNumber: 'SN-2',
      startDate: '2020-03-01T00:00:00.000Z',
      productRelationship: [
        { ...contains(pump, 2), validFor: { startDateTime: '2021-01-01T00:00:00Z' } },
        { ...contains(bolt, 9), validFor: { endDateTime: '2021-01-01T00:00:00Z' } },
      ],
    });
    const { body } = await api().get('/api/bom/SN-2?levels=2').expect(200);
    expect(body).toMatchObject({
      serial: 'SN-2',
      stale: true,
      lines: [
        { level: 1, product: { name: 'Pump' } },
        { level: 2, totalQuantity: 8, product: { name: 'Bolt' } },
      ],
    });
    expect((await api().get('/api/bom/SN-2?levels=1').expect(200)).body.lines).toHaveLength(1);
    const { body: built } = await api().get('/api/bom/SN-2?effective=asBuilt').expect(200);
    expect(built).toMatchObject({
      effective: '2020-03-01T00:00:00.000Z',
      lines: [{ product: { name: 'Bolt' }, totalQuantity: 9 }],
    });
    expect(built.lines).toHaveLength(1);
    await api().get('/api/bom/SN-2?effective=asbuilt').expect(400);
    erp = { bom: async ({ serial }) => known({ lines: [{ level: 1, part: `of ${String(serial)}` }] }) };
    const { body: live } = await api().get('/api/v2/bom/SN-2').expect(200);
    expect(live).toMatchObject({ source: 'erp', stale: false, lines: [{ part: 'of SN-2' }] });
    erp = {};
    await api().get('/api/bom/NONE').expect(404);
  });
});
