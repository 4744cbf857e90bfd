import type { JsonObject } from '@quotebridge/platform/core';
import { settingsSchema } from '../settings';
import { currencyOf } from './currency';
import { planOpportunity, type PlanSettings } from './opportunity';

const settings: PlanSettings = {
  fields: {},
  stageByQuoteState: {},
  lineAmountField: 'TotalPrice',
  unitPriceDecimals: 2,
  owners: {
    name: 'crm',
    lines: 'crm',
    quantity: 'crm',
    discount: 'crm',
    description: 'crm',
    price: 'quotebridge',
    stage: 'crm',
  },
};
const price = {
  '@type': 'QuotePrice',
  priceType: 'oneTime',
  price: { '@type': 'Price', dutyFreeAmount: { '@type': 'Money', unit: 'USD', value: 7 } },
};
const quote: JsonObject = { id: 'q1', state: 'approved', quoteItem: [{ id: '1', quoteItemPrice: [price] }] };
const told = (properties: unknown): unknown =>
  (properties as Record<string, JsonObject>)['currency']?.['default'];

describe('the currency of an org', () => {
  it('is not assumed, since an org with one currency has no field that tells it', () => {
    expect(told(settingsSchema['properties'])).toBeUndefined();
  });

  it.each<[string, string | undefined, JsonObject, number | undefined]>([
    ['are written while it is not told', undefined, {}, 7],
    ['are written when it is theirs', 'USD', {}, 7],
    ['are not written when it is another one', 'EUR', {}, undefined],
    ['are written when it is that of the opportunity', 'EUR', { CurrencyIsoCode: 'USD' }, 7],
    [
      'are not written when the opportunity has another one',
      undefined,
      { CurrencyIsoCode: 'GBP' },
      undefined,
    ],
  ])('the amounts of a quote %s', (_what, currency, more, amount) => {
    const options = currency === undefined ? settings : { ...settings, currency };
    const { fields } = planOpportunity(quote, { Id: '006', ...more }, options);
    expect(fields['Amount']).toBe(amount);
  });

  it.each<[JsonObject, { currency?: string }, string | undefined]>([
    [{ CurrencyIsoCode: 'GBP' }, { currency: 'USD' }, 'GBP'],
    [{}, { currency: 'USD' }, 'USD'],
    [{}, {}, undefined],
  ])('a record %j of an org %j is in %s', (record, org, currency) => {
    expect(currencyOf(record, org)).toBe(currency);
  });
});
