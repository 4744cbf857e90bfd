import type { Json, JsonObject } from '@quotebridge/platform/core';
import {
  allOf,
  condition,
  noneOf,
  selectedOf,
  type Condition,
  type Order,
  type Row,
  type Selection,
} from '@quotebridge/sandbox/core';
import { refused } from '../errors';
import { fieldNamed, type SObject } from '../model';
import { compare, test } from './condition';
import type { Query } from './parse';
import { objectOf, parentOf, resolve, shown, type Org } from './resolve';

const orderOf = (org: Org, object: SObject, query: Query): Order | undefined => {
  const steps = query.orderBy.map(({ path, descending, nullsLast }) => {
    const { read } = resolve(org, object, path);
    return (a: Row, b: Row): number => {
      const [left, right] = [read(a), read(b)];
      if (nullsLast && (left === null) !== (right === null)) return left === null ? 1 : -1;
      return (descending ? -1 : 1) * compare(left, right);
    };
  });
  const [first] = query.orderBy;
  if (first === undefined) return undefined;
  const { name, behind, field } = resolve(org, object, first.path);
  const isPlain = behind === undefined && first.nullsLast !== true && field.type !== 'boolean';
  return {
    compare: (a, b) => steps.reduce((result, step) => (result === 0 ? step(a, b) : result), 0),
    ...(isPlain ? { by: { name, isDescending: first.descending } } : {}),
  };
};

/** Of records in the recycle bin. */
export const isDeleted = condition(['IsDeleted'], (row) => row['IsDeleted'] === true);

/** The `attributes` of a record. */
export const attributesOf = (org: Org, object: SObject, row: Row): JsonObject => ({
  type: object.name,
  url: `${org.base}/sobjects/${object.name}/${String(row['Id'])}`,
});

const place = (org: Org, object: SObject, row: Row, path: string, into: JsonObject): void => {
  const [head = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    const found = fieldNamed(object, head);
    if (found !== undefined) into[found.name] = shown(found.field, row[found.name]);
    return;
  }
  const { name, parent } = parentOf(org, object, head);
  const relation = object.fields[name]?.relation ?? head;
  const other = org.tables.get(parent.name, String(row[name] ?? ''));
  if (other === undefined) {
    into[relation] = null;
    return;
  }
  const known = into[relation];
  const inner: JsonObject =
    typeof known === 'object' && known !== null && !Array.isArray(known)
      ? known
      : { attributes: attributesOf(org, parent, other) };
  into[relation] = inner;
  place(org, parent, other, rest.join('.'), inner);
};

/** The records that a query asks for. `source` gives those that a condition holds for. */
const foundBy = (
  org: Org,
  object: SObject,
  query: Query,
  all: boolean,
  source: (where: Condition | undefined, order: Order | undefined) => Selection,
): Found => {
  const parts = [
    ...(all ? [] : [noneOf(isDeleted)]),
    ...(query.where === undefined ? [] : [test(org, object, query.where)]),
  ];
  const selection = source(parts.length === 0 ? undefined : allOf(parts), orderOf(org, object, query));
  const { offset, limit = Infinity } = query;
  const size = Math.max(0, Math.min(selection.count(offset + limit) - offset, limit));
  return {
    size,
    page: (from, count) =>
      selection
        .page(offset + from, Math.max(0, Math.min(count, size - from)))
        .map((row) => record(org, object, query, row, all)),
  };
};

const children = (org: Org, object: SObject, row: Row, subquery: Query, all: boolean): [string, Json] => {
  const known = Object.entries(object.children).find(
    ([name]) => name.toLowerCase() === subquery.from.toLowerCase(),
  );
  if (known === undefined) {
    throw refused(
      400,
      'INVALID_TYPE',
      `Didn't understand relationship '${subquery.from}' in FROM part of query call.`,
    );
  }
  const [name, relation] = known;
  const child = objectOf(org, relation.object);
  const own = org.tables.where(child.name, relation.field, row['Id']);
  const found = foundBy(org, child, subquery, all, (where, order) => selectedOf(own, where, order));
  const records = [...found.page(0, found.size)];
  return [name, records.length === 0 ? null : { totalSize: records.length, done: true, records }];
};

const record = (org: Org, object: SObject, query: Query, row: Row, all: boolean): JsonObject => {
  const result: JsonObject = { attributes: attributesOf(org, object, row) };
  for (const path of query.fields) {
    const own =
      path.toLowerCase().startsWith(`${object.name.toLowerCase()}.`) &&
      !Object.values(object.fields).some((one) => one.relation === object.name);
    place(org, object, row, own ? path.slice(object.name.length + 1) : path, result);
  }
  for (const subquery of query.subqueries) {
    const [name, value] = children(org, object, row, subquery, all);
    result[name] = value;
  }
  return result;
};

/** What a query found. */
export interface Found {
  readonly size: number;
  /** At most so many records from a place on, made when they are asked for. */
  page(from: number, count: number): readonly JsonObject[];
}

/** Runs a query; `all` also sees deleted records (queryAll). Unknown names throw INVALID_FIELD or INVALID_TYPE. */
export const runSoql = (org: Org, query: Query, all: boolean): Found => {
  const object = objectOf(org, query.from);
  query.fields.forEach((path) => resolve(org, object, path));
  return foundBy(org, object, query, all, (where, order) => org.tables.select(object.name, where, order));
};
