import type { JsonObject } from '@quotebridge/platform/core';
import type { PricingInput } from './input';
import { priceItem } from './price-item';
import { ask, discount, eur, figures, input, link, monthly, NOW, price, tier, vat } from './catalog.fixture';

const listAnd = (more: JsonObject): JsonObject[] => [price('list', vat(19)), discount('off', more)];

describe('alterations', () => {
  it.each<[string, PricingInput, string]>([
    ['a percentage', input(listAnd({ percentage: 10 })), 'oneTime 90 107.1 EUR'],
    ['an amount, given once', input(listAnd({ price: eur(15) }), { quantity: 2 }), 'oneTime 185 220.15 EUR'],
    [
      'an amount per piece',
      input(listAnd({ price: eur(15), unitOfMeasure: { amount: 1, units: 'EA' } }), { quantity: 2 }),
      'oneTime 170 202.3 EUR',
    ],
    ['a minus sign changes nothing', input(listAnd({ percentage: -10 })), 'oneTime 90 107.1 EUR'],
    ['a surcharge', input(listAnd({ priceType: 'surcharge', percentage: 10 })), 'oneTime 110 130.9 EUR'],
    [
      'not in its tier',
      input(listAnd({ percentage: 10, ...tier(10) }), { quantity: 9 }),
      'oneTime 900 1071 EUR',
    ],
    [
      'in its tier',
      input(listAnd({ percentage: 10, ...tier(10) }), { quantity: 10 }),
      'oneTime 900 1071 EUR',
    ],
    [
      'out of date',
      input(listAnd({ percentage: 10, validFor: { endDateTime: NOW } })),
      'oneTime 100 119 EUR',
    ],
    [
      'linked by the charge only',
      input([price('list', link('off')), discount('off', { percentage: 10 })], {}, ['list']),
      'oneTime 90 90 EUR',
    ],
    [
      'linked and listed counts once',
      input([price('list', link('off')), discount('off', { percentage: 10 })]),
      'oneTime 90 90 EUR',
    ],
    [
      'embedded in the charge',
      input([
        price('list', {
          priceAlteration: [{ name: 'old', priceType: 'discount', price: { percentage: 25 } }],
        }),
      ]),
      'oneTime 75 75 EUR',
    ],
    [
      'asked for, as a TMF example writes it (charge word, positive percentage)',
      input([price('list')], { alterations: [ask('welcome', 'oneTime', { percentage: 20 })] }),
      'oneTime 80 80 EUR',
    ],
    [
      'asked for another kind of charge',
      input([price('list')], { alterations: [ask('welcome', 'recurring', { percentage: 20 })] }),
      'oneTime 100 100 EUR',
    ],
  ])('%s', (_name, it, expected) => expect(figures(it)).toEqual([expected]));

  it('that names a price touches that one only', () => {
    const prices = [price('a'), price('b', monthly), discount('off', { percentage: 50, ...link('b') })];
    expect(figures(input(prices))).toEqual(['oneTime 100 100 EUR', 'recurring/month 50 50 EUR']);
  });

  it('with a period touches charges of that period only', () => {
    const prices = [
      price('a'),
      price('b', monthly),
      discount('off', { percentage: 50, recurringChargePeriodType: 'monthly' }),
    ];
    expect(figures(input(prices))).toEqual(['oneTime 100 100 EUR', 'recurring/month 50 50 EUR']);
  });

  it('given once goes to the one-time charge, wherever it stands', () => {
    const prices = [price('b', monthly), price('a'), discount('off', { price: eur(30) })];
    expect(figures(input(prices))).toEqual(['recurring/month 100 100 EUR', 'oneTime 70 70 EUR']);
  });

  it.each([
    [1, 2, '85.5'], // (100 − 5) − 10 %
    [2, 1, '85'], // (100 − 10 %) − 5
  ])('amount with priority %d, percentage with priority %d', (amountFirst, percentFirst, expected) => {
    const alterations = [
      ask('percent', 'discount', { percentage: 10 }, percentFirst),
      ask('amount', 'discount', { dutyFreeAmount: eur(5) }, amountFirst),
    ];
    expect(figures(input([price('list')], { alterations }))).toEqual([`oneTime ${expected} ${expected} EUR`]);
  });

  it('round after each step, so that what is shown adds up', () => {
    const alterations = [
      ask('a', 'discount', { percentage: 3.33 }, 1),
      ask('b', 'discount', { percentage: 1.11 }, 2),
    ];
    const result = priceItem(input([price('list', { price: eur(99.99) })], { alterations }));
    if (!result.ok) throw new Error(result.error.message);
    const [charge] = result.value.charges;
    // 99.99 × 3.33 % = 3.329667 → 3.33; 96.66 × 1.11 % = 1.072926 → 1.07
    expect(charge?.alterations.map(({ change }) => change.toString())).toEqual(['-3.33', '-1.07']);
    expect(charge?.net.toString()).toBe('95.59');
  });
});
