import type { JsonObject } from '@quotebridge/platform/core';
import { objectAt, textAt } from '@quotebridge/connectors/sdk';
import { Decimal } from 'decimal.js';

const moneysIn = (prices: readonly JsonObject[]): readonly JsonObject[] =>
  prices.flatMap((entry) => {
    const money = objectAt(objectAt(entry, 'price'), 'dutyFreeAmount');
    return entry['priceType'] === 'usage' || typeof money['value'] !== 'number' ? [] : [money];
  });

/** The currencies of a list of TMF prices, usage left out. */
export const currenciesIn = (prices: readonly JsonObject[]): readonly string[] => [
  ...new Set(moneysIn(prices).flatMap((money) => textAt(money, 'unit') ?? [])),
];

/**
 * Net amount of a list of TMF prices, usage left out; undefined when there is none, currencies are mixed, or it is not in the
 * currency that is asked for.
 */
export const netOf = (prices: readonly JsonObject[], currency?: string): Decimal | undefined => {
  let sum: Decimal | undefined;
  const currencies = new Set<string>();
  for (const money of moneysIn(prices)) {
    currencies.add(textAt(money, 'unit') ?? '');
    sum = new Decimal(Number(money['value'])).plus(sum ?? 0);
  }
  const isOther = currency !== undefined && [...currencies].some((unit) => unit !== '' && unit !== currency);
  return currencies.size > 1 || isOther ? undefined : sum;
};
