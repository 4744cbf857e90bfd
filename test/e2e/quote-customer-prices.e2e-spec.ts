import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { quoteComponent, quoteSettings } from '@quotebridge/components/quote';
import { loadSettings } from '@quotebridge/platform/config';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import request from 'supertest';
import { eventually, startMongo, startNats, type TestMongo, type TestNats } from './support';
import { quoteItem, quoteOf } from './support/quote-bodies';

const CATALOG = '/tmf-api/productCatalogManagement/v5';
const QUOTES = '/tmf-api/quoteManagement/v5/quote';

describe('quotes and the prices of customers', () => {
  let mongodb: TestMongo;
  let nats: TestNats;
  let catalog: RunningComponent;
  let quotes: RunningComponent;
  let part: string;
  let offering: string;

  const store = async (resource: string, body: object): Promise<string> => {
    const made = await request(catalog.url)
      .post(`${CATALOG}/${resource}`)
      .send({ lifecycleStatus: 'Launched', lastUpdate: '2026-01-01T00:00:00Z', ...body });
    expect([made.status, made.body.message]).toEqual([201, undefined]);
    return made.body.id as string;
  };
  const use = (name: string, value: string) => ({
    '@type': 'ProductSpecificationCharacteristicValueUse',
    name,
    productSpecCharacteristicValue: [{ '@type': 'StringCharacteristicValueSpecification', value }],
    productSpecification: { '@type': 'ProductSpecificationRef', id: part },
  });
  const price = (name: string, value: number, uses: readonly object[] = [], more: object = {}) =>
    store('productOfferingPrice', {
      '@type': 'ProductOfferingPrice',
      name,
      priceType: 'oneTime',
      price: { unit: 'EUR', value },
      prodSpecCharValueUse: uses,
      ...more,
    });
  const body = (customer: string) =>
    quoteOf([quoteItem('1', offering, { quantity: 3 })], {
      instantSyncQuote: true,
      relatedParty: [
        {
          '@type': 'RelatedPartyOrPartyRole',
          role: 'customer',
          partyOrPartyRole: { '@type': 'PartyRef', id: customer },
        },
      ],
    });
  const quoteFor = async (customer: string, more: object = {}) =>
    (
      await request(quotes.url)
        .post(QUOTES)
        .send({ ...body(customer), ...more })
        .expect(201)
    ).body;
  const netOf = (quote: { quoteTotalPrice: { price: { dutyFreeAmount: { value: number } } }[] }) =>
    quote.quoteTotalPrice.map((total) => total.price.dutyFreeAmount.value);
  const told = async (query: string) =>
    (await request(catalog.url).get(`/views/parts/${part}/price?quantity=3&${query}`).expect(200)).body
      .net as number;

  beforeAll(async () => {
    [mongodb, nats] = await Promise.all([startMongo(), startNats()]);
    const env = { AUTH: 'off', LOG_LEVEL: 'error', MONGODB_URI: mongodb.uri, NATS_URL: nats.url };
    catalog = await startComponent(
      productCatalog,
      loadSettings(productCatalogSettings, { ...env, DATABASE: mongodb.database('catalog') }),
    );
    quotes = await startComponent(
      quoteComponent,
      loadSettings(quoteSettings, {
        ...env,
        DATABASE: mongodb.database('quote'),
        CATALOG_URL: `${catalog.url}${CATALOG}`,
      }),
    );
    part = await store('productSpecification', { '@type': 'ProductSpecification', name: 'Seal' });
    const list = await price('list', 9.99);
    offering = await store('productOffering', {
      '@type': 'ProductOffering',
      name: 'Seal',
      productSpecification: { '@type': 'ProductSpecificationRef', id: part },
      productOfferingPrice: [{ '@type': 'ProductOfferingPriceRef', id: list }],
    });
    await price('dealers', 8.88, [use('priceList', 'dealers')]);
    await price('agreed', 7.77, [use('customer', 'c-1')]);
    await price('of another', 1, [use('customer', 'c-2')]);
    await store('productOfferingPrice', {
      '@type': 'ProductOfferingPrice',
      name: 'Bonus',
      priceType: 'discount',
      percentage: 2.5,
      prodSpecCharValueUse: [use('priceList', 'dealers')],
    });
  });
  afterAll(async () => {
    await quotes.close();
    await catalog.close();
    await nats.stop();
    await mongodb.stop();
  });

  it('cost what the customer is told, say why, and keep it once they are approved', async () => {
    const agreed = await quoteFor('c-1');
    expect(netOf(agreed)).toEqual([23.31]);
    expect(await told('customer=c-1')).toBe(23.31);
    const texts = (quote: { quoteItem: { priceExplanation: { text: string }[] }[] }) =>
      quote.quoteItem[0]?.priceExplanation.map(({ text }) => text).join('\n');
    expect(texts(agreed)).toContain('agreed with customer c-1');
    const dealer = await quoteFor('c-9', { priceList: 'dealers' });
    expect(netOf(dealer)).toEqual([25.97]);
    expect(await told('customer=c-9&priceList=dealers')).toBe(25.97);
    expect(texts(dealer)).toMatch(/price list dealers[^]*Discount 'Bonus': 2.5 % \(price list dealers\)/);
    expect(netOf(await quoteFor('c-9'))).toEqual([29.97]);

    const approved = await request(quotes.url)
      .patch(`${QUOTES}/${agreed.id}`)
      .send({ '@type': 'Quote', state: 'approved' })
      .expect(200);
    const since = { validFor: { startDateTime: '2026-01-02T00:00:00Z' } };
    await price('better', 5, [use('customer', 'c-1')], since);
    await eventually('the new price in a new quote', async () => netOf(await quoteFor('c-1'))[0] === 15);
    const accepted = await request(quotes.url)
      .patch(`${QUOTES}/${agreed.id}`)
      .send({ '@type': 'Quote', state: 'accepted' })
      .expect(200);
    expect(accepted.body.quoteItem[0].quoteItemPrice).toEqual(approved.body.quoteItem[0].quoteItemPrice);
    expect(netOf(accepted.body)).toEqual([23.31]);
  });

  it('change with their customer, and never show what others agreed', async () => {
    const made = await quoteFor('c-9');
    const changed = await request(quotes.url)
      .patch(`${QUOTES}/${made.id}`)
      .send({ '@type': 'Quote', relatedParty: body('c-2').relatedParty })
      .expect(200);
    expect(netOf(changed.body)).toEqual([3]);
    const seen = await request(catalog.url)
      .get(`/views/offerings/${offering}/prices?customer=c-9`)
      .expect(200);
    expect(seen.body.prices.map(({ name }: { name: string }) => name).sort()).toEqual([
      'Bonus',
      'dealers',
      'list',
    ]);
    await request(catalog.url).get('/views/offerings/none/prices').expect(404);
  });
});
