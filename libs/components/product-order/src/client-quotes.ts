import { objectAt, objectsAt, type Fault, type Json, type JsonObject } from '@quotebridge/platform/core';
import { orderIdOfQuote } from './from-quote';
import { placedItems } from './items';

const orderedByAcceptance = (path: string, quoteId: Json | undefined): Fault => {
  const order = typeof quoteId === 'string' ? ` as the order ${orderIdOfQuote(quoteId)}` : '';
  const message = `a quote is ordered by its acceptance, with what it says${order}; accept the quote instead, or leave it out here`;
  return { path, message, code: 'quoteNotOrdered' };
};

/** Each place where a client's new order names a quote: who accepts the quote orders it, and nobody else (ADR 0042). */
export const clientQuoteFaults = (order: JsonObject): readonly Fault[] => [
  ...objectsAt(order, 'quote').map(({ id }, index) => orderedByAcceptance(`/quote/${index}`, id)),
  ...placedItems(order).flatMap(({ path, item }) =>
    item['quoteItem'] === undefined
      ? []
      : [orderedByAcceptance(`${path}/quoteItem`, objectAt(item, 'quoteItem')['quoteId'])],
  ),
];
