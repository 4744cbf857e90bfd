import { isJsonObject, objectsAt, type JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { keptStructure, settledOrAsked, subjectOf, withStructure, withoutStructure } from './item-structure';
import { item } from './quote.fixture';

const line = (level: number, id: string, quantity = 1): JsonObject => ({
  level,
  id,
  quantity,
  totalQuantity: quantity,
  units: 'PC',
  position: '10',
  product: { name: `The ${id}` },
});

/** Ids of relationships with how many, and of what is inside them. */
const outline = (parts: readonly JsonObject[]): unknown[] =>
  parts.map((part) => {
    const quantity = isJsonObject(part['quantity']) ? part['quantity']['amount'] : undefined;
    const inside = isJsonObject(part['product']) ? objectsAt(part['product'], 'productRelationship') : [];
    return [part['id'], quantity, ...(inside.length === 0 ? [] : [outline(inside)])];
  });
const partsOf = (kept: JsonObject): readonly JsonObject[] => objectsAt(kept, 'parts');
const count = (parts: readonly JsonObject[]): number =>
  parts.reduce(
    (sum, part) =>
      sum + 1 + count(isJsonObject(part['product']) ? objectsAt(part['product'], 'productRelationship') : []),
    0,
  );

describe('what an item stands for', () => {
  const reference = (product: JsonObject) => item('1', 'pump', { product });

  it.each<[string, JsonObject, unknown]>([
    ['a machine by id', reference({ '@type': 'ProductRef', id: 'p1' }), { kind: 'product', id: 'p1' }],
    [
      'a machine by serial number',
      reference({ '@type': 'Product', productSerialNumber: 'SN-1' }),
      { kind: 'serialNumber', id: 'SN-1' },
    ],
    ['an offering', item('1', 'pump'), { kind: 'offering', id: 'pump' }],
    [
      'an offering of its product',
      { product: { productOffering: { id: 'x' } } },
      { kind: 'offering', id: 'x' },
    ],
    ['nothing when it ends something', item('1', 'pump', { action: 'delete' }), undefined],
    ['nothing when it only groups', { quoteItem: [] }, undefined],
  ])('%s', (_name, given, expected) => {
    expect(subjectOf(given)).toEqual(expected);
  });
});

describe('what is kept of a structure', () => {
  const press = {
    id: 'press',
    product: { name: 'Press 400' },
    effective: '2026-06-15T12:00:00.000Z',
    asOf: '2026-06-01T00:00:00.000Z',
    levels: 5,
    isCut: false,
    lines: [
      line(1, 'frame'),
      line(2, 'bolt', 8),
      line(1, 'drive', 2),
      line(2, 'motor'),
      line(3, 'bearing', 2),
    ],
  };

  it('is each part with what it contains itself, in the order of the bill', () => {
    const kept = keptStructure(10)(press);
    expect(outline(partsOf(kept))).toEqual([
      ['frame', 1, [['bolt', 8]]],
      ['drive', 2, [['motor', 1, [['bearing', 2]]]]],
    ]);
    expect(kept).toMatchObject({
      product: { id: 'press', name: 'Press 400' },
      effective: press.effective,
      asOf: press.asOf,
      isCut: false,
      parts: [
        {
          '@type': 'ProductRelationship',
          '@referredType': 'Product',
          relationshipType: 'contains',
          name: 'The frame',
          quantity: { amount: 1, units: 'PC' },
          position: '10',
        },
        {},
      ],
    });
  });

  it.each([
    [
      4,
      [
        ['frame', 1, [['bolt', 8]]],
        ['drive', 2, [['motor', 1]]],
      ],
    ],
    [
      3,
      [
        ['frame', 1],
        ['drive', 2],
      ],
    ],
    [1, [['frame', 1]]],
  ])('is whole levels from above when there is room for %i, and says that it is cut', (most, expected) => {
    const kept = keptStructure(most)(press);
    expect(outline(partsOf(kept))).toEqual(expected);
    expect(kept['isCut']).toBe(true);
  });

  it('says that it is cut when the inventory says so', () => {
    expect(keptStructure(10)({ ...press, isCut: true })['isCut']).toBe(true);
  });

  it('has every line when there is room, and never more than there is room for', () => {
    const levels = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 30 }).map((steps) => {
      let level = 0;
      return steps.map((step) => {
        level = step === 0 ? 1 : Math.min(level + 1, level + step - 1) || 1;
        return level;
      });
    });
    fc.assert(
      fc.property(levels, fc.integer({ min: 1, max: 40 }), (depths, most) => {
        const lines = depths.map((level, index) => line(level, `p${index}`));
        const kept = keptStructure(most)({ isCut: false, lines });
        const shown = count(partsOf(kept));
        expect(shown).toBeLessThanOrEqual(most);
        expect(kept['isCut']).toBe(shown < lines.length);
        if (lines.length <= most) expect(shown).toBe(lines.length);
        else expect(shown).toBeGreaterThan(0);
      }),
    );
  });
});

describe('an item that carries a structure', () => {
  const kept = keptStructure(10)({ id: 'press', isCut: false, lines: [line(1, 'frame')] });
  const bare = item('1', 'pump', { product: { '@type': 'ProductRef', id: 'press' } });
  const attached = withStructure(bare, { kind: 'product', id: 'press' }, kept);

  it('holds it in its product, which a reference becomes, and says what it is of', () => {
    expect(attached).toMatchObject({
      product: { '@type': 'Product', id: 'press', productRelationship: [{ id: 'frame' }] },
      productStructure: {
        '@type': 'ProductStructure',
        of: 'product/press',
        status: 'attached',
        isCut: false,
      },
    });
  });

  it('keeps a class of its own', () => {
    const machine = item('1', 'pump', { product: { '@type': 'Machine', id: 'press' } });
    expect(withStructure(machine, { kind: 'product', id: 'press' }, kept)['product']).toMatchObject({
      '@type': 'Machine',
    });
  });

  it('is as it was when there is nothing in it', () => {
    expect(withStructure(bare, { kind: 'product', id: 'press' }, { isCut: false, parts: [] })).toBe(bare);
  });

  it('keeps it, and gets it back when a change leaves it out', () => {
    expect(settledOrAsked(attached, undefined)).toEqual({ settled: attached });
    expect(settledOrAsked(bare, attached)).toEqual({ settled: attached });
  });

  it('loses it when it names something else, which has to be asked for', () => {
    const other = { ...attached, product: { ...(attached['product'] as JsonObject), id: 'saw' } };
    expect(settledOrAsked(other, attached)).toEqual({
      bare: { ...bare, product: { '@type': 'Product', id: 'saw' } },
      subject: { kind: 'product', id: 'saw' },
    });
  });

  it('leaves what a client wrote himself', () => {
    const own = item('1', 'pump', {
      product: { productRelationship: [{ relationshipType: 'reliesOn', id: 'x' }] },
    });
    expect(settledOrAsked(own, undefined)).toEqual({ settled: own });
    expect(withoutStructure(own)).toBe(own);
  });

  it('has no product left when it had none before', () => {
    const offered = item('1', 'pump');
    expect(withoutStructure(withStructure(offered, { kind: 'offering', id: 'pump' }, kept))).toEqual(offered);
  });
});
