import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { EventBus, questionSubject, type QuestionAnswer, type Running } from '@quotebridge/platform/events';
import request from 'supertest';
import { startGatewaySuite, type GatewaySuite } from '../support/gateway-suite';

const CATALOG = '/tmf-api/productCatalogManagement/v5';
const PRODUCTS = '/tmf-api/productInventory/v5/product';
const LAUNCHED = { lifecycleStatus: 'Active', lastUpdate: '2026-01-01T00:00:00Z' };

/** The ERP of the test: what it answers to a question, by its name. */
type Erp = Record<string, (question: JsonObject) => Promise<QuestionAnswer>>;

const known = (value: JsonObject): QuestionAnswer => ({ ok: true, value, asOf: '2026-11-21T10:00:00.000Z' });

describe('look-ups over the business API', () => {
  let suite: GatewaySuite;
  let bus: EventBus;
  let erp: Erp = {};
  let asked: JsonObject[] = [];
  const responders: Running[] = [];
  const api = () => suite.api();

  const make = async (url: string, path: string, body: object): Promise<string> =>
    (await request(url).post(path).send(body).expect(201)).body.id as string;
  const specification = (productNumber: string, more: object = {}): Promise<string> =>
    make(suite.catalogUrl, `${CATALOG}/productSpecification`, {
      '@type': 'ProductSpecification',
      name: `Part ${productNumber}`,
      productNumber,
      ...LAUNCHED,
      ...more,
    });
  /** For whom a price of a part is. */
  const forWhom = (part: string, name: 'customer' | 'priceList', value: string) => ({
    prodSpecCharValueUse: [
      {
        '@type': 'ProductSpecificationCharacteristicValueUse',
        name,
        productSpecification: { '@type': 'ProductSpecificationRef', id: part },
        productSpecCharacteristicValue: [{ '@type': 'StringCharacteristicValueSpecification', value }],
      },
    ],
  });
  /** A part on sale for that many EUR, with a percentage off for one customer; gives the id of its specification. */
  const sell = async (part: string, value: number, discount?: [customer: string, percent: number]) => {
    const spec = await specification(part);
    const price = await make(suite.catalogUrl, `${CATALOG}/productOfferingPrice`, {
      '@type': 'ProductOfferingPrice',
      name: 'List price',
      priceType: 'oneTime',
      price: { unit: 'EUR', value },
      ...LAUNCHED,
    });
    const id = stableId('s4hana', 'productOffering', part);
    await make(suite.catalogUrl, `${CATALOG}/productOffering`, {
      '@type': 'ProductOffering',
      id,
      name: part,
      ...LAUNCHED,
      productSpecification: { '@type': 'ProductSpecificationRef', id: spec },
      productOfferingPrice: [{ '@type': 'ProductOfferingPriceRef', id: price }],
    });
    await request(suite.catalogUrl)
      .patch(`${CATALOG}/productOffering/${id}`)
      .send({ '@type': 'ProductOffering', lifecycleStatus: 'Launched' })
      .expect(200);
    if (discount === undefined) return spec;
    const [customer, percentage] = discount;
    await make(suite.catalogUrl, `${CATALOG}/productOfferingPrice`, {
      '@type': 'ProductOfferingPrice',
      name: 'Loyal customer',
      priceType: 'discount',
      percentage,
      ...LAUNCHED,
      lifecycleStatus: 'Launched',
      ...forWhom(spec, 'customer', customer),
    });
    return spec;
  };

  beforeAll(async () => {
    // An answer is asked for anew each time.
    suite = await startGatewaySuite({ LOOKUP_FRESH: '0ms', LIVE_DEADLINE: '5s' });
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
    await sell('SEAL-7', 100, ['10100001', 10]);
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
    const spec = await sell('SEAL-5', 100);
    await make(suite.catalogUrl, `${CATALOG}/productOfferingPrice`, {
      '@type': 'ProductOfferingPrice',
      name: 'Dealer price',
      priceType: 'oneTime',
      price: { unit: 'EUR', value: 80 },
      ...LAUNCHED,
      lifecycleStatus: 'Launched',
      ...forWhom(spec, 'priceList', 'dealers'),
    });
    await make(suite.customers.url, '/tmf-api/customer/v5/customer', {
      '@type': 'Customer',
      name: 'A dealer',
      engagedParty: { '@type': 'PartyRef', id: 'org-1' },
      characteristic: [{ '@type': 'StringCharacteristic', name: 'priceList', value: 'dealers' }],
      externalIdentifier: [
        {
          '@type': 'ExternalIdentifier',
          owner: 's4hana',
          externalIdentifierType: 'customer',
          id: '10100055',
        },
      ],
    });
    const net = async (query: string): Promise<number> =>
      (await api().get(`/api/pricing/customer?part=SEAL-5&${query}`).expect(200)).body.net as number;
    expect(await net('customer=10100055')).toBe(80);
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
    await sell('SEAL-8', 50);
    const quick = await suite.start({ LIVE_DEADLINE: '20ms', LOOKUP_FRESH: '0ms' });
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    erp = { price: () => held.then(() => known({ net: 1 })) };
    try {
      for (let call = 0; call < 60; call += 1) {
        const { body } = await request(quick.url)
          .get('/api/pricing/customer?customer=1&part=SEAL-8')
          .expect(200);
        expect(body).toMatchObject({ net: 50, stale: true, source: 'masterData' });
      }
      // It keeps failing, so it is left alone.
      expect(asked.length).toBeLessThan(60);
    } finally {
      release();
      await quick.close();
    }
  });

  it('an order without prices gets those of the catalog for its customer', async () => {
    await sell('SEAL-9', 10, ['10100001', 50]);
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
    const model = await specification('PRESS-400');
    const next = await specification('RING-B');
    await specification('RING-A', {
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
    await make(suite.inventory.url, PRODUCTS, {
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
    const bolt = await make(suite.inventory.url, PRODUCTS, { '@type': 'Product', name: 'Bolt' });
    const contains = (id: string, amount: number) => ({
      '@type': 'ProductRelationship',
      relationshipType: 'contains',
      id,
      quantity: { amount, units: 'pc' },
    });
    const pump = await make(suite.inventory.url, PRODUCTS, {
      '@type': 'Product',
      name: 'Pump',
      productRelationship: [contains(bolt, 4)],
    });
    await make(suite.inventory.url, PRODUCTS, {
      '@type': 'Product',
      name: 'Press',
      productSerialNumber: 'SN-2',
      productRelationship: [contains(pump, 2)],
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
    erp = { bom: async ({ serial }) => known({ lines: [{ level: 1, part: `of ${String(serial)}` }] }) };
    const { body: live } = await api().get('/api/v2/bom/SN-2').expect(200);
    expect(live).toMatchObject({ source: 'erp', stale: false, lines: [{ part: 'of SN-2' }] });
    erp = {};
    await api().get('/api/bom/NONE').expect(404);
  });
});
