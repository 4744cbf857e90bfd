import * as fc from 'fast-check';
import type { JsonObject } from '@quotebridge/platform/core';
import { keepOwned, withoutEnded } from './owned';

const current: JsonObject = {
  name: 'ours',
  channel: { id: 'c1', name: 'ours' },
  item: [
    { id: 'a', quantity: 1, note: 'ours' },
    { id: 'b', quantity: 2 },
  ],
};
const renewed: JsonObject = {
  name: 'theirs',
  channel: { id: 'c1', name: 'theirs' },
  item: [
    { id: 'a', quantity: 10, note: 'theirs' },
    { id: 'c', quantity: 30 },
  ],
};

describe('withoutEnded', () => {
  it('takes away what the source rules and no longer says, and nothing else', () => {
    const incoming = { name: 'theirs', item: undefined };
    expect(withoutEnded(current, incoming, [])).toEqual(current);
    expect(withoutEnded(current, incoming, ['name', 'item', 'absent'])).toEqual({
      name: 'ours',
      channel: current['channel'],
    });
  });
});

describe('keepOwned', () => {
  it.each<[string, string[], JsonObject]>([
    ['nothing is owned here', [], renewed],
    ['an attribute', ['name'], { ...renewed, name: 'ours' }],
    ['an attribute that is not there stays away', ['absent'], renewed],
    ['an inner attribute', ['channel.name'], { ...renewed, channel: { id: 'c1', name: 'ours' } }],
    [
      'an attribute of known entries only',
      ['item.quantity'],
      {
        ...renewed,
        item: [
          { id: 'a', quantity: 1, note: 'theirs' },
          { id: 'c', quantity: 30 },
        ],
      },
    ],
    [
      'which entries there are, with their renewed content',
      ['item[]'],
      {
        ...renewed,
        item: [
          { id: 'a', quantity: 10, note: 'theirs' },
          { id: 'b', quantity: 2 },
        ],
      },
    ],
    [
      'entries and one of their attributes, in any order',
      ['item[]', 'item.note'],
      {
        ...renewed,
        item: [
          { id: 'a', quantity: 10, note: 'ours' },
          { id: 'b', quantity: 2 },
        ],
      },
    ],
  ])('%s', (_name, paths, expected) => {
    expect(keepOwned(current, renewed, paths)).toEqual(expected);
  });

  it('with everything owned here a record changes nothing, and twice is as once', () => {
    const item = fc.uniqueArray(
      fc.record({ id: fc.constantFrom('a', 'b', 'c'), quantity: fc.integer(), note: fc.string() }),
      { selector: ({ id }) => id },
    );
    const resource = fc.record({ name: fc.string(), item });
    const all = ['name', 'item[]', 'item.quantity', 'item.note'];
    fc.assert(
      fc.property(resource, resource, fc.subarray(all), (before, after, paths) => {
        expect(keepOwned(before, after, all)).toEqual(before);
        const once = keepOwned(before, after, paths);
        expect(keepOwned(before, once, paths)).toEqual(once);
      }),
    );
  });
});
