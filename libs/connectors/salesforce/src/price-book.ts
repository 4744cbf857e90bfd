import { stableId } from '@quotebridge/platform/core';
import { ActionRefused, objectAt, textAt } from '@quotebridge/connectors/sdk';
import type { RestClient } from './rest-client';
import { soqlText } from './soql';

/**
 * Entries of a price book by the offerings whose products they price. Offerings are known by computed ids, so that
 * the book is read until all are found. An org with several currencies has an entry for each, of which `currency` is wanted.
 * Throws `ActionRefused` when one has no entry.
 */
export const entriesOf = async (
  client: Pick<RestClient, 'query'>,
  book: string,
  offerings: readonly string[],
  offeringSource: string,
  currency?: string,
): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>();
  const wanted = new Set(offerings);
  if (wanted.size === 0) return found;
  const inCurrency = currency === undefined ? '' : ` AND CurrencyIsoCode = ${soqlText(currency)}`;
  const soql = `SELECT Id, Product2.ProductCode FROM PricebookEntry WHERE Pricebook2Id = ${soqlText(book)} AND IsActive = true${inCurrency}`;
  for await (const page of client.query(soql)) {
    for (const entry of page) {
      const code = textAt(objectAt(entry, 'Product2'), 'ProductCode');
      const offering = stableId(offeringSource, 'productOffering', code ?? '');
      if (wanted.has(offering)) found.set(offering, textAt(entry, 'Id') ?? '');
    }
    if (found.size === wanted.size) return found;
  }
  const missing = [...wanted].filter((offering) => !found.has(offering));
  const what = currency === undefined ? 'no entry' : `no entry in ${currency}`;
  throw new ActionRefused(`the price book ${book} has ${what} for the offerings ${missing.join(', ')}`);
};
