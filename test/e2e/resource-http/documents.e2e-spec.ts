import { CATALOG_V4, CATALOG_V5, startCatalogApi, type CatalogApi } from '../support/catalog-api';

/** What a page or a style sheet loads. */
const LOADED = /(?:\b(?:src|href)=|url\()["']?([^"')\s>]+)/g;

describe('the documents of an API', () => {
  let catalog: CatalogApi;
  beforeAll(async () => {
    catalog = await startCatalogApi();
  });
  afterAll(() => catalog?.stop());

  it.each([
    [CATALOG_V4, '4.1'],
    [CATALOG_V5, '5.0'],
  ])(
    'below %s are its OpenAPI document, whole in itself, and a page that shows it',
    async (base, version) => {
      const { body } = await catalog.api().get(`${base}/openapi`).expect(200);
      expect(body).toMatchObject({
        openapi: expect.stringMatching(/^3\./),
        servers: [{ url: expect.any(String) }],
      });
      expect(body.info.version).toContain(version);
      const references = [...JSON.stringify(body).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target);
      expect(references.filter((target) => !target?.startsWith('#/components/'))).toEqual([]);
      const page = await catalog
        .api()
        .get(`${base}/docs`)
        .expect(200)
        .expect('content-type', /text\/html/);
      expect(page.text).toContain(body.info.title);
    },
  );

  it.each([CATALOG_V4, CATALOG_V5])('below %s: the page loads nothing from elsewhere', async (base) => {
    const page = await catalog.api().get(`${base}/docs`).expect(200);
    const loaded = [...page.text.matchAll(LOADED)].map(([, address = '']) => address);
    expect(loaded.filter((address) => !address.startsWith('docs/'))).toEqual([]);
    for (const address of loaded) {
      const asset = await catalog.api().get(`${base}/${address}`).expect(200);
      expect(asset.headers['content-type']).toMatch(/css|javascript|png/);
      if (!address.endsWith('.css')) continue;
      const inside = [...asset.text.matchAll(LOADED)].map(([, inner = '']) => inner);
      expect(inside.filter((inner) => !inner.startsWith('data:'))).toEqual([]);
    }
    const start = await catalog.api().get(`${base}/docs/start.js`).expect(200);
    // The document beside it, and no badge of a validator on the internet.
    expect(start.text).toContain("url: 'openapi'");
    expect(start.text).toContain('validatorUrl: null');
    // Were anything else asked for, the browser would refuse it.
    expect(page.headers['content-security-policy']).toMatch(/default-src 'self';.*script-src 'self'/);
  });
});
