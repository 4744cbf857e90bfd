import type { Fault, JsonObject } from '@quotebridge/platform/core';
import { textAt } from '@quotebridge/connectors/sdk';
import type { SalesforceSettings } from '../settings';

/** The currency of the amounts of a record that was read; undefined when neither it nor the settings tell. */
export const currencyOf = (
  record: JsonObject,
  { currency }: Pick<SalesforceSettings, 'currency'>,
): string | undefined => textAt(record, 'CurrencyIsoCode') ?? currency;

/** What is wrong with an amount whose currency nobody tells: an org with one currency has no field for it. */
export const UNTOLD: Fault = {
  path: '/CurrencyIsoCode',
  message:
    'is not told: set currency to that of the org, or multiCurrency where records tell theirs, and replay',
  code: 'currency',
};

const listed = (currencies: readonly string[]): string => [...currencies].sort().join(' and ');

/** Why amounts in these currencies are not those of a record in that one; undefined when they may be. */
export const otherCurrency = (amounts: readonly string[], record: string | undefined): string | undefined => {
  if (amounts.length > 1) return `the amounts are in ${listed(amounts)}`;
  const [only] = amounts;
  return only === undefined || record === undefined || only === record
    ? undefined
    : `the amounts are in ${only}, the record in ${record}`;
};
