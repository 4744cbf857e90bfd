import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { mongo } from 'mongoose';
import request from 'supertest';
import { startComponentSuite, type ComponentSuite } from './support/component-suite';

const V5 = '/tmf-api/productCatalogManagement/v5';
const ROUNDS = 40;

type Resource = 'productOffering' | 'productOfferingPrice' | 'productSpecification' | 'category';

/** What is launched, and what it refers to. */
interface Pair {
  /** Launches an offering; gives the status of the answer. */
  launch(): Promise<number>;
  /** Ends what the offering refers to; gives the status of the answer. */
  end(): Promise<number>;
}

describe('a launch and the end of what it refers to, at the same moment', () => {
  let suite: ComponentSuite;

  beforeAll(async () => {
    suite = await startComponentSuite(productCatalog, productCatalogSettings);
  });
  afterAll(() => suite?.close());

  const api = () => request(suite.component.url);
  const post = (resource: Resource, body: object) =>
    api()
      .post(`${V5}/${resource}`)
      .send({
        '@type': resource.charAt(0).toUpperCase() + resource.slice(1),
        name: 'Pump',
        lifecycleStatus: 'Active',
        lastUpdate: '2026-01-01T00:00:00Z',
        ...body,
      });
  const made = async (resource: Resource, body: object = {}): Promise<string> =>
    (await post(resource, body).expect(201)).body.id as string;
  const price = (more: object = {}) =>
    made('productOfferingPrice', { priceType: 'oneTime', price: { unit: 'EUR', value: 5 }, ...more });
  const ref = (type: string, id: string) => ({ '@type': type, id });
  const offeringOf = (spec: string, more: object = {}) => ({
    productSpecification: ref('ProductSpecificationRef', spec),
    ...more,
  });
  const launched = async (id: string): Promise<number> => {
    const change = { '@type': 'ProductOffering', lifecycleStatus: 'Launched' };
    return (await api().patch(`${V5}/productOffering/${id}`).send(change)).status;
  };
  const removed = async (resource: Resource, id: string): Promise<number> =>
    (await api().delete(`${V5}/${resource}/${id}`)).status;

  const pairs: Record<string, () => Promise<Pair>> = {
    'a price that is deleted': async () => {
      const amount = await price();
      const id = await made(
        'productOffering',
        offeringOf(await made('productSpecification'), {
          productOfferingPrice: [ref('ProductOfferingPriceRef', amount)],
        }),
      );
      return { launch: () => launched(id), end: () => removed('productOfferingPrice', amount) };
    },
    'a part of a bundle of prices that is deleted': async () => {
      const part = await price();
      const bundle = await price({
        isBundle: true,
        bundledPopRelationship: [ref('BundledProductOfferingPriceRelationship', part)],
      });
      const id = await made(
        'productOffering',
        offeringOf(await made('productSpecification'), {
          productOfferingPrice: [ref('ProductOfferingPriceRef', bundle)],
        }),
      );
      return { launch: () => launched(id), end: () => removed('productOfferingPrice', part) };
    },
    'the specification of an offering that starts as Launched': async () => {
      const spec = await made('productSpecification');
      return {
        launch: async () =>
          (await post('productOffering', { lifecycleStatus: 'Launched', ...offeringOf(spec) })).status,
        end: () => removed('productSpecification', spec),
      };
    },
    'a category that becomes Obsolete': async () => {
      const category = await made('category', { lifecycleStatus: 'Retired' });
      const id = await made(
        'productOffering',
        offeringOf(await made('productSpecification'), { category: [ref('CategoryRef', category)] }),
      );
      const change = { '@type': 'Category', lifecycleStatus: 'Obsolete' };
      return {
        launch: () => launched(id),
        end: async () => (await api().patch(`${V5}/category/${category}`).send(change)).status,
      };
    },
  };

  it.each(Object.keys(pairs))('never both come about: %s', async (name) => {
    const counts = { launched: 0, ended: 0, both: 0, neither: 0 };
    const statuses = new Set<number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const pair = await (pairs[name] as () => Promise<Pair>)();
      const early = round % 2 === 0 ? undefined : pair.end();
      const launch = pair.launch();
      const end = await (early ?? pair.end());
      const status = await launch;
      statuses.add(status).add(end);
      const [isLaunched, isEnded] = [status < 300, end < 300];
      counts[isLaunched ? (isEnded ? 'both' : 'launched') : isEnded ? 'ended' : 'neither'] += 1;
    }
    expect(counts).toMatchObject({ both: 0, neither: 0 });
    expect(counts.launched + counts.ended).toBe(ROUNDS);
    // A launch that lost finds the reference broken, an end that lost finds it in use.
    expect([...statuses].filter((status) => ![200, 201, 204, 409, 422].includes(status))).toEqual([]);
  });

  it('many launches that share what they refer to all come about', async () => {
    const spec = await made('productSpecification');
    const ids = await Promise.all(
      Array.from({ length: 30 }, () => made('productOffering', offeringOf(spec))),
    );
    const answers = await Promise.all(ids.map(launched));
    expect(answers).toEqual(ids.map(() => 200));
    expect(await removed('productSpecification', spec)).toBe(409);
  });

  it('removals at once take turns, and none is begun again and again', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => made('category')));
    const begun = jest.spyOn(mongo.ClientSession.prototype, 'startTransaction');
    try {
      const statuses = await Promise.all(ids.map((id) => removed('category', id)));
      expect(statuses).toEqual(Array(20).fill(204));
      // Others, the relay for one, may touch the same document; without turns there were hundreds.
      expect(begun.mock.calls.length).toBeLessThan(40);
    } finally {
      begun.mockRestore();
    }
  });
});
