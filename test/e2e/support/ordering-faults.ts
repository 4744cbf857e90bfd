import type { JsonObject } from '@quotebridge/platform/core';
import { ORDER_STATES, QUOTE_STATES } from './ordering-attempts';

/** A quote or an order as it is stored. */
export type Stored = JsonObject & { _id: string; state: string };

/** The objects of a list; none where there is no list. */
export const objects = (value: unknown): JsonObject[] =>
  Array.isArray(value) ? (value as JsonObject[]) : [];

const flat = (holder: JsonObject, name: string): JsonObject[] =>
  objects(holder[name]).flatMap((item) => [item, ...flat(item, name)]);
const untyped = (list: unknown): JsonObject[] => objects(list).map(({ '@type': _type, ...price }) => price);
const quoteOfOrder = (order: Stored): unknown => objects(order['quote'])[0]?.['id'];

/** What is wrong with an order by itself. */
export const orderFaults = (order: Stored): string[] => {
  const states = flat(order, 'productOrderItem').map(({ state }) => String(state));
  const ended = ['completed', 'failed', 'cancelled', 'rejected', 'partial'];
  const isOver = ended.includes(order.state);
  return [
    ...(ORDER_STATES.includes(order.state) ? [] : [`unknown state ${order.state}`]),
    ...(isOver === states.every((state) => ended.includes(state))
      ? []
      : [`${order.state} with ${states.join()}`]),
    ...(order.state === 'completed' && states.some((state) => state !== 'completed')
      ? ['completed in part']
      : []),
    ...(order.state === 'acknowledged' && states.some((state) => state !== 'acknowledged')
      ? ['begun in silence']
      : []),
    ...(order.state === 'draft' && states.some((state) => state !== 'acknowledged')
      ? ['a draft in work']
      : []),
  ].map((fault) => `order ${order._id}: ${fault}`);
};

/** What is wrong with a quote by itself. */
export const quoteFaults = (quote: Stored): string[] => {
  const isKnown = QUOTE_STATES.includes(quote.state) || quote.state === 'acknowledged';
  const items = flat(quote, 'quoteItem');
  const isPriced =
    items.length > 0 &&
    items.every((item) => objects(item['quoteItemPrice']).length > 0) &&
    objects(quote['quoteTotalPrice']).length > 0;
  return [
    ...(isKnown ? [] : [`quote ${quote.state}`]),
    ...(quote.state === 'accepted' && !isPriced ? [`unpriced quote ${quote._id}`] : []),
  ];
};

/** What is wrong between orders, all of which were made of quotes, and the quotes. */
export const orderingFaults = (orders: readonly Stored[], quotes: readonly Stored[]): string[] => {
  const byId = new Map(quotes.map((quote) => [quote._id, quote]));
  const found: string[] = [];
  for (const order of orders) {
    const quote = byId.get(String(quoteOfOrder(order)));
    if (quote?.state !== 'accepted') {
      found.push(`the order ${order._id} has no accepted quote`);
      continue;
    }
    const inOrder = [
      untyped(order['orderTotalPrice']),
      ...objects(order['productOrderItem']).map((item) => untyped(item['itemPrice'])),
    ];
    const inQuote = [
      untyped(quote['quoteTotalPrice']),
      ...objects(quote['quoteItem']).map((item) => untyped(item['quoteItemPrice'])),
    ];
    if (JSON.stringify(inOrder) !== JSON.stringify(inQuote))
      found.push(`the order ${order._id} has other prices than its quote`);
  }
  const perQuote = orders.map(quoteOfOrder);
  if (new Set(perQuote).size !== perQuote.length) found.push('a quote with two orders');
  return found;
};
