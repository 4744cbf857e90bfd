import { productInventory, productInventorySettings } from '@quotebridge/components/product-inventory';
import { loadSettings } from '@quotebridge/platform/config';
import type { JsonObject } from '@quotebridge/platform/core';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import request from 'supertest';
import { freePort } from './support';
import { eventually } from './support/eventually';
import { startOrderingSuite, type OrderingSuite } from './support/ordering-suite';
import { quoteItem, quoteOf } from './support/quote-bodies';

const QUOTES = '/tmf-api/quoteManagement/v5/quote';
const PRODUCTS = '/tmf-api/productInventory/v5/product';

describe('a machine that the inventory does not know when it is quoted', () => {
  const closers: (() => Promise<unknown>)[] = [];
  let suite: OrderingSuite;
  let inventory: RunningComponent;
  let sold: string;

  beforeAll(async () => {
    const port = await freePort();
    suite = await startOrderingSuite({
      ordersHere: false,
      quoteEnv: () => ({
        INVENTORY_URL: `http://127.0.0.1:${port}`,
        INVENTORY_DEADLINE: '10s',
        REPRICE_INTERVAL: '100ms',
      }),
    });
    closers.push(() => suite.stop());
    inventory = await startComponent(
      productInventory,
      loadSettings(productInventorySettings, {
        ...suite.orderEnv,
        PORT: String(port),
        DATABASE: suite.mongo.database('inventory'),
      }),
    );
    closers.push(() => inventory.close());
    sold = await suite.offer('Repair', 100);
  }, 120_000);
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  const product = async (body: object): Promise<string> => {
    const answer = await request(inventory.url)
      .post(PRODUCTS)
      .send({ '@type': 'Product', status: 'active', ...body })
      .expect(201);
    return answer.body.id as string;
  };
  /** A machine with that serial number comes into the inventory; gives its id. */
  const appear = async (productSerialNumber: string): Promise<string> => {
    const drive = await product({ name: `Drive of ${productSerialNumber}` });
    const contains = { '@type': 'ProductRelationship', relationshipType: 'contains', id: drive };
    return product({ name: 'Press', productSerialNumber, productRelationship: [contains] });
  };
  const quote = async (...serials: string[]): Promise<string> => {
    const items = serials.map((productSerialNumber, index) =>
      quoteItem(String(index + 1), sold, { product: { '@type': 'Product', productSerialNumber } }),
    );
    const { body } = await request(suite.quotes.url).post(QUOTES).send(quoteOf(items)).expect(201);
    expect(new Set(statuses(body as JsonObject))).toEqual(new Set(['unknown']));
    return body.id as string;
  };
  const statuses = (json: JsonObject): unknown[] =>
    (json['quoteItem'] as JsonObject[]).map((item) => (item['productStructure'] as JsonObject)['status']);
  const read = async (id: string) => {
    const { body, headers } = await request(suite.quotes.url).get(`${QUOTES}/${id}`).expect(200);
    return { body: body as JsonObject, etag: String(headers['etag']) };
  };
  const whenStatusesAre = (id: string, ...expected: string[]) =>
    eventually(`${expected.join()} of ${id}`, async () => {
      const found = await read(id);
      return JSON.stringify(statuses(found.body)) === JSON.stringify(expected) && found;
    });

  it('is completed when it appears there, by itself, and only once', async () => {
    const id = await quote('LATE-1', 'LATE-2');
    expect((await read(id)).body['unknownProduct']).toEqual(['serialNumber/LATE-1', 'serialNumber/LATE-2']);
    const machine = await appear('LATE-1');
    const first = await whenStatusesAre(id, 'attached', 'unknown');
    expect(first.body).toMatchObject({
      unknownProduct: ['serialNumber/LATE-2'],
      quoteItem: [
        { product: { productSerialNumber: 'LATE-1', productRelationship: [{ name: 'Drive of LATE-1' }] } },
        {},
      ],
    });
    // What changes of it afterwards, and what else appears, is not the quote's.
    await request(inventory.url)
      .patch(`${PRODUCTS}/${machine}`)
      .send({ '@type': 'Product', name: 'Press X' })
      .expect(200);
    const other = await quote('LATE-3');
    await appear('LATE-3');
    await whenStatusesAre(other, 'attached');
    expect((await read(id)).etag).toBe(first.etag);
    await appear('LATE-2');
    const whole = await whenStatusesAre(id, 'attached', 'attached');
    expect(whole.body['unknownProduct']).toBeUndefined();
  });

  it('is completed when a product that is there gets the serial number', async () => {
    const part = await product({ name: 'Drive' });
    const contains = { '@type': 'ProductRelationship', relationshipType: 'contains', id: part };
    const machine = await product({ name: 'Press', productRelationship: [contains] });
    const id = await quote('NAMED-LATER');
    await request(inventory.url)
      .patch(`${PRODUCTS}/${machine}`)
      .send({ '@type': 'Product', productSerialNumber: 'NAMED-LATER' })
      .expect(200);
    await whenStatusesAre(id, 'attached');
  });

  it('stays as it was quoted on a quote that is frozen', async () => {
    const frozen = await quote('FROZEN-1');
    await request(suite.quotes.url)
      .patch(`${QUOTES}/${frozen}`)
      .send({ '@type': 'Quote', state: 'approved' })
      .expect(200);
    const before = await read(frozen);
    const open = await quote('FROZEN-1');
    await appear('FROZEN-1');
    await whenStatusesAre(open, 'attached');
    expect(await read(frozen)).toEqual(before);
  });
});
