import * as fc from 'fast-check';
import type { JsonObject } from '@quotebridge/platform/core';
import { marginOf, netOfItem, unitCost, type MarginLine } from './margin';
import { Exact } from './money';

const DATE = '2026-06-15T12:00:00Z';
const cost = (value: number, more: JsonObject = {}): JsonObject => ({
  price: { unit: 'EUR', value },
  ...more,
});
const from = (startDateTime: string, endDateTime?: string): JsonObject => ({
  validFor: { startDateTime, ...(endDateTime === undefined ? {} : { endDateTime }) },
});

describe('what one piece costs', () => {
  it.each<[string, JsonObject[], string | undefined]>([
    ['is not known without a cost', [], undefined],
    ['is the lowest that holds', [cost(5), cost(3), cost(1, from('2027-01-01T00:00:00Z'))], '3'],
    ['ends with its period', [cost(1, from('2026-01-01T00:00:00Z', '2026-06-15T12:00:00Z')), cost(2)], '2'],
    ['counts by the piece', [cost(50, { unitOfMeasure: { amount: 100, units: 'PC' } })], '0.5'],
    ['counts in its own currency only', [{ price: { unit: 'USD', value: 1 } }], undefined],
    ['may be nothing', [cost(0)], '0'],
    ['is none that cannot be read', [cost(-1), cost(1, { unitOfMeasure: { amount: 0 } }), {}], undefined],
  ])('%s', (_name, procurementCost, expected) => {
    expect(unitCost({ procurementCost }, { date: DATE, currency: 'EUR' })?.toString()).toBe(expected);
  });

  it('is calculated with as exactly as any amount', () => {
    const procurementCost = [cost(1, { unitOfMeasure: { amount: 3, units: 'PC' } })];
    const one = unitCost({ procurementCost }, { date: DATE, currency: 'EUR' });
    expect(one?.times(2).toString()).toBe(new Exact(1).dividedBy(3).times(2).toString());
  });
});

describe('what an item brings in', () => {
  const price = (value: number, priceType: string, unit = 'EUR'): JsonObject => ({
    priceType,
    price: { dutyFreeAmount: { unit, value } },
  });

  it.each<[string, JsonObject[], string | undefined]>([
    ['all charges', [price(0.1, 'oneTime'), price(0.2, 'recurring')], '0.3'],
    ['but no usage', [price(1, 'oneTime'), price(9, 'usage')], '1'],
    ['nothing without a price', [price(9, 'usage')], undefined],
    [
      'nothing that can be added in several currencies',
      [price(1, 'oneTime'), price(1, 'oneTime', 'USD')],
      undefined,
    ],
  ])('%s', (_name, quoteItemPrice, expected) => {
    expect(netOfItem({ quoteItemPrice })?.value.toString()).toBe(expected);
  });
});

const cents = fc.integer({ min: 0, max: 9_999_999 });
const line = (known: fc.Arbitrary<boolean>): fc.Arbitrary<MarginLine> =>
  fc.record({ net: cents, cost: cents, known, id: fc.uuid() }).map((one) => ({
    id: one.id,
    net: { value: new Exact(one.net).div(100), currency: 'EUR' },
    cost: one.known ? new Exact(one.cost).div(100) : undefined,
  }));
const valueOf = (json: JsonObject | undefined, name: string): number =>
  Number((json?.[name] as JsonObject | undefined)?.['value']);

describe('the margin of a quote', () => {
  it('is what is left of the net after the cost, exactly, and the sum of its items', () => {
    fc.assert(
      fc.property(fc.array(line(fc.constant(true)), { minLength: 1, maxLength: 8 }), (lines) => {
        const margin = marginOf(lines);
        const sum = (of: (one: MarginLine) => number): number =>
          Math.round(lines.reduce((total, one) => total + of(one) * 100, 0)) / 100;
        expect(valueOf(margin, 'net')).toBe(sum(({ net }) => net.value.toNumber()));
        expect(valueOf(margin, 'cost')).toBe(sum(({ cost: own }) => own?.toNumber() ?? 0));
        const items = margin?.['quoteItem'] as JsonObject[];
        const total = items.reduce((all, item) => all.plus(valueOf(item, 'margin')), new Exact(0));
        expect(valueOf(margin, 'margin')).toBe(total.toNumber());
        expect(margin).not.toHaveProperty('unknownCost');
      }),
    );
  });

  it('is told as a whole only when every cost is known, and names what is not', () => {
    fc.assert(
      fc.property(fc.array(line(fc.boolean()), { maxLength: 6 }), (lines) => {
        const margin = marginOf(lines);
        const unknown = lines.filter(({ cost: own }) => own === undefined).map(({ id }) => id);
        if (unknown.length === lines.length) return expect(margin).toBeUndefined();
        expect(margin?.['unknownCost'] ?? []).toEqual(unknown);
        return expect('margin' in (margin ?? {})).toBe(unknown.length === 0);
      }),
    );
  });

  it('has a percentage of the net, none of nothing, and no sum of several currencies', () => {
    const of = (net: number, own: number, currency = 'EUR'): MarginLine => ({
      id: `${net} ${currency}`,
      net: { value: new Exact(net), currency },
      cost: new Exact(own),
    });
    expect(marginOf([of(300, 200)])).toMatchObject({
      percentage: 33.33,
      margin: { unit: 'EUR', value: 100 },
    });
    expect(marginOf([of(100, 150)])).toMatchObject({ percentage: -50, margin: { value: -50 } });
    expect(marginOf([of(0, 5)])).not.toHaveProperty('percentage');
    expect(marginOf([of(1, 1), of(1, 1, 'USD')])).not.toHaveProperty('margin');
  });
});
