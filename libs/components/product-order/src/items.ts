import { objectsAt, type JsonObject } from '@quotebridge/platform/core';

/** An item of an order and where it stands in the body, as a JSON Pointer. */
export interface PlacedItem {
  readonly path: string;
  readonly item: JsonObject;
}

/** Items of an order, each before those nested in it, with their places. */
export const placedItems = (holder: JsonObject, path = ''): readonly PlacedItem[] =>
  objectsAt(holder, 'productOrderItem').flatMap((item, index) => {
    const place = `${path}/productOrderItem/${index}`;
    return [{ path: place, item }, ...placedItems(item, place)];
  });

/** Items of an order, nested ones included. */
export const itemsOf = (order: JsonObject): readonly JsonObject[] =>
  placedItems(order).map(({ item }) => item);

/** The order with every item, nested ones first, replaced by what `change` makes of it. */
export const mapItems = (holder: JsonObject, change: (item: JsonObject) => JsonObject): JsonObject =>
  Array.isArray(holder['productOrderItem'])
    ? {
        ...holder,
        productOrderItem: objectsAt(holder, 'productOrderItem').map((item) => change(mapItems(item, change))),
      }
    : holder;

/** References to items of an order, for its milestones, alerts and error messages. */
export const itemRefs = (orderId: string, items: readonly JsonObject[]): JsonObject[] =>
  items.map(({ id }) => ({
    '@type': 'ProductOrderItemRef',
    '@referredType': 'ProductOrderItem',
    productOrderId: orderId,
    productOrderItemId: String(id),
  }));
