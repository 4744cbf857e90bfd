import { isDeepStrictEqual } from 'node:util';
import { objectAt, objectsAt, type Fault, type Json, type JsonObject } from '@quotebridge/platform/core';
import { movedFaults, whyNotAdded } from './additions';
import { offeringIdOf } from './catalog-rules';
import { isHandedOver } from './handed-over';
import { itemsOf, placedItems } from './items';
import { whyQuantityStays } from './quantities';
import { itemStateOf } from './request-state';
import { TAKEN_OVER } from './taken-over';

/** Attributes that say what an item orders: a patch that leaves them out leaves them as they are. */
const ORDERED = ['productOffering', 'product', 'quoteItem', 'productOrderItem'];
/** What a quote has promised of an item, and of the order as a whole. */
const PROMISED = [
  'action',
  'quantity',
  'productOffering',
  'product',
  'quoteItem',
  'itemPrice',
  'itemTotalPrice',
  TAKEN_OVER,
];
const PROMISED_IN_ALL = ['quote', 'orderTotalPrice'];

const byId = (order: JsonObject): ReadonlyMap<unknown, JsonObject> =>
  new Map(itemsOf(order).map((item) => [item['id'], item]));

/** True when the order, or an item of it, comes from a quote. */
export const isQuoted = (order: JsonObject): boolean =>
  objectsAt(order, 'quote').length > 0 || itemsOf(order).some((item) => item['quoteItem'] !== undefined);

const restored = (from: JsonObject, to: JsonObject, names: readonly string[]): JsonObject => {
  const lost = names.filter((name) => to[name] === undefined && from[name] !== undefined);
  return lost.length === 0 ? to : { ...to, ...Object.fromEntries(lost.map((name) => [name, from[name]])) };
};

/**
 * The changed order with what its items order filled in again where the change only left it out: many clients patch
 * an item by its id and state alone. What a quote promised comes back likewise, and what an outside system was told.
 */
export const keepOrdered = (
  before: JsonObject,
  after: JsonObject,
  isTold = isHandedOver(before),
): JsonObject => {
  const known = byId(before);
  const quoted = isQuoted(before);
  const names = quoted || isTold ? [...ORDERED, ...PROMISED] : ORDERED;
  const items = (holder: JsonObject): JsonObject => ({
    ...holder,
    productOrderItem: objectsAt(holder, 'productOrderItem').map((item) => {
      const was = known.get(item['id']);
      const whole = was === undefined ? item : restored(was, item, names);
      return whole['productOrderItem'] === undefined ? whole : items(whole);
    }),
  });
  const kept = after['productOrderItem'] === undefined ? after : items(after);
  return quoted ? restored(before, kept, PROMISED_IN_ALL) : kept;
};

const differs = (before: JsonObject, after: JsonObject, name: string): boolean =>
  !isDeepStrictEqual(before[name], after[name]);

const frozen = (path: string, message: string): Fault => ({ path, message, code: 'frozen' });

/** What a change may not touch: an order carries exactly what its quote promised, and gets no quote later. */
export const quoteFaults = (before: JsonObject, after: JsonObject): readonly Fault[] => {
  const known = byId(before);
  if (!isQuoted(before)) {
    return isQuoted(after)
      ? [frozen('/quote', 'is set when the order is made from an accepted quote, not later')]
      : [];
  }
  const root = PROMISED_IN_ALL.filter((name) => differs(before, after, name)).map((name) =>
    frozen(`/${name}`, 'is what the accepted quote says and cannot be changed'),
  );
  const inItems = placedItems(after).flatMap(({ path, item }) => {
    const was = known.get(item['id']);
    if (was === undefined) return [frozen(path, 'is not an item of the accepted quote')];
    return PROMISED.filter((name) => differs(was, item, name)).map((name) =>
      frozen(`${path}/${name}`, 'is what the accepted quote says and cannot be changed'),
    );
  });
  return [...root, ...inItems];
};

/** What an outside system is told of an item when it takes the order. Its product is told by what it delivers. */
const TOLD = ['action', 'quantity', 'productOffering', 'itemPrice', 'itemTotalPrice', TAKEN_OVER];

/** Ids of the items in the order in which an outside system is told of them, and what it is told of each. */
const toldOf = (order: JsonObject): readonly (Json | undefined)[] =>
  itemsOf(order).map((item) => [item['id'] ?? null, ...TOLD.map((name) => item[name] ?? null)]);

