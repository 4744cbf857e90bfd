import { randomUUID } from 'node:crypto';
import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import request from 'supertest';
import { startComponentSuite, type ComponentSuite } from './support/component-suite';

const BASE = '/tmf-api/productCatalogManagement';
const VERSIONS = ['v4', 'v5'] as const;

type Version = (typeof VERSIONS)[number];
type Resource = 'productOffering' | 'productOfferingPrice' | 'productSpecification' | 'category';

const priceRef = (id: string) => ({ '@type': 'ProductOfferingPriceRef', id });

const typeOf = (resource: string): string => resource.charAt(0).toUpperCase() + resource.slice(1);

describe('what goes on sale', () => {
  let suite: ComponentSuite;

  beforeAll(async () => {
    suite = await startComponentSuite(productCatalog, productCatalogSettings);
  });
  afterAll(() => suite?.close());

  const api = () => request(suite.component.url);

  const post = (version: Version, resource: Resource, body: object, query = '') =>
    api()
      .post(`${BASE}/${version}/${resource}${query}`)
      .send({
        ...(version === 'v5'
          ? { '@type': typeOf(resource), lifecycleStatus: 'In Study', lastUpdate: '2026-01-01T00:00:00Z' }
          : {}),
        name: 'Pump',
        ...body,
      });

  const patch = (version: Version, resource: Resource, id: string, body: object, query = '') =>
    api()
      .patch(`${BASE}/${version}/${resource}/${id}${query}`)
      .send({ ...(version === 'v5' ? { '@type': typeOf(resource) } : {}), ...body });

  const made = async (resource: Resource, body: object = {}): Promise<string> =>
    (await post('v5', resource, body).expect(201)).body.id as string;

  const specification = () => made('productSpecification', { lifecycleStatus: 'Launched' });
  const price = (more: object = {}) =>
    made('productOfferingPrice', { priceType: 'oneTime', price: { unit: 'EUR', value: 5 }, ...more });

  describe.each(VERSIONS)('in %s', (version) => {
    it('is launched step by step when its references are good, and not otherwise', async () => {
      const [spec, amount] = [await specification(), await price()];
      const { body } = await post(version, 'productOffering', {
        productSpecification: { '@type': 'ProductSpecificationRef', id: spec },
        productOfferingPrice: [priceRef(amount), priceRef('nowhere')],
      }).expect(201);
      for (const lifecycleStatus of ['In Design', 'In Test', 'Active'])
        await patch(version, 'productOffering', body.id, { lifecycleStatus }).expect(200);
      const refused = await patch(version, 'productOffering', body.id, {
        lifecycleStatus: 'Launched',
      }).expect(422);
      expect(refused.body.details.map(({ path }: { path: string }) => path)).toEqual([
        '/productOfferingPrice/1/id',
      ]);
      const good = { lifecycleStatus: 'Launched', productOfferingPrice: [priceRef(amount)] };
      await patch(version, 'productOffering', body.id, good).expect(200);
      await patch(version, 'productOffering', body.id, {
        productSpecification: { '@type': 'ProductSpecificationRef', id: 'nowhere' },
      }).expect(422);
    });

    it('checks references of a POST and a PATCH only when asked', async () => {
      const broken = { category: [{ '@type': 'CategoryRef', id: 'nowhere' }] };
      await post(version, 'productOffering', broken, '?checkReferences=true').expect(422);
      const { body } = await post(version, 'productOffering', broken).expect(201);
      const change = { description: 'new' };
      await patch(version, 'productOffering', body.id, change, '?checkReferences=true').expect(422);
      const { headers } = await patch(version, 'productOffering', body.id, change).expect(200);
      // What stays as it is gets checked as well.
      for (const nothing of [{}, change])
        await patch(version, 'productOffering', body.id, nothing, '?checkReferences=true').expect(422);
      expect((await patch(version, 'productOffering', body.id, {})).headers['etag']).toBe(headers['etag']);
      const category = await made('category');
      const good = { category: [{ '@type': 'CategoryRef', id: category }] };
      await patch(version, 'productOffering', body.id, good, '?checkReferences=true').expect(200);
      await patch(version, 'productOffering', body.id, {}, '?checkReferences=true').expect(200);
      await post(version, 'productOffering', good, '?checkReferences=true').expect(201);
    });
  });

  it('follows bundles of offerings and prices down to their parts', async () => {
    const priceBundle = await price({
      isBundle: true,
      bundledPopRelationship: [{ '@type': 'BundledProductOfferingPriceRelationship', id: 'gone' }],
    });
    const part = await made('productOffering', {
      productSpecification: { '@type': 'ProductSpecificationRef', id: await specification() },
      productOfferingPrice: [{ '@type': 'ProductOfferingPriceRef', id: priceBundle }],
    });
    const refused = await post('v5', 'productOffering', {
      isBundle: true,
      lifecycleStatus: 'Launched',
      bundledProductOffering: [{ '@type': 'BundledProductOffering', id: part, name: 'part' }],
    }).expect(422);
    expect(refused.body.details).toEqual([
      expect.objectContaining({
        path: '/bundledProductOffering/0/id/productOfferingPrice/0/id/bundledPopRelationship/0/id',
      }),
    ]);
  });

  it('keeps what it refers to: no DELETE and no Obsolete until it is retired', async () => {
    const part = await price();
    const bundle = await price({
      isBundle: true,
      bundledPopRelationship: [{ '@type': 'BundledProductOfferingPriceRelationship', id: part }],
    });
    const retired = await price({ lifecycleStatus: 'Retired' });
    const offering = await made('productOffering', {
      lifecycleStatus: 'Launched',
      productSpecification: { '@type': 'ProductSpecificationRef', id: await specification() },
      productOfferingPrice: [{ '@type': 'ProductOfferingPriceRef', id: bundle }],
    });
    for (const id of [part, bundle]) {
      const refused = await api().delete(`${BASE}/v5/productOfferingPrice/${id}`).expect(409);
      expect(refused.body.message).toContain(offering);
    }
    await patch('v4', 'productOfferingPrice', retired, { lifecycleStatus: 'Obsolete' }).expect(200);
    await patch('v5', 'productOffering', offering, { lifecycleStatus: 'Retired' }).expect(200);
    await api().delete(`${BASE}/v4/productOfferingPrice/${bundle}`).expect(204);
    await api().delete(`${BASE}/v5/productOfferingPrice/${part}`).expect(204);
  });

  it('needs what stands in the groups of a bundle, and keeps it', async () => {
    const offering = (more: object = {}) =>
      post('v5', 'productOffering', { lifecycleStatus: 'Launched', ...more });
    const part = await offering({
      productSpecification: { '@type': 'ProductSpecificationRef', id: await specification() },
    });
    const group = (name: string, more: object) => ({ '@type': 'BundledGroupProductOffering', name, ...more });
    const bundleOf = (id: string) => ({
      isBundle: true,
      bundledGroupProductOffering: [
        group('wheels', {
          bundledGroupProductOffering: [
            group('front', { bundledProductOffering: [{ '@type': 'BundledProductOffering', id }] }),
          ],
        }),
      ],
    });
    const refused = await offering(bundleOf('nowhere')).expect(422);
    expect(refused.body.details).toMatchObject([
      {
        path: '/bundledGroupProductOffering/0/bundledGroupProductOffering/0/bundledProductOffering/0/id',
      },
    ]);
    const { body: bundle } = await offering(bundleOf(part.body.id)).expect(201);
    const kept = await api().delete(`${BASE}/v5/productOffering/${part.body.id}`).expect(409);
    expect(kept.body.message).toContain(bundle.id);
    await patch('v5', 'productOffering', bundle.id, bundleOf('nowhere')).expect(422);
  });

  it('keeps what says how much it costs, be it an algorithm', async () => {
    const id = await made('productOfferingPrice', {
      priceType: 'oneTime',
      lifecycleStatus: 'Launched',
      pricingLogicAlgorithm: [{ '@type': 'PricingLogicAlgorithm', plaSpecId: 'by-weight' }],
    });
    await patch('v5', 'productOfferingPrice', id, { pricingLogicAlgorithm: null }).expect(409);
  });

  it('does not become Obsolete while something launched refers to it', async () => {
    const spec = await specification();
    await made('productOffering', {
      lifecycleStatus: 'Launched',
      productSpecification: { '@type': 'ProductSpecificationRef', id: spec },
    });
    await patch('v5', 'productSpecification', spec, { lifecycleStatus: 'Retired' }).expect(200);
    await patch('v5', 'productSpecification', spec, { lifecycleStatus: 'Obsolete' }).expect(409);
  });

  it('takes a reference that names a version at its word', async () => {
    const id = randomUUID();
    await made('productSpecification', { id, version: '1.0' });
    await made('productSpecification', { id, version: '2.0' });
    const body = (named: object) => ({
      lifecycleStatus: 'Launched',
      productSpecification: { '@type': 'ProductSpecificationRef', ...named },
    });
    await post('v5', 'productOffering', body({ id: `${id}:(version=3.0)` })).expect(422);
    await post('v5', 'productOffering', body({ id, version: '3.0' })).expect(422);
    await post('v5', 'productOffering', body({ id: `${id}:(version=1.0)` })).expect(201);
    await api().delete(`${BASE}/v5/productSpecification/${id}:(version=1.0)`).expect(409);
    await api().delete(`${BASE}/v5/productSpecification/${id}:(version=2.0)`).expect(204);
  });

  it('is refused when its validity period has ended, also when it starts as Launched', async () => {
    await post('v5', 'category', {
      lifecycleStatus: 'Launched',
      validFor: { endDateTime: '2020-01-01T00:00:00Z' },
    }).expect(409);
  });
});
