import type { JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { customerPrice } from './customer-price';
import type { PriceDocument, PriceQuestion } from './price-candidates';

const question = (more: Partial<PriceQuestion> = {}): PriceQuestion => ({
  priceLists: [],
  quantity: '1',
  date: '2026-06-01T00:00:00Z',
  ...more,
});

const use = (name: string, ...values: JsonObject[]): JsonObject => ({
  name,
  productSpecCharacteristicValue: values,
});
const forCustomer = (id: string) => use('customer', { value: id });
const forList = (id: string) => use('priceList', { value: id });
const tier = (from: number, to?: number) =>
  use('quantity', { valueFrom: from, ...(to ? { valueTo: to } : {}) });

const price = (id: string, value: number, uses: JsonObject[] = [], more: JsonObject = {}): PriceDocument => ({
  id,
  price: {
    name: id,
    priceType: 'oneTime',
    lifecycleStatus: 'Launched',
    price: { unit: 'EUR', value },
    prodSpecCharValueUse: uses,
    ...more,
  },
});
const discount = (
  id: string,
  percentage: number,
  uses: JsonObject[] = [],
  more: JsonObject = {},
): PriceDocument => ({
  id,
  price: {
    name: id,
    priceType: 'discount',
    lifecycleStatus: 'Launched',
    percentage,
    prodSpecCharValueUse: uses,
    ...more,
  },
});

const ask = (documents: readonly PriceDocument[], more: Partial<PriceQuestion> = {}) => {
  const found = customerPrice(documents, question(more));
  if (!found.ok) throw new Error(found.error.code);
  return found.value;
};
const refusal = (documents: readonly PriceDocument[], more: Partial<PriceQuestion> = {}) => {
  const found = customerPrice(documents, question(more));
  return found.ok ? undefined : found.error.code;
};

describe('the price of a part for a customer', () => {
  const catalog = [
    price('list', 100),
    price('dealer', 90, [forList('dealers')]),
    price('agreed', 70, [forCustomer('c1')]),
  ];

  it.each<[string, Partial<PriceQuestion>, number, string]>([
    ['everybody pays the list price', {}, 100, 'list'],
    ['a price list goes before it', { priceLists: ['retail', 'dealers'] }, 90, 'dealer'],
    ['a price that was agreed goes before both', { customer: 'c1', priceLists: ['dealers'] }, 70, 'agreed'],
    ['what others agreed does not count', { customer: 'c2' }, 100, 'list'],
  ])('%s', (_title, more, net, id) => {
    const found = ask(catalog, more);
    expect(found).toMatchObject({ net, list: 100, currency: 'EUR', quantity: 1 });
    expect(found.steps.map(({ priceId }) => priceId)).toEqual([id]);
  });

  it('is the tier that holds the quantity', () => {
    const tiers = [price('few', 10, [tier(1, 9)]), price('many', 8, [tier(10)])];
    expect(ask(tiers, { quantity: '9' }).net).toBe(90);
    expect(ask(tiers, { quantity: '10' }).net).toBe(80);
    expect(refusal(tiers, { quantity: '0.5' })).toBe('noPrice');
  });

  it('names each step of discounts and surcharges, of the amount reached so far', () => {
    const documents = [
      price('list', 100),
      discount('season', 10),
      discount('season', 20, [tier(5)], { validFor: { startDateTime: '2026-01-01T00:00:00Z' } }),
      discount('dealer bonus', 5, [forList('dealers')]),
      { id: 'toll', price: { name: 'toll', priceType: 'surcharge', price: { unit: 'EUR', value: 1 } } },
    ];
    const found = ask(documents, { quantity: '5', priceLists: ['dealers'] });
    expect(found.steps.map(({ rule, name, amount, result }) => [rule, name, amount, result])).toEqual([
      ['price', 'list', 500, 500],
      ['discount', 'season', -100, 400],
      ['surcharge', 'toll', 5, 405],
      ['discount', 'dealer bonus', -20.25, 384.75],
    ]);
    expect([found.list, found.net]).toEqual([500, 384.75]);
  });

  it('has every discount that counts for the customer, also a price that was agreed, as in the ERP', () => {
    const documents = [...catalog, discount('season', 10), discount('loyal', 50, [forCustomer('c1')])];
    expect(ask(documents, { customer: 'c1' }).net).toBe(31.5);
    expect(ask(documents, { customer: 'c2' }).net).toBe(90);
  });

  it.each<[string, Partial<PriceQuestion>, number[]]>([
    ['his own', { customer: 'c1', priceLists: ['dealers'] }, [30]],
    ['else that of his price list', { customer: 'c2', priceLists: ['dealers'] }, [20]],
    ['else that for everybody', { customer: 'c2' }, [10]],
  ])('of one schedule a customer has one discount: %s', (_title, more, percentages) => {
    const documents = [
      price('list', 100),
      discount('general', 10, [], { name: 'season' }),
      discount('of the list', 20, [forList('dealers')], { name: 'season' }),
      discount('his', 30, [forCustomer('c1')], { name: 'season' }),
    ];
    const [, ...steps] = ask(documents, more).steps;
    expect(steps.map(({ percentage }) => percentage)).toEqual(percentages);
  });

  it('a discount of nothing that is nearer takes the place of the others, and is no step', () => {
    const documents = [
      price('list', 100),
      discount('general', 10, [], { name: 'season' }),
      discount('his few', 0, [forCustomer('c1'), tier(1, 9)], { name: 'season' }),
      discount('his many', 5, [forCustomer('c1'), tier(10)], { name: 'season' }),
    ];
    const few = ask(documents, { customer: 'c1', quantity: '9' });
    expect([few.net, few.steps.map(({ rule }) => rule)]).toEqual([900, ['price']]);
    expect(ask(documents, { customer: 'c1', quantity: '10' }).net).toBe(950);
    expect(ask(documents, { customer: 'c2', quantity: '9' }).net).toBe(810);
  });

  it('has the discounts of the categories of the part', () => {
    const documents = [price('list', 100), discount('seals', 10, [use('category', { value: 'seals' })])];
    expect(ask(documents, { categories: ['spares', 'seals'] }).net).toBe(90);
    expect(ask(documents, { categories: ['spares'] }).net).toBe(100);
    expect(ask(documents).net).toBe(100);
  });

  const tied = (...ids: readonly string[]): JsonObject => ({
    popRelationship: ids.map((id) => ({ id, relationshipType: 'discount' })),
  });

  it.each<[string, readonly PriceDocument[], Partial<PriceQuestion>, number]>([
    ['counts when the price names it', [price('list', 100, [], tied('d')), discount('d', 10)], {}, 90],
    ['counts when it names the price', [price('list', 100), discount('d', 10, [], tied('list'))], {}, 90],
    ['does not count for another price', [...catalog, discount('d', 10, [], tied('dealer'))], {}, 100],
    [
      'of another price does not count',
      [price('list', 100), price('dealer', 90, [forList('dealers')], tied('d')), discount('d', 10)],
      { priceLists: [] },
      90,
    ],
    [
      'of the list price does not count for one that was agreed',
      [price('list', 100, [], tied('d')), price('agreed', 70, [forCustomer('c1')]), discount('d', 10)],
      { customer: 'c1' },
      70,
    ],
    [
      'counts for the price that was agreed with it',
      [price('agreed', 70, [forCustomer('c1')], tied('d')), discount('d', 10)],
      { customer: 'c1' },
      63,
    ],
    [
      'of each month does not count once',
      [price('list', 100), discount('d', 10, [], { recurringChargePeriodType: 'month' })],
      {},
      100,
    ],
  ])('a discount %s', (_title, documents, more, net) => {
    expect(ask(documents, more).net).toBe(net);
  });

  it('is not a hair below the half that is rounded up, whatever it is counted by', () => {
    const documents = [price('list', 0.01, [], { unitOfMeasure: { amount: 6, units: 'pc' } })];
    expect(ask(documents, { quantity: '3' }).net).toBe(0.01);
  });

  it('counts in the unit of the price', () => {
    const documents = [price('list', 12.5, [], { unitOfMeasure: { amount: 100, units: 'pc' } })];
    expect(ask(documents, { quantity: '30' })).toMatchObject({ net: 3.75, units: 'pc' });
  });

  it('is of the day, and says until when', () => {
    const change = '2026-07-01T00:00:00.000Z';
    const documents = [
      price('old', 10, [], { validFor: { endDateTime: change } }),
      price('new', 11, [], { validFor: { startDateTime: change } }),
    ];
    expect(ask(documents)).toMatchObject({ net: 10, validUntil: change });
    expect(ask(documents, { date: change })).toMatchObject({ net: 11 });
    expect(ask(documents, { date: change }).validUntil).toBeUndefined();
  });

  it('is the one that began last when two are in force', () => {
    const since = (day: string) => ({ validFor: { startDateTime: `${day}T00:00:00Z` } });
    const documents = [
      price('a', 1, [], since('2026-01-01')),
      price('b', 2, [], since('2026-02-01')),
      price('z', 3),
    ];
    expect(ask(documents).net).toBe(2);
  });

  it.each<[string, readonly PriceDocument[], Partial<PriceQuestion>, string]>([
    ['without a price', [], {}, 'noPrice'],
    ['with one that is not released', [price('a', 1, [], { lifecycleStatus: 'In Test' })], {}, 'noPrice'],
    ['with one that another customer agreed', [price('a', 1, [forCustomer('c1')])], {}, 'noPrice'],
    [
      'in two currencies',
      [price('a', 1), price('b', 1, [], { price: { unit: 'USD', value: 1 } })],
      {},
      'severalCurrencies',
    ],
    ['for nothing', [price('a', 1)], { quantity: '0' }, 'badQuantity'],
    ['for a word', [price('a', 1)], { quantity: 'many' }, 'badQuantity'],
    [
      'with discounts beyond the price',
      [price('a', 1), discount('d', 60), discount('e', 200)],
      {},
      'belowZero',
    ],
  ])('is refused %s', (_title, documents, more, code) => {
    expect(refusal(documents, more)).toBe(code);
  });

  it('is that of the wanted currency', () => {
    const documents = [price('a', 1), price('b', 7, [], { price: { unit: 'USD', value: 7 } })];
    expect(ask(documents, { currency: 'USD' })).toMatchObject({ net: 7, currency: 'USD', list: 7 });
  });

  const day = fc.integer({ min: 0, max: 40 }).map((n) => new Date(Date.UTC(2026, 4, 15 + n)).toISOString());
  const period = fc.record({ startDateTime: day, endDateTime: day }, { requiredKeys: [] });
  const uses = fc.constantFrom<JsonObject[]>(
    [],
    [forCustomer('c1')],
    [forList('dealers')],
    [tier(1, 4)],
    [tier(5)],
  );
  const anyDocument = fc
    .tuple(fc.boolean(), fc.integer({ min: 1, max: 40 }), uses, period, fc.constantFrom('x', 'y'))
    .map(([isPrice, value, conditions, validFor, name]) =>
      isPrice
        ? price(name, value, conditions, { validFor })
        : discount(name, value, conditions, { validFor }),
    );
  const anyDocuments = fc
    .array(anyDocument, { maxLength: 8 })
    .map((list) => list.map((one, index) => ({ ...one, id: `${index}` })));
  const anyQuestion = fc
    .record({ quantity: fc.constantFrom('1', '5'), date: day, customer: fc.constantFrom('c1', 'c2') })
    .map((more) => question({ ...more, priceLists: ['dealers'] }));

  it('does not depend on the order in which the prices are read', () => {
    fc.assert(
      fc.property(anyDocuments, anyQuestion, (documents, asked) => {
        expect(customerPrice([...documents].reverse(), asked)).toEqual(customerPrice(documents, asked));
      }),
    );
  });

  it('is the same until the moment it is valid until', () => {
    fc.assert(
      fc.property(anyDocuments, anyQuestion, (documents, asked) => {
        const found = customerPrice(documents, asked);
        if (!found.ok || found.value.validUntil === undefined) return;
        const { net, validUntil } = found.value;
        const before = new Date(Date.parse(validUntil) - 1).toISOString();
        expect(ask(documents, { ...asked, date: before }).net).toBe(net);
      }),
    );
  });

  it('adds up: every step leads from the amount before to the amount it names', () => {
    fc.assert(
      fc.property(anyDocuments, anyQuestion, (documents, asked) => {
        const found = customerPrice(documents, asked);
        if (!found.ok) return;
        let cents = 0;
        for (const { amount, result } of found.value.steps) {
          cents += Math.round(amount * 100);
          expect(Math.round(result * 100)).toBe(cents);
        }
        expect(Math.round(found.value.net * 100)).toBe(cents);
      }),
    );
  });
});
