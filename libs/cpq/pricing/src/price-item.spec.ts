import type { JsonObject } from '@quotebridge/platform/core';
import { defaultRules, type PricingInput } from './input';
import { priceItem } from './price-item';
import {
  ask,
  discount,
  eur,
  figures,
  input,
  monthly,
  NOW,
  offering,
  price,
  reason,
  tier,
  vat,
} from './catalog.fixture';

const listAnd = (more: JsonObject): JsonObject[] => [price('list', vat(19)), discount('off', more)];
const tiers = [
  price('t1', { price: eur(10), ...tier(1, 9) }),
  price('t2', { price: eur(9), ...tier(10, 99) }),
  price('t3', { price: eur(8.5), ...tier(100) }),
];

describe('charges', () => {
  it.each<[string, PricingInput, string[]]>([
    ['one time with tax', input([price('a', vat(19))], { quantity: 3 }), ['oneTime 300 357 EUR']],
    [
      'recurring',
      input([price('a', { ...monthly, price: eur(9.99), ...vat(19) })]),
      ['recurring/month 9.99 11.89 EUR'],
    ],
    [
      'every three months',
      input([price('a', { ...monthly, recurringChargePeriodLength: 3 })]),
      ['recurring/3 month 100 100 EUR'],
    ],
    [
      'a usage rate, neither multiplied nor cut to cents',
      input(
        [
          price('a', {
            priceType: 'usage',
            price: eur(0.0025),
            unitOfMeasure: { amount: 1, units: 'MB' },
            ...vat(20),
          }),
        ],
        {
          quantity: 7,
        },
      ),
      ['usage 0.0025 0.003 EUR'],
    ],
    [
      'several charges of one offering',
      input([price('a'), price('b', monthly)]),
      ['oneTime 100 100 EUR', 'recurring/month 100 100 EUR'],
    ],
    [
      'a price per hundred',
      input([price('a', { price: eur(12.34), unitOfMeasure: { amount: 100, units: 'EA' } })], {
        quantity: 250,
      }),
      ['oneTime 30.85 30.85 EUR'],
    ],
    [
      'half a cent rounds up',
      input([price('a', { price: eur(0.335) })], { quantity: 3 }),
      ['oneTime 1.01 1.01 EUR'],
    ],
    [
      'yen have no decimals',
      input([price('a', { price: { unit: 'JPY', value: 333.5 }, ...vat(10) })]),
      ['oneTime 334 367 JPY'],
    ],
    [
      'dinars have three',
      input([price('a', { price: { unit: 'KWD', value: 1.2345 } })]),
      ['oneTime 1.235 1.235 KWD'],
    ],
    [
      'no float artefact',
      input([price('a', { price: eur(0.1), ...vat(0) })], { quantity: 3 }),
      ['oneTime 0.3 0.3 EUR'],
    ],
    [
      'an amount as text',
      input([price('a', { price: { unit: 'EUR', value: '1.10' } })], { quantity: 3 }),
      ['oneTime 3.3 3.3 EUR'],
    ],
    [
      'two taxes',
      input([price('a', { tax: [{ taxRate: 5 }, { taxRate: 9.975 }] })]),
      ['oneTime 100 114.98 EUR'],
    ],
    [
      'a fixed tax per piece',
      input([price('a', { tax: [{ taxAmount: eur(0.25) }, { taxRate: 19 }] })], { quantity: 2 }),
      ['oneTime 200 238.5 EUR'],
    ],
    [
      'a price written into the offering',
      { ...input([]), offering: { ...offering('o', []), productOfferingPrice: [price('a')] } },
      ['oneTime 100 100 EUR'],
    ],
    [
      'a dozen of pieces',
      input([price('a', { unitOfMeasure: { amount: 1, units: 'EA' } })], { quantity: 2, unit: 'DZ' }),
      ['oneTime 2400 2400 EUR'],
    ],
  ])('%s', (_name, it, expected) => expect(figures(it)).toEqual(expected));
});

