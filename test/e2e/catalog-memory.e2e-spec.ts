import { randomUUID } from 'node:crypto';
import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { quoteComponent, quoteSettings } from '@quotebridge/components/quote';
import { loadSettings } from '@quotebridge/platform/config';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import request from 'supertest';
import { eventually, startNats, type TestNats } from './support';
import { quoteItem, quoteOf } from './support/quote-bodies';

const CATALOG = '/tmf-api/productCatalogManagement/v5';
const QUOTE = '/tmf-api/quoteManagement/v5/quote';
const BASE = { lastUpdate: '2026-01-01T00:00:00Z' };

describe('what replicas of the quote component remember of the catalog', () => {
  let nats: TestNats;
  let catalog: RunningComponent;
  let replicas: RunningComponent[];

  beforeAll(async () => {
    nats = await startNats();
    const run = randomUUID();
    const env = (more: Record<string, string>) => ({
      AUTH: 'off',
      LOG_LEVEL: 'error',
      MONGODB_URI: process.env['MONGODB_URI'] ?? '',
      NATS_URL: nats.url,
      ...more,
    });
    catalog = await startComponent(
      productCatalog,
      loadSettings(productCatalogSettings, env({ DATABASE: `catalog-${run}` })),
    );
    const settings = loadSettings(
      quoteSettings,
      env({ DATABASE: `quote-${run}`, CATALOG_URL: `${catalog.url}${CATALOG}`, CATALOG_CACHE_FRESH: '1h' }),
    );
    replicas = [
      await startComponent(quoteComponent, settings),
      await startComponent(quoteComponent, settings),
    ];
  });
  afterAll(async () => {
    for (const component of [...replicas, catalog]) await component.close();
    await nats.stop();
  });

  const put = async (resource: string, body: object): Promise<string> =>
    (
      await request(catalog.url)
        .post(`${CATALOG}/${resource}`)
        .send({ ...BASE, ...body })
        .expect(201)
    ).body.id;

  const netOf = async (replica: RunningComponent, id: string): Promise<unknown> => {
    const made = await request(replica.url)
      .post(QUOTE)
      .send(quoteOf([quoteItem('1', id, { quantity: 1 })]))
      .expect(201);
    return made.body.quoteItem[0].quoteItemPrice[0]?.price.dutyFreeAmount.value;
  };

  it('is true on each of them after an event, however long it may be kept', async () => {
    const name = 'Filter';
    const spec = await put('productSpecification', {
      '@type': 'ProductSpecification',
      name,
      lifecycleStatus: 'Active',
    });
    const price = await put('productOfferingPrice', {
      '@type': 'ProductOfferingPrice',
      name,
      lifecycleStatus: 'Active',
      priceType: 'oneTime',
      price: { unit: 'EUR', value: 100 },
    });
    const offering = await put('productOffering', {
      '@type': 'ProductOffering',
      name,
      lifecycleStatus: 'Launched',
      productSpecification: { '@type': 'ProductSpecificationRef', id: spec },
      productOfferingPrice: [{ '@type': 'ProductOfferingPriceRef', id: price }],
    });
    const nets = () => Promise.all(replicas.map((replica) => netOf(replica, offering)));
    expect(await nets()).toEqual([100, 100]);
    await request(catalog.url)
      .patch(`${CATALOG}/productOfferingPrice/${price}`)
      .send({ price: { unit: 'EUR', value: 120 } })
      .expect(200);
    await eventually('both replicas to know the new price', async () =>
      (await nets()).every((net) => net === 120),
    );
  });
});
