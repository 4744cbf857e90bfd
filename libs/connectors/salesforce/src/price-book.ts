import { stableId } from '@quotebridge/platform/core';
import { ActionRefused, objectAt, textAt } from '@quotebridge/connectors/sdk';
import type { RestClient } from './rest-client';
import { soqlText } from './soql';

/**
 * Entries of a price book by the offerings whose products they price. Offerings are known by computed ids, so that
 * the book is read until all are found. Throws `ActionRefused` when one has no entry.
 */
export const entriesOf = async (
  client: RestClient,
  book: string,
  offerings: readonly string[],
  offeringSource: string,
): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>();
  const wanted = new Set(offerings);
  if (wanted.size === 0) return found;
  const soql = `SELECT Id, Product2.ProductCode FROM PricebookEntry WHERE Pricebook2Id = ${soqlText(book)} AND IsActive = true`;
  for await (const page of client.query(soql)) {
    for (const entry of page) {
      const code = textAt(objectAt(entry, 'Product2'), 'ProductCode');
      const offering = stableId(offeringSource, 'productOffering', code ?? '');
      if (wanted.has(offering)) found.set(offering, textAt(entry, 'Id') ?? '');
    }
    if (found.size === wanted.size) return found;
  }
  const missing = [...wanted].filter((offering) => !found.has(offering));
  throw new ActionRefused(`the price book ${book} has no entry for the offerings ${missing.join(', ')}`);
};
