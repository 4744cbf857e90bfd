import { productInventory, productInventorySettings } from '@quotebridge/components/product-inventory';
import { productOrderComponent, productOrderSettings } from '@quotebridge/components/product-order';
import { quoteComponent, quoteSettings } from '@quotebridge/components/quote';
import { loadSettings } from '@quotebridge/platform/config';
import type { JsonObject } from '@quotebridge/platform/core';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import request from 'supertest';
import { eventually } from './support/eventually';
import { startOrderingSuite, type OrderingSuite } from './support/ordering-suite';
import { quoteItem, quoteOf } from './support/quote-bodies';
import { startTokenIssuer, type TokenIssuer } from './support/token-issuer';

const V5 = '/tmf-api/quoteManagement/v5/quote';
const V4 = '/tmf-api/quoteManagement/v4/quote';
const ORDERS = '/tmf-api/productOrderingManagement/v5/productOrder';
const SECRET = /Secret drive|productStructure|productRelationship|SN-1 is|Press 400/;

/** What each may do; `clerk` has everything of quotes and orders, and nothing of products. */
const SCOPES = {
  clerk: 'quote:* productOrder:*',
  engineer: 'quote:* productOrder:* product:read',
};

describe('the structure of a machine on a quote, with access control on', () => {
  const closers: (() => Promise<unknown>)[] = [];
  let suite: OrderingSuite;
  let issuer: TokenIssuer;
  let quotes: RunningComponent;
  let orders: RunningComponent;
  let sold: string;
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    [suite, issuer] = await Promise.all([startOrderingSuite({ ordersHere: false }), startTokenIssuer()]);
    closers.push(
      () => suite.stop(),
      async () => issuer.stop(),
    );
    for (const [sub, scope] of Object.entries(SCOPES)) tokens.set(sub, await issuer.token({ sub, scope }));
    sold = await suite.offer('Repair', 100);
    const inventory = await startComponent(
      productInventory,
      loadSettings(productInventorySettings, { ...suite.orderEnv, DATABASE: suite.mongo.database('stock') }),
    );
    closers.push(() => inventory.close());
    const product = async (body: object): Promise<string> => {
      const answer = await request(inventory.url)
        .post('/tmf-api/productInventory/v5/product')
        .send({ '@type': 'Product', status: 'active', ...body })
        .expect(201);
      return answer.body.id as string;
    };
    const drive = await product({ name: 'Secret drive' });
    await product({
      name: 'Press 400',
      productSerialNumber: 'SN-1',
      productRelationship: [
        { '@type': 'ProductRelationship', relationshipType: 'contains', id: drive, quantity: { amount: 1 } },
      ],
    });
    const guarded = { ...suite.orderEnv, ...issuer.env, AUTH: 'on' };
    quotes = await startComponent(
      quoteComponent,
      loadSettings(quoteSettings, {
        ...guarded,
        DATABASE: suite.databases.quote,
        INVENTORY_URL: inventory.url,
        INVENTORY_DEADLINE: '10s',
      }),
    );
    closers.push(() => quotes.close());
    orders = await startComponent(productOrderComponent, loadSettings(productOrderSettings, guarded));
    closers.push(() => orders.close());
  }, 120_000);
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  const as = (role: keyof typeof SCOPES, { url } = quotes) =>
    request.agent(url).set('Authorization', `Bearer ${tokens.get(role) ?? ''}`);
  const repair = (more: object = {}) =>
    quoteItem('1', sold, { product: { '@type': 'Product', productSerialNumber: 'SN-1' }, ...more });
  const make = async (role: keyof typeof SCOPES): Promise<string> => {
    const { body, text } = await as(role)
      .post(V5)
      .send(quoteOf([repair()]))
      .expect(201);
    if (role === 'clerk') expect(text).not.toMatch(SECRET);
    return body.id as string;
  };
  const parts = async (id: string): Promise<unknown> => {
    const { body } = await as('engineer').get(`${V5}/${id}`).expect(200);
    const [item] = body.quoteItem as JsonObject[];
    return (item?.['product'] as JsonObject)['productRelationship'];
  };
  const drive = [expect.objectContaining({ name: 'Secret drive' })];

  it('is seen by who may read products, and by nobody else, whoever made the quote', async () => {
    for (const maker of ['engineer', 'clerk'] as const) {
      const id = await make(maker);
      expect(await parts(id)).toEqual(drive);
      for (const path of [
        `${V5}/${id}`,
        `${V4}/${id}`,
        `${V5}?id=${id}`,
        `${V4}?id=${id}`,
        `${V5}/${id}?fields=quoteItem.product`,
        `${V5}?id=${id}&fields=quoteItem.product.productRelationship.name`,
      ]) {
        const { text } = await as('clerk').get(path).expect(200);
        expect(text).not.toMatch(SECRET);
      }
    }
  });

  it('cannot be found out by filters, orders and JSON paths', async () => {
    const id = await make('engineer');
    const name = 'quoteItem.product.productRelationship.name';
    for (const question of [
      `${name}=Secret drive`,
      `sort=-${name}`,
      `filter=quoteItem[?(@.product.productRelationship.name=='Secret drive')]`,
      `filter=$[?(@.quoteItem[0].product.productRelationship[0].name=='Secret drive')]`,
    ]) {
      const { text } = await as('clerk')
        .get(`${V5}?${encodeURI(question)}`)
        .expect((answer) => expect([400, 501]).toContain(answer.status));
      expect(text).not.toContain(id);
    }
    const found = await as('engineer')
      .get(`${V5}?${encodeURI(`${name}=Secret drive`)}`)
      .expect(200);
    expect(found.body.map((quote: { id: string }) => quote.id)).toContain(id);
  });

  it.each([
    ['v5', V5, { '@type': 'Quote' }],
    ['v4', V4, {}],
  ])('is neither lost nor gained by who cannot see it, in %s', async (_version, path, type) => {
    const id = await make('engineer');
    const { body: read } = await as('clerk').get(`${path}/${id}`).expect(200);
    const more = read.quoteItem.map((item: object) => ({ ...item, quantity: 3 }));
    const changed = await as('clerk')
      .patch(`${path}/${id}`)
      .send({ ...type, quoteItem: more })
      .expect(200);
    expect(changed.body.quoteItem).toMatchObject([{ quantity: 3 }]);
    expect(changed.text).not.toMatch(SECRET);
    expect(await parts(id)).toEqual(drive);
    const own = [{ ...more[0], product: { ...more[0].product, productRelationship: [] } }];
    const refused = await as('clerk')
      .patch(`${path}/${id}`)
      .send({ ...type, quoteItem: own });
    expect(refused.status).toBe(403);
    expect(refused.body.message).toContain('product:read');
    expect(await parts(id)).toEqual(drive);
  });

  it('cannot be guessed by a JSON Patch', async () => {
    const id = await make('engineer');
    await as('clerk')
      .patch(`${V5}/${id}`)
      .set('Content-Type', 'application/json-patch+json')
      .send([
        { op: 'test', path: '/quoteItem/0/product/productRelationship/0/name', value: 'Secret drive' },
        { op: 'add', path: '/description', value: 'x' },
      ])
      .expect((answer) => expect([409, 422]).toContain(answer.status));
    await as('clerk').delete(`${V5}/${id}`).expect(204);
  });

  it('is on the order of the quote, for the same eyes', async () => {
    const id = await make('clerk');
    for (const state of ['approved', 'accepted'])
      await as('clerk').patch(`${V5}/${id}`).send({ '@type': 'Quote', state }).expect(200);
    const order = await eventually('the order of the quote', async () => {
      const { body } = await as('engineer', orders).get(`${ORDERS}?quote.id=${id}`).expect(200);
      return (body as JsonObject[])[0];
    });
    expect(order).toMatchObject({ productOrderItem: [{ product: { productRelationship: drive } }] });
    const path = `${ORDERS}/${String(order['id'])}`;
    const seen = await as('clerk', orders).get(path).expect(200);
    expect(seen.text).not.toMatch(SECRET);
    // What he reads and sends back is no change.
    const patch = { '@type': 'ProductOrder', description: 'x', productOrderItem: seen.body.productOrderItem };
    const patched = await as('clerk', orders).patch(path).send(patch).expect(200);
    expect(patched.text).not.toMatch(SECRET);
    const kept = await as('engineer', orders).get(path).expect(200);
    expect(kept.body).toMatchObject({
      description: 'x',
      productOrderItem: [{ product: { productRelationship: drive } }],
    });
  });
});
