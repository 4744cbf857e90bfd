import type { Sight } from '@quotebridge/tmf/hub';
import type { ResourceDefinition } from '@quotebridge/tmf/resource';
import { mapper, rename } from '@quotebridge/tmf/versions';
import { envelopePaths } from './envelope-paths';
import { showingResources } from './event-sight';
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

const api = 'TMF648';
const may = (version: Sight['version']): Sight => ({ api, version, reads: ['quote', 'product'] });
const mayNot: readonly Sight[] = [
  { api, version: 'v5', reads: ['quote'] },
  { api, version: 'v4', reads: ['quote'] },
  { api, version: 'v5', reads: ['quote', 'party'] },
  // Stored by a release that did not remember it.
  { api, version: 'v4' },
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
    expect(paths(sight)(PATH)).toBeUndefined();
    expect(paths(sight)('event.quote.quoteItem.product.id')?.kind).toBe('string');
  });

  it('can be named by one who could', () => {
    expect(paths(may('v5'))(PATH)?.kind).toBe('string');
  });

  it('and all others are shown by the resources of their API and those that guard them', () => {
    const shownBy = showingResources([definition, { ...definition, name: 'other' }]);
    expect(shownBy('TMF648')).toEqual(['quote', 'other', 'product']);
    expect(shownBy('TMF622')).toEqual([]);
  });
});

describe('events of a resource', () => {
  const request: ResourceDefinition = {
    ...definition,
    name: 'request',
    eventName: 'Request',
    versions: { v5: { ...binding('v5'), name: 'request' } },
  };
  const all = [definition, request];
  const present = presenter(all, 'https://q.example');
  const other = { ...envelope, eventType: 'RequestCreateEvent', event: { request: { id: '2' } } };
  const unknown = { ...envelope, event: { nothing: { id: '3' } } };
  const heardBy = (sight: Sight): boolean[] =>
    [envelope, other, unknown].map((one) => present(one, sight) !== undefined);
  const namedBy = (sight: Sight): boolean[] =>
    ['quote', 'request'].map((name) => envelopePaths(all)(sight)(`event.${name}`) !== undefined);

  it.each([
    [['quote'], [true, false, false]],
    [
      ['quote', 'product'],
      [true, false, false],
    ],
    [['request'], [false, true, false]],
    [
      ['quote', 'request'],
      [true, true, false],
    ],
    // From before the resources of the API were remembered: such a subscription goes on as it was.
    [undefined, [true, true, true]],
    [[], [true, true, true]],
    [['product'], [true, true, true]],
  ])('are sent to a subscriber of whom %j is remembered, and named by his query: %j', (reads, heard) => {
    const sight: Sight = { api, version: 'v5', ...(reads === undefined ? {} : { reads }) };
    expect(heardBy(sight)).toEqual(heard);
    expect(namedBy(sight)).toEqual(heard.slice(0, 2));
  });
});
