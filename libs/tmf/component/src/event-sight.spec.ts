import type { Sight } from '@quotebridge/tmf/hub';
import type { ResourceDefinition } from '@quotebridge/tmf/resource';
import { mapper, rename } from '@quotebridge/tmf/versions';
import { envelopePaths } from './envelope-paths';
import { guardingResources } from './event-sight';
import { presenter } from './present-event';

const binding = (version: string) => ({
  name: 'quote',
  basePath: `/tmf-api/quoteManagement/${version}`,
  schemas: { create: 'Quote_Create', response: 'Quote' },
  serverSet: [],
  nonPatchable: [],
});
const definition: ResourceDefinition = {
  api: 'TMF648',
  name: 'quote',
  eventName: 'Quote',
  domain: 'Quote',
  versions: { v4: { ...binding('v4'), mapper: mapper([rename('short', 'long')]) }, v5: binding('v5') },
  operations: [],
  indexes: [],
  guardedItems: {
    items: 'quoteItem',
    resource: 'product',
    parts: ['product.productRelationship'],
    beside: ['unknownProduct'],
  },
};

const machine = { '@type': 'Product', id: 'm', productRelationship: [{ id: 'secret' }] };
const envelope = {
  eventId: 'e1',
  eventType: 'QuoteCreateEvent',
  event: {
    quote: {
      id: '1',
      long: 'x',
      unknownProduct: ['product/secret'],
      quoteItem: [{ id: '1', product: machine, quoteItem: [{ id: '2', product: machine }] }],
    },
  },
};
const PATH = 'event.quote.quoteItem.product.productRelationship.id';

const may = (version: Sight['version']): Sight => ({ version, reads: ['product'] });
const mayNot: readonly Sight[] = [
  { version: 'v5', reads: [] },
  { version: 'v4', reads: [] },
  { version: 'v5', reads: ['party'] },
  // Stored by a release that did not remember it.
  { version: 'v4' },
];

describe('guarded parts in events', () => {
  const present = presenter([definition], 'https://q.example');
  const paths = envelopePaths([definition]);

  it.each(mayNot)('are not shown to a subscriber who could not read them: %j', (sight) => {
    const shown = present(envelope, sight);
    expect(JSON.stringify(shown)).not.toMatch(/secret|productRelationship|unknownProduct/);
    expect(shown).toMatchObject({
      event: { quote: { quoteItem: [{ product: { id: 'm' }, quoteItem: [{ product: { id: 'm' } }] }] } },
    });
  });

  it('are shown to one who could, in both versions', () => {
    expect(present(envelope, may('v5'))).toBe(envelope);
    expect(present(envelope, may('v4'))).toMatchObject({
      event: { quote: { short: 'x', quoteItem: [{ product: machine }] } },
    });
  });

  it.each(mayNot)('cannot be named by the query of a subscriber who could not read them: %j', (sight) => {
    expect(paths('TMF648', sight)(PATH)).toBeUndefined();
    expect(paths('TMF648', sight)('event.quote.quoteItem.product.id')?.kind).toBe('string');
  });

  it('can be named by one who could', () => {
    expect(paths('TMF648', may('v5'))(PATH)?.kind).toBe('string');
  });

  it('are guarded by the resources that the definitions of their API name', () => {
    const guardedBy = guardingResources([definition, { ...definition, eventName: 'Another' }]);
    expect(guardedBy('TMF648')).toEqual(['product']);
    expect(guardedBy('TMF622')).toEqual([]);
  });
});
