import request from 'supertest';
import { productInventory, productInventorySettings } from '@quotebridge/components/product-inventory';
import { startComponentSuite, type ComponentSuite } from './support/component-suite';

const PREFIX = '/deals-product-inventory';
const PUBLIC_URL = `https://api.example.com${PREFIX}`;

describe.each(['v4', 'v5'])('a component with a public address that has a path, in %s', (version) => {
  const base = `/tmf-api/productInventory/${version}`;
  let suite: ComponentSuite;
  beforeAll(async () => {
    suite = await startComponentSuite(productInventory, productInventorySettings, { PUBLIC_URL });
  });
  afterAll(() => suite?.close());

  it('answers below the path and without it, with links below it, also in events', async () => {
    const { url } = suite.component;
    const made = await request(url)
      .post(`${PREFIX}${base}/product`)
      .send({ '@type': 'Product', name: 'Press line 2', status: 'active' })
      .expect(201);
    const href = `${PUBLIC_URL}${base}/product/${made.body.id}`;
    expect([made.body.href, made.headers['location']]).toEqual([href, href]);
    for (const path of [base, `${PREFIX}${base}`]) {
      const { body } = await request(url).get(`${path}/product/${made.body.id}`).expect(200);
      expect(body.href).toBe(href);
    }
    await request(url)
      .post(`${PREFIX}${base}/product`)
      .send({ '@type': 'Product', name: 'B', status: 'active' });
    const list = await request(url).get(`${PREFIX}${base}/product?limit=1&fields=name`);
    expect(list.headers['link']).toContain(`<${PUBLIC_URL}${base}/product?`);
    const { event } = await suite.event('ProductCreateEvent', made.body.id);
    expect(event['product']?.['href']).toBe(
      `${PUBLIC_URL}/tmf-api/productInventory/v5/product/${made.body.id}`,
    );
  });

  it('tells everybody at its base path what it is, as the conformance kit of ODA components asks', async () => {
    for (const path of [base, `${base}/`, `${PREFIX}${base}`, `${PREFIX}${base}/`]) {
      const { body } = await request(suite.component.url).get(path).expect(200);
      expect(body).toMatchObject({
        links: { self: `${PUBLIC_URL}${base}`, docs: `${PUBLIC_URL}${base}/docs` },
      });
      await request(suite.component.url).post(path).send({}).expect(405);
    }
    const openapi = await request(suite.component.url).get(`${PREFIX}${base}/openapi`).expect(200);
    expect(openapi.body.servers).toEqual([{ url: `${PUBLIC_URL}${base}` }]);
    await request(suite.component.url).get(`${PREFIX}/health/ready`).expect(200);
    await request(suite.component.url).get(`${PREFIX}s${base}`).expect(404);
  });
});
