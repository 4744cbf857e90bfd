import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import { onObject, without, type Lens } from '../lens';
import { impliedType } from '../types';

const ATTRIBUTE = 'externalId';
/** Where v4 shows what does not fit into its one text: owners, types, and all further identifiers. */
const DETAIL = 'externalIdDetail';

const entry = impliedType(() => 'ExternalIdentifier');

/** The identifiers as v4 shows them: the id of the first one, and the rest if there is any. */
const split = (list: readonly Json[]): JsonObject | undefined => {
  if (list.length === 0) return { [DETAIL]: [] };
  const first = list[0];
  if (!isJsonObject(first)) return undefined;
  const { id, ...shown } = entry.fromStored(first) as JsonObject;
  if (id === undefined) return { [DETAIL]: [shown, ...list.slice(1)] };
  if (typeof id !== 'string') return undefined;
  const isAll = list.length === 1 && Object.keys(shown).length === 0;
  return isAll ? { [ATTRIBUTE]: id } : { [ATTRIBUTE]: id, [DETAIL]: [shown, ...list.slice(1)] };
};

/** The identifiers that v4 shows in this way, or undefined where it never would. */
const join = (id: Json | undefined, detail: Json | undefined): Json[] | undefined => {
  if (id !== undefined && typeof id !== 'string') return undefined;
  if (detail === undefined) return id === undefined ? undefined : [entry.toStored({ id })];
  if (!Array.isArray(detail)) return undefined;
  const [first, ...others] = detail;
  if (first === undefined) return id === undefined ? [] : undefined;
  if (!isJsonObject(first) || first['id'] !== undefined || first['@type'] === 'ExternalIdentifier') {
    return undefined;
  }
  if (id !== undefined && detail.length === 1 && Object.keys(first).length === 0) return undefined;
  return [entry.toStored(id === undefined ? first : { id, ...first }), ...others];
};

/**
 * One text in v4 ⇄ `[{ @type: ExternalIdentifier, id, owner, externalIdentifierType }]`. v4 shows the id of the
 * first identifier, and in `externalIdDetail` whatever else there is, so that it survives an update by a v4 client.
 * A document that has an `externalIdDetail` of its own making passes with both attributes untouched.
 */
export const externalId: Lens = onObject(
  (v4) => {
    const list = join(v4[ATTRIBUTE], v4[DETAIL]);
    return list === undefined ? v4 : { ...without(v4, DETAIL), [ATTRIBUTE]: list };
  },
  (stored) => {
    const list = stored[ATTRIBUTE];
    const shown = Array.isArray(list) && stored[DETAIL] === undefined ? split(list) : undefined;
    return shown === undefined ? stored : { ...without(stored, ATTRIBUTE), ...shown };
  },
  ([first = '', ...rest]) =>
    first === ATTRIBUTE && rest.length === 0 ? [ATTRIBUTE, 'id'] : [first, ...rest],
);
