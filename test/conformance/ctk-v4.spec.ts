import { randomUUID } from 'node:crypto';
import type { Api } from '@quotebridge/tmf-specs';
import request from 'supertest';
import { startRunningSuite, type RunningSuite } from './support/running-suite';

/** What the conformance kits of version 4 ask of one resource. */
interface KitCase {
  readonly api: Api;
  readonly path: string;
  readonly body: (suite: RunningSuite) => object;
  /** Attributes that every answer and every element of a list must have; `[]` marks an array. */
  readonly mandatory: readonly string[];
  /** Attributes whose value, as the POST answered it, must find the resource. */
  readonly filters: readonly string[];
  readonly patch?: Readonly<Record<string, string>>;
  readonly remove?: true;
}

const CATALOG = '/tmf-api/productCatalogManagement/v4';
const ENTITY = ['id', 'href', 'name', 'lastUpdate', 'lifecycleStatus'];
const SCALARS = ['id', 'name', 'lastUpdate', 'lifecycleStatus'];

const KITS: readonly KitCase[] = [
  {
    api: 'TMF620',
    path: `${CATALOG}/catalog`,
    body: () => ({ name: 'Wholesale' }),
    mandatory: ['id', 'href', 'name'],
    filters: ['id', 'name'],
    patch: { name: 'Retail' },
    remove: true,
  },
  {
    api: 'TMF620',
    path: `${CATALOG}/category`,
    body: () => ({ name: 'Pumps' }),
    mandatory: ['id', 'href', 'name'],
    filters: ['id', 'name'],
    patch: { name: 'Valves' },
    remove: true,
  },
  {
    api: 'TMF620',
    path: `${CATALOG}/productSpecification`,
    body: () => ({ name: 'Piston pump' }),
    mandatory: ENTITY,
    filters: SCALARS,
    patch: { name: 'Gear pump' },
    remove: true,
  },
  {
    api: 'TMF620',
    path: `${CATALOG}/productOffering`,
    body: ({ specification }) => ({ name: 'Pump with hose', productSpecification: { id: specification } }),
    mandatory: [...ENTITY, 'productSpecification'],
    filters: SCALARS,
    patch: { name: 'Pump with two hoses' },
    remove: true,
  },
  {
    api: 'TMF620',
    path: `${CATALOG}/productOfferingPrice`,
    body: () => ({ name: 'Rent', priceType: 'recurring' }),
    mandatory: [...ENTITY, 'priceType'],
    filters: [...SCALARS, 'priceType'],
    patch: { name: 'Rent per month' },
    remove: true,
  },
  {
    api: 'TMF622',
    path: '/tmf-api/productOrderingManagement/v4/productOrder',
    body: ({ offering }) => ({
      relatedParty: [{ id: 'c1', role: 'customer', '@referredType': 'Individual' }],
      productOrderItem: [{ id: '1', action: 'add', quantity: 1, productOffering: { id: offering } }],
    }),
    mandatory: ['id', 'href', 'orderDate', 'state', 'productOrderItem[]', 'relatedParty[]'],
    filters: ['id', 'orderDate', 'state'],
    patch: { description: 'For the new plant' },
    remove: true,
  },
  {
    api: 'TMF648',
    path: '/tmf-api/quoteManagement/v4/quote',
    body: ({ offering }) => ({
      quoteItem: [{ id: '1', action: 'add', quantity: 1, productOffering: { id: offering } }],
    }),
    mandatory: ['id', 'href', 'state', 'quoteDate', 'quoteItem[]'],
    filters: ['id', 'quoteDate', 'state'],
    patch: { description: 'For the new plant' },
    remove: true,
  },
  {
    api: 'TMF629',
    path: '/tmf-api/customerManagement/v4/customer',
    body: () => ({ name: 'Weber', engagedParty: { id: 'p1', '@referredType': 'Organization' } }),
    mandatory: ['id', 'href', 'name', 'engagedParty', '@type'],
    filters: ['id', 'name'],
    patch: { name: 'Weber AG' },
    remove: true,
  },
  {
    api: 'TMF632',
    path: '/tmf-api/party/v4/individual',
    body: () => ({ familyName: 'Lind', givenName: 'Ada' }),
    mandatory: ['id', 'href', 'familyName', 'givenName'],
    filters: ['id', 'familyName', 'givenName'],
    patch: { givenName: 'Ida' },
    remove: true,
  },
  {
    api: 'TMF632',
    path: '/tmf-api/party/v4/organization',
    body: () => ({ tradingName: 'Weber' }),
    mandatory: ['id', 'href', 'tradingName'],
    filters: ['id', 'tradingName'],
    patch: { tradingName: 'Weber AG' },
    remove: true,
  },
  {
    api: 'TMF637',
    path: '/tmf-api/productInventory/v4/product',
    body: () => ({
      status: 'created',
      billingAccount: { id: 'a1' },
      productCharacteristic: [{ name: 'force', value: 400 }],
      productOffering: { id: 'o1' },
      productPrice: [{ priceType: 'oneTime', price: { taxRate: 19 } }],
      relatedParty: [{ id: 'c1', '@referredType': 'Organization' }],
    }),
    mandatory: [
      ...['id', 'href', 'status', 'billingAccount', 'productOffering'],
      ...['productCharacteristic[]', 'productPrice[]', 'relatedParty[]'],
    ],
    filters: ['id', 'status'],
    patch: { name: 'Press' },
    remove: true,
  },
  {
    api: 'TMF669',
    path: '/tmf-api/partyRoleManagement/v4/partyRole',
    body: () => ({ name: 'Supplier', roleType: {} }),
    mandatory: ['id', 'href', 'name', 'roleType'],
    filters: ['id', 'name'],
    patch: { name: 'Main supplier' },
    remove: true,
  },
  {
    api: 'TMF699',
    path: '/tmf-api/sales/v4/salesLead',
    body: () => ({ name: 'Trade fair' }),
    mandatory: ['id', 'href', 'name', 'status'],
    filters: ['id', 'name', 'status'],
    patch: { description: 'Called back' },
    remove: true,
  },
];

