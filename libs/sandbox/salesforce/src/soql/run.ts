import type { Json, JsonObject } from '@quotebridge/platform/core';
import type { Row } from '@quotebridge/sandbox/core';
import { refused } from '../errors';
import { fieldNamed, type SObject } from '../model';
import { compare, test } from './condition';
import type { Query } from './parse';
import { objectOf, parentOf, resolve, shown, type Org } from './resolve';

const sorter = (org: Org, object: SObject, query: Query): ((a: Row, b: Row) => number) => {
  const steps = query.orderBy.map(({ path, descending, nullsLast }) => {
    const { read } = resolve(org, object, path);
    return (a: Row, b: Row): number => {
      const [left, right] = [read(a), read(b)];
      if (nullsLast && (left === null) !== (right === null)) return left === null ? 1 : -1;
      return (descending ? -1 : 1) * compare(left, right);
    };
  });
  return (a, b) => steps.reduce((result, step) => (result === 0 ? step(a, b) : result), 0);
};

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
  const { name, parent } = parentOf(object, head);
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

const rowsOf = (org: Org, object: SObject, query: Query, candidates: readonly Row[]): Row[] => {
  const matching =
    query.where === undefined ? [...candidates] : candidates.filter(test(org, object, query.where));
  const sorted = query.orderBy.length === 0 ? matching : matching.sort(sorter(org, object, query));
  return sorted.slice(query.offset, query.limit === undefined ? undefined : query.offset + query.limit);
};

const children = (org: Org, object: SObject, row: Row, subquery: Query, all: boolean): [string, Json] => {
  const found = Object.entries(object.children).find(
    ([name]) => name.toLowerCase() === subquery.from.toLowerCase(),
  );
  if (found === undefined) {
    throw refused(
      400,
      'INVALID_TYPE',
      `Didn't understand relationship '${subquery.from}' in FROM part of query call.`,
    );
  }
  const [name, relation] = found;
  const child = objectOf(relation.object);
  const own = org.tables
    .all(child.name)
    .filter((one) => one[relation.field] === row['Id'] && (all || one['IsDeleted'] !== true));
  const rows = rowsOf(org, child, subquery, own);
  const records = rows.map((one) => record(org, child, subquery, one, all));
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

/** What a query found: for `COUNT()` only the size. */
export interface Found {
  readonly size: number;
  readonly records: readonly JsonObject[];
}

/** Runs a query; `all` also sees deleted records (queryAll). Unknown names throw INVALID_FIELD or INVALID_TYPE. */
export const runSoql = (org: Org, query: Query, all: boolean): Found => {
  const object = objectOf(query.from);
  query.fields.forEach((path) => resolve(org, object, path));
  const visible = org.tables.all(object.name).filter((row) => all || row['IsDeleted'] !== true);
  const rows = rowsOf(org, object, query, visible);
  return {
    size: rows.length,
    records: query.counting ? [] : rows.map((row) => record(org, object, query, row, all)),
  };
};
