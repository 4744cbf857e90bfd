import type { JsonObject } from '@quotebridge/platform/core';
import { eventually } from './support/eventually';
import { SECRET, startStructureSuite, type StructureSuite } from './support/structure-suite';

const V5 = '/tmf-api/quoteManagement/v5/quote';
const V4 = '/tmf-api/quoteManagement/v4/quote';
const ORDERS = '/tmf-api/productOrderingManagement/v5/productOrder';

describe('the structure of a machine on a quote, with access control on', () => {
  let suite: StructureSuite;
  beforeAll(async () => {
    suite = await startStructureSuite();
  }, 120_000);
  afterAll(() => suite.stop());

  type As = StructureSuite['as'];
  const as: As = (...who) => suite.as(...who);
  const make = async (role: Parameters<As>[0]): Promise<string> => {
    const { body, text } = await as(role).post(V5).send(suite.repair).expect(201);
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
      const { body } = await as('engineer', suite.orders).get(`${ORDERS}?quote.id=${id}`).expect(200);
      return (body as JsonObject[])[0];
    });
    expect(order).toMatchObject({ productOrderItem: [{ product: { productRelationship: drive } }] });
    const path = `${ORDERS}/${String(order['id'])}`;
    const seen = await as('clerk', suite.orders).get(path).expect(200);
    expect(seen.text).not.toMatch(SECRET);
    // What he reads and sends back is no change.
    const patch = { '@type': 'ProductOrder', description: 'x', productOrderItem: seen.body.productOrderItem };
    const patched = await as('clerk', suite.orders).patch(path).send(patch).expect(200);
    expect(patched.text).not.toMatch(SECRET);
    const kept = await as('engineer', suite.orders).get(path).expect(200);
    expect(kept.body).toMatchObject({
      description: 'x',
      productOrderItem: [{ product: { productRelationship: drive } }],
    });
  });
});
