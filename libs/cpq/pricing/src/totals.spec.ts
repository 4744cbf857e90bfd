import type { JsonObject } from '@quotebridge/platform/core';
import { priceItem } from './price-item';
import { toQuotePrice } from './quote-price';
import { ask, discount, eur, input, monthly, price, vat } from './catalog.fixture';
import { totalPrices } from './totals';

const entry = (
  priceType: string,
  net: number,
  more: JsonObject = {},
  unit = 'EUR',
  taxRate = 0,
): JsonObject => ({
  '@type': 'QuotePrice',
  priceType,
  price: {
    dutyFreeAmount: { unit, value: net },
    taxRate,
    taxIncludedAmount: { unit, value: Math.round(net * (100 + taxRate)) / 100 },
  },
  ...more,
});
const shown = (items: readonly JsonObject[]): unknown[] =>
  totalPrices(items).map(({ name, price, unitOfMeasure }) => [name, price, unitOfMeasure]);

describe('totals', () => {
  it('part by type, period, currency and, for usage, unit', () => {
    const month = { recurringChargePeriod: 'month' };
    const items = [
      { quoteItemPrice: [entry('usage', 0.1, { unitOfMeasure: '1 GB' }), entry('recurring', 5, month)] },
      {
        quoteItemPrice: [entry('oneTime', 0.1), entry('oneTime', 3, {}, 'USD')],
        quoteItem: [{ quoteItemPrice: [entry('oneTime', 0.2)] }],
      },
      {
        quoteItemPrice: [
          entry('usage', 0.2, { unitOfMeasure: '1 GB' }),
          entry('usage', 7, { unitOfMeasure: '1 SMS' }),
        ],
      },
      {
        quoteItemPrice: [
          entry('recurring', 1, month),
          entry('recurring', 9, { recurringChargePeriod: 'year' }),
        ],
      },
    ];
    const money = (value: number, unit = 'EUR'): JsonObject => ({
      '@type': 'Price',
      dutyFreeAmount: { unit, value },
      taxRate: 0,
      taxIncludedAmount: { unit, value },
    });
    expect(shown(items)).toEqual([
      ['Total oneTime', money(0.3), undefined],
      ['Total oneTime', money(3, 'USD'), undefined],
      ['Total recurring per month', money(6), undefined],
      ['Total recurring per year', money(9), undefined],
      ['Total usage', money(0.3), '1 GB'],
      ['Total usage', money(7), '1 SMS'],
    ]);
  });

  it('say a tax rate only when all entries share it', () => {
    const items = [
      { quoteItemPrice: [entry('oneTime', 100, {}, 'EUR', 19), entry('oneTime', 100, {}, 'EUR', 7)] },
    ];
    expect(totalPrices(items)[0]?.['price']).toEqual({
      '@type': 'Price',
      dutyFreeAmount: { unit: 'EUR', value: 200 },
      taxIncludedAmount: { unit: 'EUR', value: 226 },
    });
  });

  it('leave out entries without an amount', () => {
    expect(totalPrices([{ quoteItemPrice: [{ '@type': 'QuotePrice', priceAlteration: [] }] }, {}])).toEqual(
      [],
    );
  });
});

describe('a quote price', () => {
  it('carries amounts, tax, the price it comes from and each alteration with its signed change', () => {
    const prices = [
      price('Line', {
        ...monthly,
        price: eur(20),
        ...vat(19),
        version: '2',
        unitOfMeasure: { amount: 1, units: 'EA' },
      }),
      discount('Campaign', { percentage: 10 }),
    ];
    const alterations = [ask('Loyal', 'discount', { dutyFreeAmount: eur(3) }, 7)];
    const result = priceItem(input(prices, { quantity: 2, alterations }));
    expect(result.ok && result.value.charges.map(toQuotePrice)).toEqual([
      {
        '@type': 'QuotePrice',
        name: 'Line',
        priceType: 'recurring',
        recurringChargePeriod: 'month',
        unitOfMeasure: '1 EA',
        price: {
          '@type': 'Price',
          dutyFreeAmount: { unit: 'EUR', value: 33.3 }, // 40 − 3 (has a priority), then − 10 %
          taxRate: 19,
          taxIncludedAmount: { unit: 'EUR', value: 39.63 },
        },
        productOfferingPrice: {
          '@type': 'ProductOfferingPriceRef',
          '@referredType': 'ProductOfferingPrice',
          id: 'Line',
          name: 'Line',
          version: '2',
        },
        priceAlteration: [
          {
            '@type': 'PriceAlteration',
            name: 'Loyal',
            priceType: 'discount',
            priority: 7,
            recurringChargePeriod: 'month',
            price: { '@type': 'Price', dutyFreeAmount: { unit: 'EUR', value: -3 } },
          },
          {
            '@type': 'PriceAlteration',
            name: 'Campaign',
            priceType: 'discount',
            recurringChargePeriod: 'month',
            price: { '@type': 'Price', percentage: 10, dutyFreeAmount: { unit: 'EUR', value: -3.7 } },
            productOfferingPrice: {
              '@type': 'ProductOfferingPriceRef',
              '@referredType': 'ProductOfferingPrice',
              id: 'Campaign',
              name: 'Campaign',
            },
          },
        ],
      },
    ]);
  });
});
