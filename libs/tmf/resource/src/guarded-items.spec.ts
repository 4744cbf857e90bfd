import type { JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { keepParts, leadsIntoParts, withoutParts, type GuardedItems } from './guarded-items';

const guarded: GuardedItems = {
  items: 'item',
  resource: 'product',
  parts: ['product.parts', 'mark'],
  beside: ['missing'],
};
const built: JsonObject = { '@type': 'Product', id: 'press', parts: [{ id: 'frame' }] };
const seen: JsonObject = { '@type': 'Product', id: 'press' };

it.each([
  ['item.product.parts', true],
  ['item.product.parts.id', true],
  ['item.item.mark', true],
  ['item.product.partsList', false],
  ['item.product.id', false],
  ['product.parts', false],
  ['mark', false],
])('the path %s leads into a guarded part: %s', (path, leads) => {
  expect(leadsIntoParts(guarded, path)).toBe(leads);
});

describe('a view without guarded parts', () => {
  it.each<[string, JsonObject, JsonObject]>([
    [
      'has the rest of its items',
      { item: [{ id: '1', product: built, mark: {} }] },
      { item: [{ id: '1', product: seen }] },
    ],
    [
      'has the rest of nested items',
      { item: [{ id: '1', item: [{ id: '2', product: built }] }] },
      { item: [{ id: '1', item: [{ id: '2', product: seen }] }] },
    ],
    [
      'has no empty object where they were',
      { item: [{ id: '1', product: { '@type': 'Product', parts: [] } }] },
      { item: [{ id: '1' }] },
    ],
    [
      'keeps everything else',
      { mark: 1, missing: ['x'], item: [{ id: '1', product: 'x' }] },
      { mark: 1, item: [{ id: '1', product: 'x' }] },
    ],
  ])('%s', (_name, whole, shown) => {
    expect(withoutParts(guarded, whole)).toEqual(shown);
  });
});

describe('what one writes who does not see guarded parts', () => {
  const item = fc.record(
    {
      product: fc.record(
        { '@type': fc.constant('Product'), id: fc.string(), parts: fc.array(fc.record({ id: fc.string() })) },
        { requiredKeys: ['@type'] },
      ),
      mark: fc.record({ status: fc.string() }),
      quantity: fc.integer(),
    },
    { requiredKeys: [] },
  );
  const numbered = (items: object[], nested: object[]): JsonObject => ({
    missing: ['x'],
    item: [
      ...items.map((one, index) => ({ ...one, id: `a${index}` })),
      { id: 'b', item: nested.map((one, index) => ({ ...one, id: `c${index}` })) },
    ] as JsonObject[],
  });

  it('leaves everything as it was when it is what he was shown', () => {
    fc.assert(
      fc.property(fc.array(item), fc.array(item), (items, nested) => {
        const whole = numbered(items, nested);
        const back = keepParts(guarded, whole, withoutParts(guarded, whole));
        expect(back).toEqual(whole);
      }),
    );
  });

  it('keeps the parts of an item that he changes, whose reference becomes what has parts', () => {
    const after = { item: [{ id: '1', product: { '@type': 'ProductRef', id: 'press' }, quantity: 2 }] };
    expect(keepParts(guarded, { item: [{ id: '1', product: built }] }, after)).toEqual({
      item: [{ id: '1', product: built, quantity: 2 }],
    });
  });

  it('gives none to another item', () => {
    const after = { item: [{ id: '2', product: seen }, { quantity: 1 }] };
    expect(keepParts(guarded, { item: [{ id: '1', product: built }] }, after)).toEqual(after);
  });

  it.each<[string, JsonObject]>([
    ['unchanged', { id: '1', product: built }],
    ['another', { id: '1', mark: { status: 'mine' } }],
    ['on a new item', { product: built }],
    ['below an item', { id: '9', item: [{ id: '1', product: built }] }],
  ])('is refused when it has one: %s', (_name, sent) => {
    const write = () => keepParts(guarded, { item: [{ id: '1', product: built }] }, { item: [sent] });
    expect(write).toThrow('product:read');
  });

  it('is refused when it has what is kept beside them', () => {
    expect(() => keepParts(guarded, { missing: ['x'] }, { missing: ['x'] })).toThrow('product:read');
  });
});
