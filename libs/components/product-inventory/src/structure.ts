import {
  bomFaultOf,
  CONTAINS,
  MOST_LEVELS_ABOVE,
  type BomFault,
  type ReadHolders,
} from '@quotebridge/cpq/bom';
import { isJsonObject, Refusal, type JsonObject } from '@quotebridge/platform/core';
import type { ClientSession } from '@quotebridge/platform/store';
import type { Runtime } from '@quotebridge/tmf/component';
import type { HookContext } from '@quotebridge/tmf/resource';

/** Lock of every write that builds something into a product. */
export const STRUCTURE_LOCK = 'product-structure';

/** More products are not named in a message. */
const MOST_NAMED = 12;

const relationshipsOf = ({ productRelationship }: JsonObject): readonly JsonObject[] =>
  Array.isArray(productRelationship) ? productRelationship.filter(isJsonObject) : [];

/** Ids of what a product directly contains, at whatever time. */
const componentIds = (product: JsonObject): readonly string[] =>
  relationshipsOf(product).flatMap(({ id, relationshipType }) =>
    relationshipType === CONTAINS && typeof id === 'string' ? [id] : [],
  );

const addedTo = (before: JsonObject | undefined, after: JsonObject): readonly string[] => {
  const had = new Set(componentIds(before ?? {}));
  return componentIds(after).filter((id) => !had.has(id));
};

/**
 * Writes that build something in come one after another, so that two of them cannot close a circle together. What gets
 * its id from us is not built into anything yet.
 */
export const structureLock = (before: JsonObject | undefined, after: JsonObject): string | undefined => {
  const isNew = before === undefined && after['id'] === undefined;
  return !isNew && addedTo(before, after).length > 0 ? STRUCTURE_LOCK : undefined;
};

const holdersIn =
  (runtime: Runtime, session?: ClientSession): ReadHolders =>
  async (ids) => {
    const wanted = new Set(ids);
    const found = await runtime
      .service('product')
      .repository.collection.find(
        { productRelationship: { $elemMatch: { relationshipType: CONTAINS, id: { $in: [...ids] } } } },
        { projection: { productRelationship: 1 }, ...(session ? { session } : {}) },
      )
      .toArray();
    const holders = new Map<string, string[]>();
    for (const { _id, ...product } of found)
      for (const id of componentIds(product as JsonObject))
        if (wanted.has(id)) holders.set(id, [...(holders.get(id) ?? []), _id]);
    return holders;
  };

const wordsFor = (fault: BomFault): string => {
  if (fault.kind === 'tooDeep') return `would be built in more than ${MOST_LEVELS_ABOVE} levels deep`;
  const { path } = fault;
  const shown = path.length > MOST_NAMED ? [...path.slice(0, MOST_NAMED - 1), '…', path[0]] : path;
  return `would make the product contain itself: ${shown.join(' → ')}`;
};

/** Refuses with 409 what would make a product contain itself at any depth, whatever the validity of the relationships. */
export const refuseCircle = async (
  runtime: Runtime,
  before: JsonObject | undefined,
  after: JsonObject,
  { id, session }: HookContext,
): Promise<void> => {
  const fault = await bomFaultOf(id, addedTo(before, after), holdersIn(runtime, session));
  if (fault === undefined) return;
  const via = fault.kind === 'cycle' ? fault.path[1] : undefined;
  const at = relationshipsOf(after).findIndex(
    (one) => one['relationshipType'] === CONTAINS && (via === undefined || one['id'] === via),
  );
  const path = `/productRelationship/${Math.max(at, 0)}/id`;
  const message = wordsFor(fault);
  throw new Refusal(409, 'structure', `${path} ${message}`, {
    faults: [{ path, message, code: fault.kind }],
  });
};