type Resource = Record<string, unknown> & { id: string; href: string };

const missing = (resource: Resource, mandatory: readonly string[]): string[] =>
  mandatory.filter((entry) => {
    const value = resource[entry.replace('[]', '')];
    return value === undefined || value === null || entry.endsWith('[]') !== Array.isArray(value);
  });

describe('what the conformance kits of version 4 assert', () => {
  let suite: RunningSuite;
  beforeAll(async () => {
    suite = await startRunningSuite();
  });
  afterAll(() => suite.close());

  describe.each(KITS.map((kit) => [kit.path, kit] as const))('%s', (path, kit) => {
    let made: request.Response;
    const on = () => request(suite.url(kit.api));
    const resource = (): Resource => made.body as Resource;
    const list = async (query: string): Promise<Resource[]> => {
      const { body } = await on().get(`${path}${query}`).set('Accept', 'application/json').expect(200);
      expect(Array.isArray(body)).toBe(true);
      return body as Resource[];
    };

    beforeAll(async () => {
      made = await on().post(path).set('Accept', 'application/json').send(kit.body(suite));
    });

    it('POST is answered with 201, one object with the mandatory attributes, and its address', () => {
      expect(made.status).toBe(201);
      expect(Array.isArray(made.body)).toBe(false);
      expect(missing(resource(), kit.mandatory)).toEqual([]);
      expect(made.headers['location']).toBe(resource().href);
      // The kits look for the values in the text, where an escaped slash would hide them.
      for (const name of kit.filters) expect(made.text).toContain(String(resource()[name]));
      expect(made.text).toContain(resource().href);
    });

    it('GET of the list is answered with 200 and every element is complete', async () => {
      const found = await list('');
      expect(found.length).toBeGreaterThan(0);
      expect(found.flatMap((one) => missing(one, kit.mandatory))).toEqual([]);
    });

    it('GET by id is answered with 200 and what POST answered', async () => {
      const { body } = await on().get(`${path}/${resource().id}`).expect(200);
      expect(body).toEqual(resource());
    });

    it.each(kit.filters)('the value of %s finds the resource, bare and in quotes', async (name) => {
      const value = String(resource()[name]);
      for (const text of [value, `"${value}"`]) {
        const found = await list(`?${name}=${encodeURI(text)}`);
        expect(found.map(({ id }) => id)).toContain(resource().id);
        expect(found.flatMap((one) => missing(one, kit.mandatory))).toEqual([]);
        expect(found.map((one) => String(one[name]))).toEqual(found.map(() => value));
      }
    });

    it.each(kit.mandatory.map((name) => name.replace('[]', '')))('fields=%s selects it', async (name) => {
      const found = await list(`?fields=${name}`);
      expect(found.flatMap((one) => missing(one, [...new Set(['id', 'href'])]))).toEqual([]);
      const [one] = await list(`?id=${resource().id}&fields=${name}`);
      expect(one?.[name]).toEqual(resource()[name]);
    });

    it('GET of an unknown id is answered with 404', async () => {
      await on().get(`${path}/${randomUUID()}`).expect(404);
    });

    const { patch, remove } = kit;
    if (patch) {
      it('PATCH as application/json is answered with 200 and the changed resource', async () => {
        const sent = on().patch(`${path}/${resource().id}`).set('Content-Type', 'application/json');
        const { body } = await sent.send(patch).expect(200);
        expect(body).toMatchObject({ ...patch, id: resource().id, href: resource().href });
        expect(missing(body as Resource, kit.mandatory)).toEqual([]);
      });
    }
    if (remove) {
      it('DELETE is answered with 204, and the resource is gone', async () => {
        await on().delete(`${path}/${resource().id}`).expect(204);
        await on().get(`${path}/${resource().id}`).expect(404);
      });
    }
  });
});
