import type { JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { componentsOf } from './components';
import { walkBom, type BomLine, type BomQuestion } from './walk';

const NOW = Date.parse('2026-06-01T00:00:00Z');
const contains = (id: string, amount = 1, more: JsonObject = {}): JsonObject => ({
  '@type': 'ProductRelationship',
  relationshipType: 'contains',
  id,
  quantity: { amount, units: 'pc' },
  ...more,
});
const made = (...parts: JsonObject[]): JsonObject => ({ productRelationship: parts });

const inventory = (products: Readonly<Record<string, JsonObject>>) => {
  const reads: (readonly string[])[] = [];
  const read = async (ids: readonly string[]) => {
    reads.push(ids);
    return new Map(ids.flatMap((id) => (products[id] === undefined ? [] : [[id, products[id]] as const])));
  };
  const ask = (root: string, question: Partial<BomQuestion> = {}) =>
    walkBom(root, products[root] ?? {}, read, { levels: 10, effective: NOW, ...question });
  return { reads, ask };
};

const outline = (lines: readonly BomLine[]): string[] =>
  lines.map(
    ({ level, id, quantity, totalQuantity }) => `${'.'.repeat(level)}${id} ${quantity}/${totalQuantity}`,
  );

describe('walkBom', () => {
  const press = {
    press: made(contains('drive', 1, { position: '20' }), contains('frame', 1, { position: '3' })),
    drive: made(contains('motor', 2), contains('bolt', 8)),
    motor: made(contains('bearing', 2), contains('bolt', 4)),
    frame: made(contains('bolt', 0.5)),
    bearing: made(),
    bolt: made(),
  };

  it('lists each part below its parent, by position, with the quantity in one and in all', async () => {
    const { lines, isCut } = await inventory(press).ask('press');
    expect(outline(lines)).toEqual([
      '.frame 1/1',
      '..bolt 0.5/0.5',
      '.drive 1/1',
      '..bolt 8/8',
      '..motor 2/2',
      '...bearing 2/4',
      '...bolt 4/8',
    ]);
    expect(isCut).toBe(false);
  });

  it('reads once for each level, and each product once', async () => {
    const { reads, ask } = inventory(press);
    await ask('press');
    expect(reads.map((ids) => [...ids].sort())).toEqual([['drive', 'frame'], ['bolt', 'motor'], ['bearing']]);
  });

  it('goes as deep as asked and says that there is more', async () => {
    const { reads, ask } = inventory(press);
    const one = await ask('press', { levels: 1 });
    expect([outline(one.lines), one.isCut, reads.length]).toEqual([['.frame 1/1', '.drive 1/1'], true, 1]);
    expect((await ask('drive', { levels: 2 })).isCut).toBe(false);
    expect(await ask('press', { lines: 3 })).toMatchObject({ isCut: true, lines: { length: 3 } });
  });

  it('is the structure of the day', async () => {
    const swapped = '2026-03-01T00:00:00Z';
    const { ask } = inventory({
      press: made(
        contains('old', 1, { validFor: { endDateTime: swapped } }),
        contains('new', 1, { validFor: { startDateTime: swapped } }),
      ),
    });
    const at = async (day: string) => outline((await ask('press', { effective: Date.parse(day) })).lines);
    expect(await at('2026-02-28T23:59:59Z')).toEqual(['.old 1/1']);
    expect(await at(swapped)).toEqual(['.new 1/1']);
  });

  it('marks what stands above itself and does not follow it', async () => {
    const { ask } = inventory({ a: made(contains('b')), b: made(contains('a'), contains('b')) });
    const { lines } = await ask('a');
    expect(lines.map(({ id, isCycle }) => [id, isCycle])).toEqual([
      ['b', undefined],
      ['a', true],
      ['b', true],
    ]);
  });

  it('shows a part that is not in the inventory without a product', async () => {
    const { lines } = await inventory({ a: made(contains('gone')) }).ask('a');
    expect(lines).toEqual([
      { level: 1, id: 'gone', parent: 'a', quantity: 1, totalQuantity: 1, units: 'pc' },
    ]);
  });

  it('multiplies exactly', async () => {
    const { ask } = inventory({ a: made(contains('b', 0.1)), b: made(contains('c', 3)) });
    expect((await ask('a')).lines.at(-1)?.totalQuantity).toBe(0.3);
  });

  const names = ['a', 'b', 'c', 'd', 'e'];
  const anyStructure = fc.dictionary(
    fc.constantFrom(...names),
    fc.array(fc.record({ id: fc.constantFrom(...names), amount: fc.integer({ min: 1, max: 9 }) }), {
      maxLength: 4,
    }),
  );

  it('ends within its limits on any data, and never repeats a product on one way down', async () => {
    await fc.assert(
      fc.asyncProperty(anyStructure, fc.integer({ min: 0, max: 6 }), async (structure, levels) => {
        const { reads, ask } = inventory(
          Object.fromEntries(
            Object.entries(structure).map(([id, parts]) => [
              id,
              made(...parts.map(({ id: part, amount }) => contains(part, amount))),
            ]),
          ),
        );
        const { lines } = await ask('a', { levels, lines: 50 });
        expect(lines.length).toBeLessThanOrEqual(50);
        expect(reads.length).toBeLessThanOrEqual(levels);
        const path: string[] = ['a'];
        for (const { level, id, isCycle } of lines) {
          path.length = level;
          expect(path.includes(id)).toBe(isCycle === true);
          path.push(id);
        }
      }),
    );
  });

  it('gives each part the product of the quantities above it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }),
        async (amounts) => {
          const products = Object.fromEntries(
            amounts.map((amount, index) => [`n${index}`, made(contains(`n${index + 1}`, amount))]),
          );
          const { lines } = await inventory(products).ask('n0');
          expect(lines.at(-1)?.totalQuantity).toBe(amounts.reduce((product, amount) => product * amount, 1));
        },
      ),
    );
  });
});

describe('componentsOf', () => {
  it('takes relationships of the right type only, and one when no quantity is given', () => {
    const product = made(
      { relationshipType: 'reliesOn', id: 'x' },
      { relationshipType: 'contains', id: 'y', quantity: { units: 'm' } },
      { relationshipType: 'contains' },
    );
    expect(
      componentsOf(product, NOW).map(({ id, quantity, units }) => [id, quantity.toNumber(), units]),
    ).toEqual([['y', 1, 'm']]);
  });

  it('sorts positions as numbers', () => {
    const product = made(contains('b', 1, { position: '100' }), contains('a', 1, { position: '20' }));
    expect(componentsOf(product, NOW).map(({ id }) => id)).toEqual(['a', 'b']);
  });
});
