import * as fc from 'fast-check';
import { afterSales, type AfterSales } from '.';

const unique = (list: readonly { readonly number: string }[]): boolean =>
  new Set(list.map(({ number }) => number)).size === list.length;

/** Levels of parts below a machine. */
const depthOf = ({ models, assemblies }: AfterSales): number => {
  const items = new Map([...models, ...assemblies].map((one) => [one.number, one.items]));
  const depth = (number: string): number =>
    1 + Math.max(0, ...(items.get(number) ?? []).map(({ component }) => depth(component)));
  return Math.max(...models.map(({ number }) => depth(number))) - 1;
};

describe('the after-sales business', () => {
  it('has 40 models of 5 levels, 2,000 parts and 500 customers at factor 1', () => {
    const all = afterSales(1, 1);
    expect([all.models, all.parts, all.accounts, all.equipment].map(({ length }) => length)).toEqual([
      40, 2_000, 500, 800,
    ]);
    expect(depthOf(all)).toBe(5);
    expect(new Set(all.accounts.map(({ priceList }) => priceList)).size).toBe(3);
    expect(all.parts.some(({ successors }) => successors.length > 1)).toBe(true);
    const next = new Map(all.parts.map(({ number, successors }) => [number, successors]));
    expect(
      all.parts.some(({ successors }) => successors.some((one) => (next.get(one) ?? []).length > 0)),
    ).toBe(true);
  });

  it('is nothing at factor 0', () => {
    expect(Object.values(afterSales(1, 0)).flat()).toEqual([]);
  });

  it('is the same for the same seed, and whole: numbers once, no reference into nothing, no ring', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(0.01, 0.05, 0.3), (seed, factor) => {
        const all = afterSales(seed, factor);
        expect(afterSales(seed, factor)).toEqual(all);
        const { models, assemblies, parts, accounts, equipment, contracts, suppliers } = all;
        for (const list of [models, assemblies, parts, accounts, equipment, contracts, suppliers])
          expect(unique(list)).toBe(true);
        const made = new Set([...models, ...assemblies, ...parts].map(({ number }) => number));
        const customers = new Set(accounts.map(({ number }) => number));
        const named = [...models, ...assemblies].flatMap(({ items }) =>
          items.map(({ component }) => component),
        );
        const succeeding = parts.flatMap(({ successors }) => successors);
        expect([...named, ...succeeding].filter((number) => !made.has(number))).toEqual([]);
        const used = [
          ...accounts.flatMap(({ parent, shipTo, billTo, payer }) => [
            parent ?? shipTo,
            shipTo,
            billTo,
            payer,
          ]),
          ...equipment.map(({ customer }) => customer),
          ...contracts.map(({ customer }) => customer),
        ];
        expect(used.filter((number) => !customers.has(number))).toEqual([]);
        // A successor is a later number, so a chain has an end.
        expect(parts.every(({ number, successors }) => successors.every((next) => next > number))).toBe(true);
        const families = new Set(models.flatMap((model) => model.families));
        expect(parts.every(({ family }) => families.has(family))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
