import type { JsonObject } from '@quotebridge/platform/core';
import { itemsOf, mapItems } from './items';

/**
 * Extension attribute of an item: quantity and prices that an outside system took over (`quantity`, `itemPrice`,
 * `itemTotalPrice`); there once another quantity was asked for, and on items that were added since (`isAdded`; ADR 0025, 0030).
 */
export const TAKEN_OVER = 'takenOver';

/**
 * The order with what was taken over as it was before, whatever a client says of it: often he has read it on another order.
 */
export const withTakenOverOf = (before: JsonObject, after: JsonObject): JsonObject => {
  const known = new Map(itemsOf(before).map((item) => [item['id'], item[TAKEN_OVER]]));
  return mapItems(after, ({ [TAKEN_OVER]: _sent, ...item }) => {
    const taken = known.get(item['id']);
    return taken === undefined ? item : { ...item, [TAKEN_OVER]: taken };
  });
};