/** Does a change touch anything that an outside system is told, be it that it leaves it out? */
export const touchesTold = (before: JsonObject, after: JsonObject): boolean =>
  !isDeepStrictEqual(toldOf(before), toldOf(after));

/**
 * What of a change an outside system that has the order, or is taking it, would not follow. One that has it follows another
 * quantity of an item that is open, and new items behind those there are.
 */
export const toldFaults = (before: JsonObject, after: JsonObject): readonly Fault[] => {
  const known = byId(before);
  const why =
    'the order is with an outside system, which would not follow; cancel the order and place another';
  const whyNot = (was: JsonObject, name: string): string | undefined => {
    if (name !== 'quantity' || !isHandedOver(before)) return why;
    const reason = whyQuantityStays(was);
    return reason === undefined ? undefined : `${reason}; cancel the order and place another`;
  };
  const left = byId(after);
  const gone = itemsOf(before)
    .filter(({ id }) => !left.has(id))
    .map(({ id }) => frozen('/productOrderItem', `the item '${String(id)}' cannot be removed: ${why}`));
  const inItems = placedItems(after).flatMap(({ path, item }) => {
    const was = known.get(item['id']);
    if (was === undefined) {
      const reason = isHandedOver(before) ? whyNotAdded(before, path, item) : why;
      return reason === undefined ? [] : [frozen(path, `cannot be added: ${reason}`)];
    }
    const changed = TOLD.filter((name) => item[name] !== undefined && differs(was, item, name));
    return changed.flatMap((name) => {
      const reason = whyNot(was, name);
      return reason === undefined ? [] : [frozen(`${path}/${name}`, `cannot be changed: ${reason}`)];
    });
  });
  // New items are refused by themselves where they would move others.
  const moved = isHandedOver(before) || inItems.length === 0 ? movedFaults(before, after) : [];
  return [...gone, ...moved, ...inItems];
};

/** Items that are gone although they belong to a quote or work on them has begun. */
export const removedFaults = (before: JsonObject, after: JsonObject): readonly Fault[] => {
  const left = byId(after);
  const quoted = isQuoted(before);
  return itemsOf(before)
    .filter((item) => !left.has(item['id']) && (quoted || itemStateOf(item) !== 'acknowledged'))
    .map((item) => {
      const why = quoted ? 'belongs to the accepted quote' : `is ${itemStateOf(item)}`;
      return frozen('/productOrderItem', `the item '${String(item['id'])}' ${why} and cannot be removed`);
    });
};

/**
 * Ids of the items that have to be checked against the catalog: new ones, those that order something else than
 * before, and all of a draft that is submitted.
 */
export const toCheckAgain = (before: JsonObject, after: JsonObject): ReadonlySet<unknown> => {
  if (before['state'] === 'draft' && after['state'] === 'acknowledged')
    return new Set(itemsOf(after).map(({ id }) => id));
  const known = byId(before);
  const isChanged = (item: JsonObject): boolean => {
    const was = known.get(item['id']);
    return was === undefined || was['action'] !== item['action'] || offeringIdOf(was) !== offeringIdOf(item);
  };
  return new Set(
    itemsOf(after)
      .filter(isChanged)
      .map(({ id }) => id),
  );
};

/**
 * What is missing from an order that a client makes and that names a quote: every item that is charged needs the
 * price that the quote gave it.
 */
export const unpricedFaults = (order: JsonObject): readonly Fault[] => {
  if (!isQuoted(order)) return [];
  const hasPrice = (item: JsonObject): boolean =>
    objectsAt(item, 'itemPrice').some((entry) => Object.keys(objectAt(entry, 'price')).length > 0) ||
    objectsAt(item, 'productOrderItem').some(hasPrice);
  return objectsAt(order, 'productOrderItem').flatMap((item, index): Fault[] => {
    const isFree = item['action'] === 'delete' || item['action'] === 'noChange';
    if (isFree || hasPrice(item)) return [];
    const message = 'must carry the price of the quote that the order names';
    return [{ path: `/productOrderItem/${index}/itemPrice`, message, code: 'required' }];
  });
};

/** Ids of the quotes that an order names, on itself or on its items. */
export const quoteIdsOf = (order: JsonObject): readonly string[] => {
  const ids = [
    ...objectsAt(order, 'quote').map(({ id }) => id),
    ...itemsOf(order).map((item) => objectAt(item, 'quoteItem')['quoteId']),
  ];
  return [...new Set(ids.filter((id) => typeof id === 'string' && id !== ''))] as string[];
};
