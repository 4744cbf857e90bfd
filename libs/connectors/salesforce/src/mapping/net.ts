import type { JsonObject } from '@quotebridge/platform/core';
import { objectAt, textAt } from '@quotebridge/connectors/sdk';
import { Decimal } from 'decimal.js';

/** Net amount of a list of TMF prices, usage left out; undefined when there is none or currencies are mixed. */
export const netOf = (prices: readonly JsonObject[]): Decimal | undefined => {
  let sum: Decimal | undefined;
  const currencies = new Set<string>();
  for (const entry of prices) {
    const money = objectAt(objectAt(entry, 'price'), 'dutyFreeAmount');
    const { value } = money;
    if (entry['priceType'] === 'usage' || typeof value !== 'number') continue;
    currencies.add(textAt(money, 'unit') ?? '');
    sum = new Decimal(value).plus(sum ?? 0);
  }
  return currencies.size > 1 ? undefined : sum;
};
