import request from 'supertest';
import { eventually } from './support';
import { startOrderingSuite, type OrderingSuite } from './support/ordering-suite';
import { quoteItem, quoteOf } from './support/quote-bodies';

const CATALOG = '/tmf-api/productCatalogManagement/v5';
const QUOTES = '/tmf-api/quoteManagement/v5/quote';
const ORDERS = '/tmf-api/productOrderingManagement/v5/productOrder';

describe('an offering whose next version is prepared', () => {
  let suite: OrderingSuite;
  let drill: string;
  let part: string;

  beforeAll(async () => {
    suite = await startOrderingSuite();
    drill = await suite.offer('Drill', 80);
    const first = (await catalog().get(`${CATALOG}/productOffering/${drill}`).expect(200)).body;
    part = first.productSpecification.id;
    const dearer = await make('productOfferingPrice', {
      '@type': 'ProductOfferingPrice',
      name: 'Drill 2',
      priceType: 'oneTime',
      price: { unit: 'EUR', value: 95 },
    });
    await make('productOffering', {
      ...first,
      version: '2.0',
      productOfferingPrice: [{ '@type': 'ProductOfferingPriceRef', id: dearer }],
    });
  });
  afterAll(() => suite.stop());

  const catalog = () => request(suite.catalog.url);
  const make = async (
    resource: string,
    body: Record<string, unknown>,
    lifecycleStatus = 'Active',
  ): Promise<string> => {
    const { href: _href, ...rest } = body;
    const made = await catalog()
      .post(`${CATALOG}/${resource}`)
      .send({ lastUpdate: '2026-01-01T00:00:00Z', ...rest, lifecycleStatus });
    expect([made.status, made.body.message]).toEqual([201, undefined]);
    return made.body.id as string;
  };
  const offered = (version?: string) => ({
    productOffering: { '@type': 'ProductOfferingRef', id: drill, ...(version && { version }) },
  });
  const priced = async (version?: string): Promise<unknown> => {
    const body = quoteOf([quoteItem('1', drill, { quantity: 1, ...offered(version) })], {
      instantSyncQuote: true,
    });
    const { quoteItem: items } = (await request(suite.quotes.url).post(QUOTES).send(body).expect(201)).body;
    return items[0].unpricedReason?.code ?? items[0].quoteItemPrice[0].price.dutyFreeAmount.value;
  };
  const toldOf = async (one: string, customer = ''): Promise<unknown> =>
    (await catalog().get(`/views/parts/${one}/price?customer=${customer}`).expect(200)).body.net;
  const told = (): Promise<unknown> => toldOf(part);
  const offer = async (name: string): Promise<{ id: string; part: string }> => {
    const id = await suite.offer(name, 80);
    const { body } = await catalog().get(`${CATALOG}/productOffering/${id}`).expect(200);
    return { id, part: body.productSpecification.id as string };
  };
  const ordered = (version?: string) =>
    request(suite.orders?.url ?? '')
      .post(ORDERS)
      .send({
        '@type': 'ProductOrder',
        productOrderItem: [
          { '@type': 'ProductOrderItem', id: '1', action: 'add', quantity: 1, ...offered(version) },
        ],
      });

  it('has the discounts of the price that is on sale, not those of the one that is prepared', async () => {
    const { id: saw, part: sold } = await offer('Saw');
    const { productOfferingPrice } = (await catalog().get(`${CATALOG}/productOffering/${saw}`)).body;
    const { body: price } = await catalog().get(
      `${CATALOG}/productOfferingPrice/${productOfferingPrice[0].id}`,
    );
    const half = await make('productOfferingPrice', {
      '@type': 'ProductOfferingPrice',
      name: 'Half',
      priceType: 'discount',
      percentage: 50,
    });
    const popRelationship = [
      { '@type': 'ProductOfferingPriceRelationship', id: half, relationshipType: 'discount' },
    ];
    await make('productOfferingPrice', { ...price, version: '2.0', popRelationship }, 'In Study');
    expect(await toldOf(sold)).toBe(80);
  });

  it('has no price of which only the version that is prepared is for it', async () => {
    const [saw, axe] = [await offer('Saw'), await offer('Axe')];
    const use = (id: string) => ({
      '@type': 'ProductSpecificationCharacteristicValueUse',
      name: 'customer',
      productSpecCharacteristicValue: [{ '@type': 'StringCharacteristicValueSpecification', value: 'c-1' }],
      productSpecification: { '@type': 'ProductSpecificationRef', id },
    });
    const agreed = {
      '@type': 'ProductOfferingPrice',
      name: 'Agreed',
      priceType: 'oneTime',
      price: { unit: 'EUR', value: 5 },
    };
    const id = await make('productOfferingPrice', { ...agreed, prodSpecCharValueUse: [use(axe.part)] });
    const both = [use(axe.part), use(saw.part)];
    const next = { ...agreed, id, version: '2.0', prodSpecCharValueUse: both };
    await make('productOfferingPrice', next, 'In Study');
    expect([await toldOf(axe.part, 'c-1'), await toldOf(saw.part, 'c-1')]).toEqual([5, 80]);
  });

  it('has the price in the version that it names, however it names it', async () => {
    const { id: bow, part: sold } = await offer('Bow');
    const priced = { '@type': 'ProductOfferingPrice', name: 'Bow', priceType: 'oneTime' };
    const id = await make('productOfferingPrice', { ...priced, price: { unit: 'EUR', value: 70 } });
    const later = { ...priced, id, price: { unit: 'EUR', value: 95 } };
    await make('productOfferingPrice', { ...later, version: '2.0' });
    const toldFor = async (reference: Record<string, unknown>): Promise<unknown> => {
      const productOfferingPrice = [{ '@type': 'ProductOfferingPriceRef', ...reference }];
      const body = { '@type': 'ProductOffering', productOfferingPrice };
      await catalog().patch(`${CATALOG}/productOffering/${bow}`).send(body).expect(200);
      return toldOf(sold);
    };
    expect(await toldFor({ id, version: '1.0' })).toBe(70);
    expect(await toldFor({ id: `${id}:(version=1.0)` })).toBe(70);
    expect(await toldFor({ id })).toBe(95);
    await make('productOfferingPrice', { ...later, version: '3.0' }, 'In Study');
    expect([await toldFor({ id, version: '2.0' }), await toldFor({ id })]).toEqual([95, 95]);
  });

  it('is sold as it was: quoted, told and ordered', async () => {
    expect([await priced(), await told()]).toEqual([80, 80]);
    await ordered().expect(201);
  });

  it('is not sold in the version that is prepared, nor in one that does not exist', async () => {
    expect([await priced('2.0'), await priced('3.0')]).toEqual(['notSellable', 'missingOffering']);
    const [soon, never] = [await ordered('2.0'), await ordered('3.0')];
    expect([soon.status, never.status]).toEqual([422, 422]);
    expect(never.body.message).toContain(`${drill}:(version=3.0)`);
  });

  it('is sold in the new version once that is launched, and in the old one to whoever names it', async () => {
    await catalog()
      .patch(`${CATALOG}/productOffering/${drill}`)
      .send({ '@type': 'ProductOffering', lifecycleStatus: 'Launched' })
      .expect(200);
    await eventually('the new price', async () => (await priced()) === 95);
    expect([await told(), await priced('1.0'), await priced('2.0')]).toEqual([95, 80, 95]);
    await ordered('1.0').expect(201);
  });

  it('is not sold any more once its latest version is retired', async () => {
    await catalog()
      .patch(`${CATALOG}/productOffering/${drill}`)
      .send({ '@type': 'ProductOffering', lifecycleStatus: 'Retired' })
      .expect(200);
    await eventually('the end of the sale', async () => (await priced()) === 'notSellable');
    await catalog().get(`/views/parts/${part}/price`).expect(404);
  });
});
