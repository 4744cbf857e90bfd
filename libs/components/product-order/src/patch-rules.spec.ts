import type { JsonObject } from '@quotebridge/platform/core';
import {
  keepOrdered,
  quoteFaults,
  removedFaults,
  toCheckAgain,
  toldFaults,
  unpricedFaults,
} from './patch-rules';

const price = [{ '@type': 'OrderPrice', price: { dutyFreeAmount: { unit: 'EUR', value: 5 } } }];
const item = (id: string, more: JsonObject = {}): JsonObject => ({
  id,
  action: 'add',
  quantity: 1,
  state: 'acknowledged',
  productOffering: { id: `of${id}` },
  ...more,
});
const plain: JsonObject = { state: 'acknowledged', productOrderItem: [item('1'), item('2')] };
const quoted: JsonObject = {
  state: 'acknowledged',
  quote: [{ id: 'q' }],
  orderTotalPrice: price,
  productOrderItem: [
    item('1', {
      itemPrice: price,
      quoteItem: { quoteId: 'q', quoteItemId: '1' },
      productOrderItem: [item('1.1', { itemPrice: price })],
    }),
  ],
};
const paths = (faults: readonly { path: string }[]) => faults.map(({ path }) => path);
const changed = (order: JsonObject, change: (first: JsonObject) => JsonObject): JsonObject => {
  const [first = {}, ...rest] = order['productOrderItem'] as JsonObject[];
  return { ...order, productOrderItem: [change(first), ...rest] };
};

describe('what an outside system was told', () => {
  it.each<[string, (first: JsonObject) => JsonObject, string[]]>([
    ['nothing', (first) => first, []],
    ['a state, and attributes that are left out', ({ id }) => ({ id: id ?? '', state: 'inProgress' }), []],
    ['the product that is delivered', (first) => ({ ...first, product: { id: 'p' } }), []],
    ['a note', (first) => ({ ...first, note: [{ text: 'x' }] }), []],
    ['a quantity', (first) => ({ ...first, quantity: 2 }), ['/productOrderItem/0/quantity']],
    ['a price', (first) => ({ ...first, itemPrice: price }), ['/productOrderItem/0/itemPrice']],
    [
      'what is ordered',
      (first) => ({ ...first, action: 'delete', productOffering: { id: 'other' } }),
      ['/productOrderItem/0/action', '/productOrderItem/0/productOffering'],
    ],
    [
      'a part that is added',
      (first) => ({ ...first, productOrderItem: [item('9')] }),
      ['/productOrderItem/0/productOrderItem/0'],
    ],
  ])('is looked at in a change of %s', (_name, change, expected) => {
    expect(paths(toldFaults(plain, changed(plain, change)))).toEqual(expected);
  });

  describe('when it has the order', () => {
    const number = { owner: 'erp', externalIdentifierType: 'salesOrder', id: '1' };
    const had = (first: JsonObject = {}): JsonObject => ({
      ...changed(plain, (one) => ({ ...one, ...first })),
      externalId: [number],
    });
    it.each<[string, JsonObject, JsonObject, string[]]>([
      ['another quantity of an open item', {}, { quantity: 4 }, []],
      [
        'another quantity and another price',
        {},
        { quantity: 4, itemPrice: price },
        ['/productOrderItem/0/itemPrice'],
      ],
      [
        'another quantity of one that is done',
        { state: 'completed' },
        { quantity: 4 },
        ['/productOrderItem/0/quantity'],
      ],
      [
        'another quantity of one that is built of others',
        { productOrderItem: [item('9')] },
        { quantity: 4 },
        ['/productOrderItem/0/quantity'],
      ],
      [
        'another quantity of one that is not added',
        { action: 'modify' },
        { quantity: 4 },
        ['/productOrderItem/0/quantity'],
      ],
      ['what was taken over', {}, { takenOver: { quantity: 9 } }, ['/productOrderItem/0/takenOver']],
    ])('follows or not: %s', (_name, first, change, expected) => {
      const before = had(first);
      const after = changed(before, (one) => ({ ...one, ...change }));
      expect(paths(toldFaults(before, after))).toEqual(expected);
    });
  });

  describe('when it has the order, of new items', () => {
    const had: JsonObject = {
      ...plain,
      state: 'inProgress',
      externalId: [{ owner: 'erp', externalIdentifierType: 'salesOrder', id: '1' }],
    };
    const priced = (more: JsonObject = {}) => item('9', { itemPrice: price, ...more });
    const items = (order: JsonObject) => order['productOrderItem'] as JsonObject[];
    it.each<[string, JsonObject, readonly JsonObject[], string[]]>([
      ['one behind the others', had, [...items(had), priced()], []],
      [
        'one before another',
        had,
        [items(had)[0] ?? {}, priced(), items(had)[1] ?? {}],
        ['/productOrderItem'],
      ],
      ['none, but in another order', had, [...items(had)].reverse(), ['/productOrderItem']],
      ['one without a price', had, [...items(had), item('9')], ['/productOrderItem/2']],
      ['one that adds nothing', had, [...items(had), priced({ action: 'modify' })], ['/productOrderItem/2']],
      [
        'one with components',
        had,
        [...items(had), priced({ productOrderItem: [priced({ id: '9.1' })] })],
        ['/productOrderItem/2', '/productOrderItem/2/productOrderItem/0'],
      ],
      [
        'one while the order is stopped',
        { ...had, state: 'held' },
        [...items(had), priced()],
        ['/productOrderItem/2'],
      ],
      [
        'one below another item',
        had,
        [items(had)[0] ?? {}, { ...items(had)[1], productOrderItem: [priced()] }],
        ['/productOrderItem/1/productOrderItem/0'],
      ],
    ])('takes, or says why not: %s', (_name, before, productOrderItem, expected) => {
      const after = { ...before, productOrderItem: [...productOrderItem] };
      expect(paths(toldFaults(before, after))).toEqual(expected);
    });
  });

  it('comes back when a change leaves it out', () => {
    const order = {
      ...changed(plain, (first) => ({ ...first, quantity: 7, itemPrice: price })),
      externalId: [{ owner: 'erp', externalIdentifierType: 'salesOrder', id: '1' }],
    };
    const after = { ...order, productOrderItem: [{ id: '1', state: 'inProgress' }, item('2')] };
    expect(keepOrdered(order, after)).toEqual(changed(order, (first) => ({ ...first, state: 'inProgress' })));
  });
});

