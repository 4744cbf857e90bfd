import { objectAt, referencedId, textAt, type Fault, type JsonObject } from '@quotebridge/platform/core';
import { placedItems } from './items';

/** What the rules need to know of an offering of the catalog. */
export interface OfferingView {
  readonly lifecycleStatus: string;
  readonly isSellable?: boolean;
  /** True when an outside system knows it and so delivers it. */
  readonly isOutside?: boolean;
  /** Milliseconds since the epoch; outside of it the offering is not sold. */
  readonly validFrom?: number;
  readonly validTo?: number;
}

/** Finds an offering by id; undefined when the catalog does not have it. */
export type FindOffering = (id: string) => OfferingView | undefined;

type Action = 'add' | 'modify' | 'delete' | 'noChange';

/** States of an offering that an action fits (TMF620: only Launched is sold, Retired is for existing customers). */
const FITTING: Readonly<Record<Action, readonly string[]>> = {
  add: ['Launched'],
  modify: ['Launched', 'Retired'],
  delete: ['Launched', 'Retired', 'Obsolete'],
  noChange: ['Launched', 'Retired', 'Obsolete'],
};

const isAction = (value: unknown): value is Action =>
  typeof value === 'string' && Object.hasOwn(FITTING, value);

/** The offering that an item names, on itself or on its product: its id, with the version when it names one. */
export const offeringIdOf = (item: JsonObject): string | undefined => {
  const product = objectAt(item, 'product');
  return (
    referencedId(objectAt(item, 'productOffering')) ?? referencedId(objectAt(product, 'productOffering'))
  );
};

/** Ids of the offerings that an order names, each once: what has to be looked up before {@link catalogFaults}. */
export const offeringIdsOf = (order: JsonObject): readonly string[] => [
  ...new Set(placedItems(order).flatMap(({ item }) => offeringIdOf(item) ?? [])),
];

const missing = (path: string, message: string): Fault => ({ path, message, code: 'required' });

const productFaults = (item: JsonObject, action: Action, path: string): readonly Fault[] => {
  const id = textAt(objectAt(item, 'product'), 'id');
  if (action === 'modify' || action === 'delete') {
    return id === undefined ? [missing(`${path}/product/id`, `must name the product to ${action}`)] : [];
  }
  return [];
};

const offeringFaults = (
  item: JsonObject,
  action: Action,
  path: string,
  find: FindOffering,
  now: number,
): readonly Fault[] => {
  const id = offeringIdOf(item);
  const at = `${path}/productOffering`;
  if (id === undefined) {
    return action === 'add' ? [missing(`${at}/id`, 'must name the offering to add')] : [];
  }
  const offering = find(id);
  if (offering === undefined) {
    return [{ path: `${at}/id`, message: `the catalog has no offering '${id}'`, code: 'unknownReference' }];
  }
  const { lifecycleStatus, isSellable, validFrom, validTo } = offering;
  const refuse = (message: string): Fault[] => [{ path: at, message, code: 'offeringNotOrderable' }];
  if (!FITTING[action].includes(lifecycleStatus)) {
    const needed = FITTING[action].join(' or ');
    return refuse(`the offering '${id}' is ${lifecycleStatus}; to ${action} it, it must be ${needed}`);
  }
  if (action !== 'add') return [];
  if (isSellable === false) return refuse(`the offering '${id}' is not sold on its own`);
  const isValid = (validFrom ?? -Infinity) <= now && now < (validTo ?? Infinity);
  return isValid ? [] : refuse(`the offering '${id}' is not sold at this time`);
};

/**
 * What the catalog has against an order: an item that adds something needs an offering on sale, one that changes or
 * ends something needs the product it is about, and its offering may be retired. Nested items are checked alike,
 * save that a part of a bundle need not be sellable on its own. `now` is in milliseconds since the epoch; `only` limits
 * the check to the items with these ids.
 */
export const catalogFaults = (
  order: JsonObject,
  find: FindOffering,
  now: number,
  only?: ReadonlySet<unknown>,
): readonly Fault[] =>
  placedItems(order).flatMap(({ item, path }) => {
    if (only?.has(item['id']) === false) return [];
    const { action } = item;
    if (!isAction(action)) {
      const message = `must be one of: ${Object.keys(FITTING).join(', ')}`;
      return [{ path: `${path}/action`, message, code: 'enum' }];
    }
    const isNested = path.lastIndexOf('/productOrderItem/') > 0;
    const seen: FindOffering = (id) => {
      const offering = find(id);
      return offering && isNested ? { ...offering, isSellable: true } : offering;
    };
    return [...productFaults(item, action, path), ...offeringFaults(item, action, path, seen, now)];
  });

/** What is wrong with the items themselves: none at all, an id used twice, a quantity that is not above zero. */
export const itemFaults = (order: JsonObject): readonly Fault[] => {
  const placed = placedItems(order);
  if (placed.length === 0) {
    return [{ path: '/productOrderItem', message: 'needs at least one item', code: 'minItems' }];
  }
  const seen = new Set<unknown>();
  return placed.flatMap(({ item, path }) => {
    const { id, quantity } = item;
    const faults: Fault[] = [];
    if (seen.has(id)) {
      const message = `the id '${String(id)}' is used by another item`;
      faults.push({ path: `${path}/id`, message, code: 'duplicate' });
    }
    seen.add(id);
    if (typeof quantity === 'number' && quantity <= 0) {
      faults.push({ path: `${path}/quantity`, message: 'must be above zero', code: 'minimum' });
    }
    return faults;
  });
};
