import type { JsonObject } from '@quotebridge/platform/core';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import type { PricingInput } from './input';
import { priceItem } from './price-item';
import { toQuotePrice } from './quote-price';
import { allItems, totalPrices } from './totals';
import { ask, at, eur, input, monthly, price, tier, vat } from './catalog.fixture';

const cents = fc.integer({ min: 0, max: 10_000_000 }).map((value) => value / 100);
const percent = fc.integer({ min: 0, max: 1000 }).map((value) => value / 10);
const request = fc
  .tuple(
    fc.constantFrom('discount', 'surcharge', 'oneTime', 'recurring'),
    fc.oneof(
      percent.map((percentage): JsonObject => ({ percentage })),
      cents.map((value): JsonObject => ({ dutyFreeAmount: eur(value) })),
    ),
    fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
    fc.constantFrom('a', 'b', 'c'),
  )
  .map(([type, figure, priority, name]) => ask(name, type, figure, priority));

const charge = fc
  .tuple(cents, fc.boolean(), fc.constantFrom(0, 5.5, 7, 19, 22), fc.constantFrom(1, 10, 100))
  .map(([value, isMonthly, rate, amount]) => ({
    price: eur(value),
    unitOfMeasure: { amount, units: 'EA' },
    ...(isMonthly ? monthly : {}),
    ...vat(rate),
  }));

const item: fc.Arbitrary<PricingInput> = fc
  .record({
    charges: fc.array(charge, { minLength: 1, maxLength: 4 }),
    quantity: fc.integer({ min: 1, max: 5000 }),
    alterations: fc.array(request, { maxLength: 4 }),
  })
  .map(({ charges, quantity, alterations }) =>
    input(
      charges.map((more, index) => price(`p${index}`, more)),
      { quantity, alterations },
    ),
  );

const quoteItem = (it: PricingInput, id: string): JsonObject => {
  const result = priceItem(it);
  return { id, quoteItemPrice: result.ok ? result.value.charges.map(toQuotePrice) : [] };
};

const money = (entry: unknown, name: string): Decimal =>
  new Decimal(Number(at(entry, 'price', name, 'value') ?? 0));
const decimals = (value: unknown): number => new Decimal(Number(value)).decimalPlaces();
const sum = (entries: readonly unknown[], name: string): string =>
  entries.reduce<Decimal>((total, entry) => total.plus(money(entry, name)), new Decimal(0)).toString();
const numbersIn = (json: unknown): number[] => {
  if (typeof json === 'number') return [json];
  return typeof json === 'object' && json !== null ? Object.values(json).flatMap(numbersIn) : [];
};

describe('every priced item', () => {
  it('has the same price in whatever order its alterations arrive', () => {
    const shuffled = item.chain((it) =>
      fc.tuple(
        fc.constant(it),
        fc.shuffledSubarray([...(it.alterations ?? [])], { minLength: it.alterations?.length ?? 0 }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([it, alterations]) => {
        expect(quoteItem({ ...it, alterations }, 'x')).toEqual(quoteItem(it, 'x'));
      }),
    );
  });

  it('has the same charges in whatever order the catalog lists them', () => {
    fc.assert(
      fc.property(item, (it) => {
        const list = it.offering['productOfferingPrice'];
        const reversed = {
          ...it,
          offering: { ...it.offering, productOfferingPrice: Array.isArray(list) ? [...list].reverse() : [] },
        };
        expect(totalPrices([quoteItem(reversed, 'x')])).toEqual(totalPrices([quoteItem(it, 'x')]));
      }),
    );
  });

  it('applies alterations by rising priority, those without one last', () => {
    fc.assert(
      fc.property(item, (it) => {
        const result = priceItem(it);
        for (const { alterations } of result.ok ? result.value.charges : []) {
          const priorities = alterations.map(({ alteration }) => alteration.priority);
          expect(priorities).toEqual([...priorities].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
        }
      }),
    );
  });

  it('adds up: list amount, changes, net, tax', () => {
    fc.assert(
      fc.property(item, (it) => {
        const result = priceItem(it);
        for (const { base, alterations, net, tax, gross } of result.ok ? result.value.charges : []) {
          const changed = alterations.reduce((total, { change }) => total.plus(change), base);
          expect(changed.toString()).toBe(net.toString());
          expect(net.plus(tax).toString()).toBe(gross.toString());
        }
      }),
    );
  });

  it('is never below zero and never has more decimals than its currency', () => {
    fc.assert(
      fc.property(item, (it) => {
        for (const entry of quoteItem(it, 'x')['quoteItemPrice'] as JsonObject[]) {
          for (const name of ['dutyFreeAmount', 'taxIncludedAmount']) {
            expect(money(entry, name).isNegative()).toBe(false);
            expect(decimals(at(entry, 'price', name, 'value'))).toBeLessThanOrEqual(2);
          }
          expect(numbersIn(entry).every((value) => JSON.stringify(value).length < 16)).toBe(true);
        }
      }),
    );
  });

  it('takes exactly one of tiers that cover every quantity', () => {
    const borders = fc.uniqueArray(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(borders, fc.integer({ min: 1, max: 1000 }), (found, quantity) => {
        const edges = [0, ...found.sort((a, b) => a - b)];
        const prices = edges.map((from, index) =>
          price(`t${from}`, { price: eur(1000 - index), ...tier(from, edges[index + 1], 'closedBottom') }),
        );
        const result = priceItem(input(prices, { quantity }));
        const expected = edges.filter((from) => from <= quantity).at(-1);
        expect(result.ok && result.value.charges.map((it) => it.price.id)).toEqual([`t${expected}`]);
      }),
    );
  });
});

describe('the totals of a quote', () => {
  /** Items in a random tree: every item but the first may hang under an earlier one. */
  const tree = fc.array(fc.tuple(item, fc.nat()), { minLength: 1, maxLength: 6 }).map((found) => {
    const nodes = found.map(([it, parent], index) => ({
      json: { ...quoteItem(it, `i${index}`), quoteItem: [] as JsonObject[] },
      parent,
    }));
    const roots: JsonObject[] = [];
    nodes.forEach(({ json, parent }, index) => {
      const holder = parent % 2 === 0 || index === 0 ? undefined : nodes[parent % index];
      (holder?.json.quoteItem ?? roots).push(json);
    });
    return roots;
  });
  const entriesOf = (items: readonly JsonObject[]): unknown[] =>
    allItems(items).flatMap((it) => it['quoteItemPrice'] as JsonObject[]);

  it('are the sum of all items, nested ones counted once', () => {
    fc.assert(
      fc.property(tree, (items) => {
        for (const name of ['dutyFreeAmount', 'taxIncludedAmount']) {
          expect(sum(totalPrices(items), name)).toBe(sum(entriesOf(items), name));
        }
      }),
    );
  });

  it('have one entry for each price type and period', () => {
    fc.assert(
      fc.property(tree, (items) => {
        const keys = (entries: readonly unknown[]): string[] =>
          entries.map((it) => JSON.stringify([at(it, 'priceType'), at(it, 'recurringChargePeriod')]));
        const totals = keys(totalPrices(items));
        expect(new Set(totals).size).toBe(totals.length);
        expect(new Set(totals)).toEqual(new Set(keys(entriesOf(items))));
      }),
    );
  });

  it('do not depend on the order of the items', () => {
    fc.assert(
      fc.property(tree, (items) => expect(totalPrices([...items].reverse())).toEqual(totalPrices(items))),
    );
  });
});
