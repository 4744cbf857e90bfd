import { createHash } from 'node:crypto';
import type { JsonObject } from '@quotebridge/platform/core';
import type { Scalar } from './filter';
import type { MongoFilter } from './mongo';
import { totalOrder, type SortKey } from './sort';

/** A text that is too long for a cursor, which its item has in full. */
export interface Shortened {
  readonly digest: string;
}

/** A place in a list: the sort values and the id of one item. A missing attribute is null. */
export interface Cursor<Value = Scalar | null | Shortened> {
  readonly values: readonly Value[];
  readonly id: string;
}

/** A cursor of the request and the side of it that is asked for. */
export interface PageCursor<Value = Scalar | null | Shortened> extends Cursor<Value> {
  readonly side: 'after' | 'before';
}

const VERSION = 1;
const MAX_LENGTH = 4_000;
/** Texts above are shortened where a cursor would be too long; a digest is shorter. */
const MAX_TEXT = 100;

const orderText = (sort: readonly SortKey[]): string =>
  totalOrder(sort)
    .map(([path, direction]) => `${direction === 1 ? '+' : '-'}${path}`)
    .join(',');

const checksum = (body: readonly unknown[]): string =>
  createHash('sha256')
    .update(`list cursor ${JSON.stringify(body)}`)
    .digest('base64url')
    .slice(0, 12);

const digestOf = (value: string): string => createHash('sha256').update(value).digest('base64url');

const shortened = (value: Scalar | null): Scalar | null | Shortened =>
  typeof value === 'string' && value.length > MAX_TEXT ? { digest: digestOf(value) } : value;

const isShortened = (value: unknown): value is Shortened =>
  typeof value === 'object' && value !== null && 'digest' in value && typeof value.digest === 'string';

const isScalarOrNull = (value: unknown): value is Scalar | null =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** The value at a dotted path; undefined stands for "runs through an array or ends in something without order". */
const sortValue = (document: JsonObject, path: string): Scalar | null | undefined => {
  let value: unknown = document;
  for (const name of path.split('.')) {
    if (Array.isArray(value)) return undefined;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null;
    value = (value as JsonObject)[name];
  }
  if (value === undefined) return null;
  return isScalarOrNull(value) ? value : undefined;
};

/** The sort values of a document; undefined when one of them is an array or an object. */
const sortValues = (sort: readonly SortKey[], document: JsonObject): (Scalar | null)[] | undefined => {
  const values = totalOrder(sort)
    .slice(0, -1)
    .map(([path]) => sortValue(document, path));
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? known : undefined;
};

/**
 * The opaque cursor of a stored document in a sort order. It carries a version, the order it belongs to, and a
 * checksum against damage; texts that are too long for it by their digest. Undefined when the order cannot be continued
 * from this document (a sort value is an array or an object).
 */
export const encodeCursor = (sort: readonly SortKey[], document: JsonObject): string | undefined => {
  const id = document['_id'];
  if (typeof id !== 'string' || sort.some((key) => key.array)) return undefined;
  const values = sortValues(sort, document);
  if (values === undefined) return undefined;
  const whole = textOf([VERSION, orderText(sort), values, id]);
  return whole.length > MAX_LENGTH ? textOf([VERSION, orderText(sort), values.map(shortened), id]) : whole;
};

const textOf = (body: readonly unknown[]): string =>
  Buffer.from(JSON.stringify([...body, checksum(body)])).toString('base64url');

/** Reads a cursor made for the same order; otherwise the reason why it cannot be used, as a text. */
export const decodeCursor = (sort: readonly SortKey[], text: string): Cursor | string => {
  const broken = 'is damaged or not a cursor of this service; start again without it';
  if (text.length > MAX_LENGTH || !/^[\w-]+$/.test(text)) return broken;
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return broken;
  }
  if (!Array.isArray(parsed) || parsed.length !== 5) return broken;
  const [version, order, values, id, sum] = parsed as unknown[];
  if (sum !== checksum(parsed.slice(0, 4))) return broken;
  if (version !== VERSION) return 'was made by another version of this service; start again without it';
  if (order !== orderText(sort)) return 'belongs to another sort order; repeat the "sort" it was made with';
  if (!Array.isArray(values) || typeof id !== 'string' || !values.every(isValue)) return broken;
  return { values, id };
};

const isValue = (value: unknown): value is Scalar | null | Shortened =>
  isScalarOrNull(value) || isShortened(value);

/** True for a cursor that needs its item to be whole again. */
export const needsItem = ({ values }: Cursor): boolean => values.some(isShortened);

/**
 * The cursor with what it was shortened by, from the document that it was made of. Undefined when that is not known any more:
 * the document is gone, or its place is another one now.
 */
export const wholeCursor = (
  sort: readonly SortKey[],
  cursor: PageCursor,
  document: JsonObject | undefined,
): PageCursor<Scalar | null> | undefined => {
  const now = document && sortValues(sort, document);
  const whole = cursor.values.map((value, at) => {
    if (!isShortened(value)) return value;
    const text = now?.[at];
    return typeof text === 'string' && digestOf(text) === value.digest ? text : undefined;
  });
  const values = whole.filter((value) => value !== undefined);
  return values.length === whole.length ? { ...cursor, values } : undefined;
};

const equalTo = (path: string, value: Scalar | null): MongoFilter => ({ [path]: { $eq: value } });

/** Documents whose value sorts strictly behind: null and missing come first when ascending, last when descending. */
const behind = (path: string, value: Scalar | null, direction: 1 | -1): MongoFilter | undefined => {
  if (direction === 1) return value === null ? { [path]: { $ne: null } } : { [path]: { $gt: value } };
  return value === null ? undefined : { $or: [{ [path]: { $lt: value } }, { [path]: { $eq: null } }] };
};

/** A bound on the first key that every match obeys: lets an index start at the cursor instead of at the first item. */
const bound = (path: string, value: Scalar | null, direction: 1 | -1): MongoFilter | undefined => {
  if (direction === 1) return value === null ? undefined : { [path]: { $gte: value } };
  return value === null ? equalTo(path, null) : { [path]: { $not: { $gt: value } } };
};

/**
 * The filter for the items on one side of a cursor. To be joined (`$and`) with the filter of the query; for
 * `before` the page is read with `mongoSort(sort, true)` and then reversed.
 */
export const cursorFilter = (sort: readonly SortKey[], cursor: PageCursor<Scalar | null>): MongoFilter => {
  const order = totalOrder(sort);
  const values = [...cursor.values, cursor.id];
  const turn = (direction: 1 | -1): 1 | -1 => ((cursor.side === 'before') === (direction === 1) ? -1 : 1);
  const branches = order.flatMap(([path, direction], index) => {
    const last = behind(path, values[index] ?? null, turn(direction));
    const equals = order.slice(0, index).map(([earlier], at) => equalTo(earlier, values[at] ?? null));
    return last === undefined ? [] : [{ $and: [...equals, last] }];
  });
  const [first] = order;
  if (order.length === 1 || first === undefined)
    return { _id: { [turn(first?.[1] ?? 1) === 1 ? '$gt' : '$lt']: cursor.id } };
  const start = bound(first[0], values[0] ?? null, turn(first[1]));
  return { $and: [...(start === undefined ? [] : [start]), { $or: branches }] };
};
