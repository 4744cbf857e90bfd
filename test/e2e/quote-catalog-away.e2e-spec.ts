import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { quoteComponent, quoteSettings } from '@quotebridge/components/quote';
import { loadSettings } from '@quotebridge/platform/config';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import request from 'supertest';
import { eventually } from './support';
import { quoteItem, quoteOf } from './support/quote-bodies';

const V4 = '/tmf-api/quoteManagement/v4/quote';
const V5 = '/tmf-api/quoteManagement/v5/quote';

const DOCUMENTS: Record<string, object> = {
  '/productOffering/pump': {
    '@type': 'ProductOffering',
    id: 'pump',
    name: 'Pump',
    lifecycleStatus: 'Launched',
    productOfferingPrice: [{ '@type': 'ProductOfferingPriceRef', id: 'list' }],
  },
  '/productOfferingPrice/list': {
    '@type': 'ProductOfferingPrice',
    id: 'list',
    name: 'List price',
    lifecycleStatus: 'Launched',
    priceType: 'oneTime',
    price: { unit: 'EUR', value: 12.5 },
  },
};

describe('a quote while the catalog is away', () => {
  let isAway = true;
  let catalog: Server;
  let quotes: RunningComponent;

  beforeAll(async () => {
    catalog = createServer((asked, reply) => {
      const document = DOCUMENTS[asked.url ?? ''];
      reply.writeHead(isAway ? 503 : document === undefined ? 404 : 200).end(JSON.stringify(document ?? {}));
    });
    await new Promise<void>((resolve) => catalog.listen(0, '127.0.0.1', resolve));
    quotes = await startComponent(
      quoteComponent,
      loadSettings(quoteSettings, {
        AUTH: 'off',
        LOG_LEVEL: 'silent',
        DATABASE: `quote-${randomUUID()}`,
        MONGODB_URI: process.env['MONGODB_URI'] ?? '',
        NATS_URL: process.env['NATS_URL'] ?? '',
        CATALOG_URL: `http://127.0.0.1:${(catalog.address() as AddressInfo).port}`,
        REPRICE_INTERVAL: '100ms',
        CATALOG_CACHE_FRESH: '100ms',
      }),
    );
  });
  afterAll(async () => {
    await quotes.close();
    catalog.closeAllConnections();
    await new Promise((resolve) => catalog.close(resolve));
  });

  const api = () => request(quotes.url);
  const body = (instantSyncQuote: boolean) =>
    quoteOf([quoteItem('1', 'pump', { quantity: 4 })], { instantSyncQuote });

  it('is received, not approved, and priced by itself when the catalog is back', async () => {
    const refused = await api().post(V5).send(body(true)).expect(503);
    expect(refused.headers['retry-after']).toBe('5');
    const { body: made } = await api().post(V5).send(body(false)).expect(201);
    expect(made.state).toBe('acknowledged');
    expect((await api().get(`${V4}/${made.id}`).expect(200)).body.state).toBe('inProgress');
    const step = { '@type': 'Quote', state: 'approved' };
    await api().patch(`${V5}/${made.id}`).send(step).expect(409);

    isAway = false;
    const quote = await eventually('its price', async () => {
      const { body: now } = await api().get(`${V5}/${made.id}`);
      return now.state === 'inProgress' && now;
    });
    expect(quote).toMatchObject({
      state: 'inProgress',
      quoteTotalPrice: [{ price: { dutyFreeAmount: { unit: 'EUR', value: 50 } } }],
    });
    await api().patch(`${V5}/${made.id}`).send(step).expect(200);
  });

  it('is priced when the price begins, without any news of the catalog', async () => {
    isAway = false;
    const price = { ...DOCUMENTS['/productOfferingPrice/list'], id: 'next' };
    DOCUMENTS['/productOfferingPrice/next'] = {
      ...price,
      validFor: { startDateTime: '2999-01-01T00:00:00Z' },
    };
    DOCUMENTS['/productOffering/valve'] = {
      ...DOCUMENTS['/productOffering/pump'],
      id: 'valve',
      productOfferingPrice: [{ '@type': 'ProductOfferingPriceRef', id: 'next' }],
    };
    const asked = quoteOf([quoteItem('1', 'valve', { quantity: 2 })]);
    const { body: made } = await api().post(V5).send(asked).expect(201);
    expect(made.quoteItem[0].unpricedReason).toBeDefined();

    DOCUMENTS['/productOfferingPrice/next'] = price;
    const quote = await eventually('its price', async () => {
      const { body: now } = await api().get(`${V5}/${made.id}`);
      return now.quoteTotalPrice?.length > 0 && now;
    });
    expect(quote.quoteTotalPrice[0].price.dutyFreeAmount.value).toBe(25);
  });
});