describe('quantity tiers', () => {
  it.each([
    [1, 'oneTime 10 10 EUR'],
    [9, 'oneTime 90 90 EUR'],
    [10, 'oneTime 90 90 EUR'],
    [99, 'oneTime 891 891 EUR'],
    [100, 'oneTime 850 850 EUR'],
    [5000, 'oneTime 42500 42500 EUR'],
  ])('of %d pieces take the tier that holds them', (quantity, expected) =>
    expect(figures(input(tiers, { quantity }))).toEqual([expected]),
  );

  it.each<[string, JsonObject, JsonObject, string]>([
    [
      'closedBottom leaves the upper end out',
      tier(1, 10, 'closedBottom'),
      tier(10, 20, 'closedBottom'),
      'oneTime 20 20 EUR',
    ],
    [
      'closedTop leaves the lower end out',
      tier(0, 10, 'closedTop'),
      tier(10, 20, 'closedTop'),
      'oneTime 10 10 EUR',
    ],
    ['open leaves both out', tier(0, 10, 'open'), tier(9, 20, 'open'), 'oneTime 20 20 EUR'],
    ['two closed tiers share their border', tier(1, 10), tier(10, 20), 'refused: ambiguousTiers'],
    ['open tiers have a gap', tier(1, 10, 'open'), tier(10, 20, 'open'), 'refused: noTier'],
  ])('%s', (_name, low, high, expected) => {
    const both = [price('low', { price: eur(1), ...low }), price('high', { price: eur(2), ...high })];
    expect(figures(input(both, { quantity: 10 }))).toEqual([expected]);
  });

  it('of different types do not compete', () => {
    const both = [price('a', tier(1, 10)), price('b', { ...monthly, price: eur(5), ...tier(1, 10) })];
    expect(figures(input(both, { quantity: 2 }))).toEqual([
      'oneTime 200 200 EUR',
      'recurring/month 10 10 EUR',
    ]);
  });

  it('name every tier when none holds the quantity', () => {
    expect(reason(input(tiers.slice(0, 2), { quantity: 100 }))).toBe(
      "No tier holds the quantity 100: 't1' [1, 9], 't2' [10, 99].",
    );
  });

  it('count in the unit of the price', () => {
    const each = { unitOfMeasure: { amount: 1, units: 'EA' } };
    const both = tiers.map((it) => ({ ...it, ...each }));
    expect(figures(input(both, { quantity: 1, unit: 'DZ' }))).toEqual(['oneTime 108 108 EUR']);
  });
});

describe('validity, status and characteristics', () => {
  const from = (startDateTime: string): JsonObject => ({ validFor: { startDateTime } });
  const until = (endDateTime: string): JsonObject => ({ validFor: { endDateTime } });
  it.each<[string, JsonObject, string]>([
    ['from this instant on', from(NOW), 'oneTime 100 100 EUR'],
    ['until this instant', until(NOW), 'refused: noValidPrice'],
    ['not yet', from('2026-06-15T12:00:00.001Z'), 'refused: noValidPrice'],
    ['until just after', until('2026-06-15T12:00:00.001Z'), 'oneTime 100 100 EUR'],
    ['in another time zone', from('2026-06-15T14:00:00+02:00'), 'oneTime 100 100 EUR'],
    ['from a leap second on', from('2016-12-31T23:59:60Z'), 'oneTime 100 100 EUR'],
    ['an unreadable period', from('soon'), 'refused: noValidPrice'],
    ['retired', { lifecycleStatus: 'Retired' }, 'refused: noValidPrice'],
    ['in design', { lifecycleStatus: 'In Design' }, 'refused: noValidPrice'],
    ['a house state', { lifecycleStatus: 'Released to market' }, 'oneTime 100 100 EUR'],
  ])('%s', (_name, more, expected) => expect(figures(input([price('a', more)]))).toEqual([expected]));

  it('say why each price was passed over', () => {
    const it = input([
      price('a', until('2026-01-01T00:00:00Z')),
      price('b', { lifecycleStatus: 'Obsolete' }),
    ]);
    expect(reason(it)).toBe(
      "No price of 'offer' fits. The price 'a' is passed over: it was valid until 2026-01-01T00:00:00Z. " +
        "The price 'b' is passed over: it is obsolete.",
    );
  });

  const colour = (value: string, isDefault = false): JsonObject => ({
    prodSpecCharValueUse: [{ name: 'colour', productSpecCharacteristicValue: [{ value, isDefault }] }],
  });
  const colours = [
    price('red', { price: eur(1), ...colour('red', true) }),
    price('blue', { price: eur(2), ...colour('blue') }),
  ];
  it.each<[string | undefined, string]>([
    ['blue', 'oneTime 2 2 EUR'],
    ['red', 'oneTime 1 1 EUR'],
    [undefined, 'oneTime 1 1 EUR'],
    ['green', 'refused: noValidPrice'],
  ])('a characteristic value of %s picks its price', (value, expected) => {
    const characteristics = value === undefined ? {} : { colour: value };
    expect(figures(input(colours, { characteristics }))).toEqual([expected]);
  });
});

