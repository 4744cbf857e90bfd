import type { ResourceDefinition } from '@quotebridge/tmf/resource';
import { rename, mapper } from '@quotebridge/tmf/versions';
import { envelopePaths } from './envelope-paths';
import { presenter } from './present-event';

const binding = (name: string, version: string) => ({
  name,
  basePath: `/tmf-api/productCatalogManagement/${version}`,
  schemas: { create: 'X', response: name === 'catalog' ? 'Catalog' : 'ProductCatalog' },
  serverSet: [],
  nonPatchable: [],
});

const definition: ResourceDefinition = {
  api: 'TMF620',
  name: 'productCatalog',
  eventName: 'ProductCatalog',
  domain: 'ProductCatalog',
  versions: {
    v4: { ...binding('catalog', 'v4'), mapper: mapper([rename('short', 'long')]) },
    v5: binding('productCatalog', 'v5'),
  },
  operations: [],
  indexes: [],
};

const envelope = {
  eventId: 'e1',
  eventType: 'ProductCatalogCreateEvent',
  '@type': 'ProductCatalogCreateEvent',
  title: 'ProductCatalogCreateEvent',
  event: { productCatalog: { id: '42', href: '/v5/productCatalog/42', long: 1 } },
};

describe('event envelopes for subscribers', () => {
  const present = presenter([definition], 'https://q.example');

  it('stay as they are in v5', () => {
    expect(present(envelope, { api: 'TMF620', version: 'v5' })).toBe(envelope);
  });

  it('have the names, the shape and the address of v4 in v4', () => {
    expect(present(envelope, { api: 'TMF620', version: 'v4' })).toEqual({
      eventId: 'e1',
      eventType: 'CatalogCreateEvent',
      title: 'CatalogCreateEvent',
      event: {
        catalog: {
          id: '42',
          href: 'https://q.example/tmf-api/productCatalogManagement/v4/catalog/42',
          short: 1,
        },
      },
    });
  });

  it('lead to the version that they tell of', () => {
    const old = { id: '42', href: '/v5/productCatalog/42:(version=1.0)' };
    const shown = present({ ...envelope, event: { productCatalog: old } }, { api: 'TMF620', version: 'v4' });
    const href = 'https://q.example/tmf-api/productCatalogManagement/v4/catalog/42:(version=1.0)';
    expect(shown).toMatchObject({ event: { catalog: { id: '42', href } } });
  });

  it('of a resource that this component does not have stay as they are', () => {
    const foreign = { ...envelope, event: { quote: { id: '1' } } };
    expect(present(foreign, { api: 'TMF620', version: 'v4' })).toBe(foreign);
  });
});

describe('paths that a subscription may name', () => {
  const resolve = envelopePaths([definition]);

  it.each([
    ['v5', 'eventType', 'string'],
    ['v5', 'event.productCatalog.name', 'string'],
    ['v4', 'event.catalog.lastUpdate', 'date-time'],
    ['v4', 'event.catalog', 'object'],
  ] as const)('%s knows %s as %s', (version, path, kind) => {
    expect(resolve({ api: 'TMF620', version })(path)?.kind).toBe(kind);
  });

  it.each([
    ['v5', 'event.catalog.name'],
    ['v4', 'event.productCatalog.name'],
    ['v5', 'event.productCatalog.nothing'],
    ['v5', '$where'],
  ] as const)('%s does not know %s', (version, path) => {
    expect(resolve({ api: 'TMF620', version })(path)).toBeUndefined();
  });

  it('are those of the API that was asked for', () => {
    expect(resolve({ api: 'TMF648', version: 'v5' })('event.productCatalog.name')).toBeUndefined();
  });
});
