import type { JsonObject } from '@quotebridge/platform/core';
import { textAt } from '@quotebridge/connectors/sdk';
import type { SalesforceSettings } from '../settings';

/** What a record is in when nobody says: an org with one currency has no field that tells it. */
const UNTOLD = 'EUR';

/** The currency of the amounts of a record that was read. */
export const currencyOf = (record: JsonObject, { currency }: Pick<SalesforceSettings, 'currency'>): string =>
  textAt(record, 'CurrencyIsoCode') ?? currency ?? UNTOLD;