describe('an item without a price', () => {
  it.each<[string, PricingInput, string]>([
    ['no charge at all', input([]), 'noPrice'],
    ['a price that does not exist', input([], {}, ['gone']), 'missingPrice'],
    ['only a discount', input([discount('off', { percentage: 5 })]), 'noPrice'],
    ['a discount without a figure', input(listAnd({})), 'badPrice'],
    ['an unknown price type', input([price('a', { priceType: 'tribute' })]), 'unknownPriceType'],
    ['recurring without a period', input([price('a', { priceType: 'recurring' })]), 'noPeriod'],
    ['no amount', input([price('a', { price: {} })]), 'badPrice'],
    ['an amount without a currency', input([price('a', { price: { value: 3 } })]), 'badPrice'],
    [
      'no amount but an algorithm',
      input([price('a', { price: {}, pricingLogicAlgorithm: [{ plaSpecId: 'x' }] })]),
      'externalAlgorithm',
    ],
    ['two currencies', input([price('a'), price('b', { price: { unit: 'USD', value: 1 } })]), 'currencyMix'],
    ['not the currency asked for', input([price('a')], { currency: 'USD' }), 'currencyMix'],
    [
      'a discount in another currency',
      input([price('a')], {
        alterations: [ask('x', 'discount', { dutyFreeAmount: { unit: 'USD', value: 1 } })],
      }),
      'currencyMix',
    ],
    [
      'a tax in another currency',
      input([price('a', { tax: [{ taxAmount: { unit: 'USD', value: 1 } }] })]),
      'currencyMix',
    ],
    [
      'pieces for kilograms',
      input([price('a', { unitOfMeasure: { amount: 1, units: 'KG' } })], { unit: 'EA' }),
      'unknownUnit',
    ],
    [
      'a unit nobody knows',
      input([price('a', { unitOfMeasure: { amount: 1, units: 'hogshead' } })], { unit: 'EA' }),
      'unknownUnit',
    ],
    [
      'two units and no word which',
      input([
        price('a', { unitOfMeasure: { amount: 1, units: 'KG' } }),
        price('b', { unitOfMeasure: { amount: 1, units: 'EA' } }),
      ]),
      'unknownUnit',
    ],
    ['no quantity', input([price('a')], { quantity: 0 }), 'badQuantity'],
    ['a negative quantity', input([price('a')], { quantity: -1 }), 'badQuantity'],
    [
      'a discount of more than everything',
      input([price('a')], { alterations: [ask('x', 'discount', { percentage: 101 })] }),
      'belowZero',
    ],
    ['a negative price', input([price('a', { price: eur(-1) })]), 'belowZero'],
    [
      'a discount that is no figure',
      input([price('a')], { alterations: [ask('x', 'discount', {})] }),
      'badAlteration',
    ],
    [
      'more digits than a JSON number has',
      input([price('a', { price: { unit: 'EUR', value: '123456789012345678.91' } })]),
      'tooLarge',
    ],
  ])('%s', (_name, it, code) => expect(figures(it)).toEqual([`refused: ${code}`]));

  it('may be a credit where the house allows it', () => {
    const it = input([price('a', { price: eur(-1.005) })]);
    expect(figures(it, { ...defaultRules, allowNegative: true })).toEqual(['oneTime -1.01 -1.01 EUR']);
  });

  it('is no mix of units when an ERP gives the period as the unit', () => {
    const prices = [
      price('a', { ...monthly, unitOfMeasure: { amount: 1, units: 'MON' } }),
      price('b', { unitOfMeasure: { amount: 1, units: 'PC' } }),
    ];
    expect(figures(input(prices, { quantity: 2 }))).toEqual([
      'recurring/month 200 200 EUR',
      'oneTime 200 200 EUR',
    ]);
  });

  it('takes the prices of the currency asked for', () => {
    const prices = [price('a'), price('b', { price: { unit: 'USD', value: 110 } })];
    expect(figures(input(prices, { currency: 'USD' }))).toEqual(['oneTime 110 110 USD']);
  });
});

describe('the explanation', () => {
  it('tells each step in order with the amount before and after', () => {
    const prices = [
      price('t1', { price: eur(10), ...tier(1, 9) }),
      price('t2', { price: eur(9), ...tier(10), ...vat(19), unitOfMeasure: { amount: 1, units: 'EA' } }),
    ].map((it) => ({ ...it, unitOfMeasure: { amount: 1, units: 'EA' } }));
    const alterations = [ask('Loyal', 'discount', { percentage: 10 }, 1)];
    const result = priceItem(input(prices, { quantity: 12, alterations }));
    expect(result.ok && result.value.steps).toEqual([
      { rule: 'price', text: "Price 't2' (t2), for 1 EA, once.", after: '9.00 EUR', priceId: 't2' },
      { rule: 'tier', text: 'The quantity lies in the tier [10, ∞).', priceId: 't2' },
      { rule: 'quantity', text: '12 × 9.00 EUR', before: '9.00 EUR', after: '108.00 EUR', priceId: 't2' },
      {
        rule: 'alteration',
        text: "Discount 'Loyal': 10 % (priority 1, asked for this item).",
        before: '108.00 EUR',
        after: '97.20 EUR',
        priceId: 't2',
      },
      { rule: 'tax', text: 'Tax 19 %: 18.47 EUR.', before: '97.20 EUR', after: '115.67 EUR', priceId: 't2' },
    ]);
  });
});
