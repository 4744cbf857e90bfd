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
  const make = async (resource: string, body: Record<string, unknown>): Promise<string> => {
    const { href: _href, ...rest } = body;
    const made = await catalog()
      .post(`${CATALOG}/${resource}`)
      .send({ lastUpdate: '2026-01-01T00:00:00Z', ...rest, lifecycleStatus: 'Active' });
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
  const told = async (): Promise<unknown> =>
    (await catalog().get(`/views/parts/${part}/price`).expect(200)).body.net;
  const ordered = (version?: string) =>
    request(suite.orders?.url ?? '')
      .post(ORDERS)
      .send({
        '@type': 'ProductOrder',
        productOrderItem: [
          { '@type': 'ProductOrderItem', id: '1', action: 'add', quantity: 1, ...offered(version) },
        ],
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