describe('a patch of items by id and state', () => {
  it('leaves what they order as it was', () => {
    const after = {
      state: 'acknowledged',
      productOrderItem: [{ id: '1', action: 'add', state: 'inProgress' }],
    };
    expect(keepOrdered(quoted, after)).toEqual({
      ...quoted,
      productOrderItem: [{ ...(quoted['productOrderItem'] as JsonObject[])[0], state: 'inProgress' }],
    });
  });

  it('may still take a price that no quote promised away', () => {
    const before = changed(plain, (first) => ({ ...first, itemPrice: price }));
    expect(keepOrdered(before, plain)).toEqual(plain);
  });
});

describe('an order of a quote', () => {
  it('changes in state, notes and dates only', () => {
    const after = {
      ...changed(quoted, (first) => ({ ...first, state: 'inProgress' })),
      note: [{ text: 'x' }],
    };
    expect(quoteFaults(quoted, after)).toEqual([]);
  });

  it.each<[string, JsonObject, string]>([
    ['another total', { ...quoted, orderTotalPrice: [] }, '/orderTotalPrice'],
    ['another quote', { ...quoted, quote: [{ id: 'p' }] }, '/quote'],
    [
      'another price of an item',
      changed(quoted, (first) => ({ ...first, itemPrice: [] })),
      '/productOrderItem/0/itemPrice',
    ],
    [
      'another quantity',
      changed(quoted, (first) => ({ ...first, quantity: 2 })),
      '/productOrderItem/0/quantity',
    ],
    [
      'another price of a nested item',
      changed(quoted, (first) => ({ ...first, productOrderItem: [item('1.1')] })),
      '/productOrderItem/0/productOrderItem/0/itemPrice',
    ],
    [
      'one more item',
      { ...quoted, productOrderItem: [...(quoted['productOrderItem'] as JsonObject[]), item('9')] },
      '/productOrderItem/1',
    ],
  ])('cannot get %s', (_name, after, path) => {
    expect(paths(quoteFaults(quoted, after))).toEqual([path]);
  });

  it('cannot lose an item', () => {
    expect(
      removedFaults(
        quoted,
        changed(quoted, () => item('9')),
      ),
    ).toHaveLength(2);
  });

  it('is not made of another order later', () => {
    expect(paths(quoteFaults(plain, { ...plain, quote: [{ id: 'q' }] }))).toEqual(['/quote']);
  });

  it('needs a price for every item that is charged', () => {
    const after = changed(quoted, ({ itemPrice: _price, productOrderItem: _nested, ...first }) => first);
    expect(paths(unpricedFaults(after))).toEqual(['/productOrderItem/0/itemPrice']);
    expect(unpricedFaults(changed(after, (first) => ({ ...first, action: 'delete' })))).toEqual([]);
    expect(unpricedFaults(quoted)).toEqual([]);
    expect(unpricedFaults(plain)).toEqual([]);
  });
});

describe('an order of its own', () => {
  it('loses only items that nobody has begun', () => {
    const without = { ...plain, productOrderItem: [item('2')] };
    expect(removedFaults(plain, without)).toEqual([]);
    const begun = changed(plain, (first) => ({ ...first, state: 'inProgress' }));
    expect(removedFaults(begun, without)).toMatchObject([{ path: '/productOrderItem', code: 'frozen' }]);
  });

  it('is checked again where it orders something else, and as a whole when it is submitted', () => {
    expect([...toCheckAgain(plain, plain)]).toEqual([]);
    const other = changed(plain, (first) => ({ ...first, productOffering: { id: 'x' } }));
    expect([...toCheckAgain(plain, other)]).toEqual(['1']);
    const more = { ...plain, productOrderItem: [...(plain['productOrderItem'] as JsonObject[]), item('3')] };
    expect([...toCheckAgain(plain, more)]).toEqual(['3']);
    expect([...toCheckAgain({ ...plain, state: 'draft' }, plain)]).toEqual(['1', '2']);
  });
});
