import { isJsonObject, objectsAt, type JsonObject } from '@quotebridge/platform/core';
import { allows, insufficientScope, type Principal } from '@quotebridge/platform/security';

/** Parts of items that tell of another resource: who may not read that one neither sees nor writes them. */
export interface GuardedItems {
  /** Attribute with the items, of the resource and of items that hold others. */
  readonly items: string;
  /** The resource whose read scope shows them, for example `product`. */
  readonly resource: string;
  /** Where they are in an item, for example `product.productRelationship`. */
  readonly parts: readonly string[];
  /** Attributes of the resource itself that are kept with them. */
  readonly beside?: readonly string[];
}

/** Are the guarded parts kept from this principal? */
export const areHidden = ({ resource }: GuardedItems, principal: Principal): boolean =>
  !allows(principal, resource, 'read');

/** True when a path of a filter, an order or a selection leads into one of the parts. */
export const leadsIntoParts = ({ items, parts }: GuardedItems, path: string): boolean => {
  let rest = path;
  while (rest.startsWith(`${items}.`)) rest = rest.slice(items.length + 1);
  return rest !== path && parts.some((part) => rest === part || rest.startsWith(`${part}.`));
};

/** The object with each of its items, nested ones too, replaced by what `change` makes of it. */
const mapItems = (holder: JsonObject, items: string, change: (item: JsonObject) => JsonObject): JsonObject =>
  Array.isArray(holder[items])
    ? { ...holder, [items]: objectsAt(holder, items).map((item) => change(mapItems(item, items, change))) }
    : holder;

const valueAt = (json: JsonObject, [name = '', ...more]: readonly string[]): unknown => {
  const value = json[name];
  if (more.length === 0) return value;
  return isJsonObject(value) ? valueAt(value, more) : undefined;
};

/** Without the value at the path, and without what then is but the name of a class. */
const cut = (json: JsonObject, [name = '', ...more]: readonly string[]): JsonObject => {
  const { [name]: value, ...rest } = json;
  if (value === undefined) return json;
  if (more.length === 0) return rest;
  if (!isJsonObject(value)) return json;
  const left = cut(value, more);
  if (left === value) return json;
  return Object.keys(left).some((key) => key !== '@type') ? { ...json, [name]: left } : rest;
};

/** A reference has no parts of its own. */
const isClass = (type: unknown): boolean => typeof type === 'string' && !type.endsWith('Ref');

/** With the value that stood at the path before, in an object of the class that it was in, unless it has its own. */
const putBack = (
  json: JsonObject,
  before: JsonObject,
  [name = '', ...more]: readonly string[],
): JsonObject => {
  const value = before[name];
  if (value === undefined) return json;
  if (more.length === 0) return { ...json, [name]: value };
  if (!isJsonObject(value)) return json;
  const own = json[name];
  const target = isJsonObject(own) ? own : {};
  const type = isClass(target['@type']) ? target['@type'] : value['@type'];
  return {
    ...json,
    [name]: putBack({ ...target, ...(type === undefined ? {} : { '@type': type }) }, value, more),
  };
};

/** A view of the resource without the parts. */
export const withoutParts = ({ items, parts, beside = [] }: GuardedItems, view: JsonObject): JsonObject =>
  mapItems(
    beside.reduce((left, name) => cut(left, [name]), view),
    items,
    (item) => parts.reduce((left, part) => cut(left, part.split('.')), item),
  );

const keepBeside = (
  { resource, beside = [] }: GuardedItems,
  before: JsonObject,
  after: JsonObject,
): JsonObject => {
  if (beside.some((name) => after[name] !== undefined)) throw insufficientScope(resource, 'read');
  const known = beside.filter((name) => before[name] !== undefined);
  return { ...after, ...Object.fromEntries(known.map((name) => [name, before[name]])) };
};

const itemsOf = (holder: JsonObject, items: string): readonly JsonObject[] =>
  objectsAt(holder, items).flatMap((item) => [item, ...itemsOf(item, items)]);

/**
 * What one wrote who does not see the parts, with those that the items (by their id) had before. He may not send them
 * either, not even unchanged: 403.
 */
export const keepParts = (guarded: GuardedItems, before: JsonObject, after: JsonObject): JsonObject => {
  const { items, resource, parts } = guarded;
  const paths = parts.map((part) => part.split('.'));
  const known = new Map(itemsOf(before, items).map((item) => [item['id'], item]));
  const kept = keepBeside(guarded, before, after);
  return mapItems(kept, items, (item) => {
    if (paths.some((path) => valueAt(item, path) !== undefined)) throw insufficientScope(resource, 'read');
    const old = item['id'] === undefined ? undefined : known.get(item['id']);
    if (old === undefined) return item;
    return paths.reduce(
      (whole, path) => (valueAt(old, path) === undefined ? whole : putBack(whole, old, path)),
      item,
    );
  });
};
