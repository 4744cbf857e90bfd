import type { JsonObject } from '@quotebridge/platform/core';
import { objectAt, textAt } from '@quotebridge/connectors/sdk';
import { Decimal } from 'decimal.js';

/**
 * Net amount of a list of TMF prices, usage left out; undefined when there is none, currencies are mixed, or it is not in the
 * currency that is asked for.
 */
export const netOf = (prices: readonly JsonObject[], currency?: string): Decimal | undefined => {
  let sum: Decimal | undefined;
  const currencies = new Set<string>();
  for (const entry of prices) {
    const money = objectAt(objectAt(entry, 'price'), 'dutyFreeAmount');
    const { value } = money;
    if (entry['priceType'] === 'usage' || typeof value !== 'number') continue;
    currencies.add(textAt(money, 'unit') ?? '');
    sum = new Decimal(value).plus(sum ?? 0);
  }
  const isOther = currency !== undefined && [...currencies].some((unit) => unit !== '' && unit !== currency);
  return currencies.size > 1 || isOther ? undefined : sum;
};
