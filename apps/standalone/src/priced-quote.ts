import { objectsIn, stableId, type JsonObject } from '@quotebridge/platform/core';
import { SALESFORCE_INSTANCE } from './crm-and-erp';
import { callObject, until } from './http';

/** Address of the quote that an opportunity becomes; `quotes` is the address of TMF648. */
export const quoteOf = (quotes: string, opportunity: string): string =>
  `${quotes}/quote/${stableId(SALESFORCE_INSTANCE, 'quote', opportunity)}`;

/** The quote at this address as soon as it has so many items, and prices. */
export const pricedQuote = (url: string, items: number): Promise<JsonObject> =>
  until('A priced quote of the opportunity', async () => {
    const found = await callObject(url).catch(() => undefined);
    const isWhole = objectsIn(found?.['quoteItem']).length === items;
    return isWhole && objectsIn(found?.['quoteTotalPrice']).length > 0 ? found : undefined;
  });
