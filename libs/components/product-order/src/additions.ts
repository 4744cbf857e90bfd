import { objectAt, objectsAt, type Fault, type JsonObject } from '@quotebridge/platform/core';
import { followingState } from './follow';
import { itemsOf, mapItems } from './items';
import { orderMachine } from './states';

/** States of an order to which an outside system that has it adds items. */
const OPEN: ReadonlySet<unknown> = new Set(['inProgress', 'inProgress.accepted']);

const hasPrice = (item: JsonObject): boolean =>
  [...objectsAt(item, 'itemPrice'), ...objectsAt(item, 'itemTotalPrice')].some(
    (entry) => objectAt(objectAt(entry, 'price'), 'dutyFreeAmount')['value'] !== undefined,
  );

/** Why the outside system that has the order would not take this new item; undefined when it does. */
export const whyNotAdded = (before: JsonObject, path: string, item: JsonObject): string | undefined => {
  if (!OPEN.has(before['state'])) return `the order is ${String(before['state'])}`;
  if (!/^\/productOrderItem\/\d+$/.test(path))
    return 'it stands below another item; add it to the order itself';
  if (item['action'] !== 'add') return `its action is ${String(item['action'])}, not add`;
  if (objectsAt(item, 'productOrderItem').length > 0)
    return 'it has components; place another order for them';
  return hasPrice(item) ? undefined : 'it has no price; give its itemPrice with a dutyFreeAmount';
};

/** Known items that do not stand where they stood: the outside system knows them by their place. */
export const movedFaults = (before: JsonObject, after: JsonObject): readonly Fault[] => {
  const left = new Set(itemsOf(after).map(({ id }) => id));
  const kept = itemsOf(before).filter(({ id }) => left.has(id));
  const now = itemsOf(after);
  const index = kept.findIndex(({ id }, place) => now[place]?.['id'] !== id);
  if (index < 0) return [];
  const message = `the item '${String(kept[index]?.['id'])}' has to stay where it is, and new ones follow: the outside system knows items by their place`;
  return [{ path: '/productOrderItem', message, code: 'frozen' }];
};

/** The order with its new items in work, since the outside system that has it works on all of them. */
export const begunAdditions = (before: JsonObject, after: JsonObject): JsonObject => {
  const known = new Set(itemsOf(before).map(({ id }) => id));
  if (itemsOf(after).every(({ id }) => known.has(id))) return after;
  const begun = mapItems(after, (item) => (known.has(item['id']) ? item : { ...item, state: 'inProgress' }));
  const current = orderMachine.isState(begun['state']) ? begun['state'] : orderMachine.initial;
  return { ...begun, state: followingState(begun, current) };
};
