import type { Json, JsonObject } from '@quotebridge/platform/core';
import type { Row, Tables } from '@quotebridge/sandbox/core';
import { noSuchColumn, refused } from '../errors';
import { fullId } from '../ids';
import { fieldNamed, objectNamed, type Field, type SObject } from '../model';
import type { Condition, Literal, Operator, Query } from './parse';

type Read = (row: Row) => Json;

/** What a query runs on. */
export interface Org {
  readonly tables: Tables;
  readonly now: number;
  /** Begins the urls in `attributes`, for example `/services/data/v62.0`. */
  readonly base: string;
}

/** How a value is shown: datetimes as `2026-01-01T00:00:00.000+0000`. */
export const shown = (field: Field, value: Json | undefined): Json => {
  if (value === undefined || value === null) return field.type === 'boolean' ? false : null;
  return field.type === 'datetime' ? new Date(Number(value)).toISOString().replace('Z', '+0000') : value;
};

/** The object of a FROM clause. */
const objectOf = (name: string): SObject => {
  const object = objectNamed(name);
  if (object === undefined) throw refused(400, 'INVALID_TYPE', `sObject type '${name}' is not supported.`);
  return object;
};

const parentOf = (object: SObject, relation: string): { name: string; parent: SObject } => {
  const found = Object.entries(object.fields).find(
    ([, one]) => one.relation?.toLowerCase() === relation.toLowerCase(),
  );
  const parent = found?.[1].to === undefined ? undefined : objectNamed(found[1].to);
  if (found === undefined || parent === undefined) {
    throw refused(400, 'INVALID_FIELD', `Didn't understand relationship '${relation}' in field path.`);
  }
  return { name: found[0], parent };
};

/** A field path such as `Account.Name`: how to read it and what it is. */
const resolve = (org: Org, object: SObject, path: string): { read: Read; field: Field } => {
  const [head = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    const found = fieldNamed(object, head);
    if (found === undefined) throw noSuchColumn(head, object.name);
    return {
      read: (row) => row[found.name] ?? (found.field.type === 'boolean' ? false : null),
      field: found.field,
    };
  }
  // A path may begin with the object's own name.
  if (
    head.toLowerCase() === object.name.toLowerCase() &&
    !Object.values(object.fields).some((one) => one.relation === head)
  ) {
    return resolve(org, object, rest.join('.'));
  }
  const { name, parent } = parentOf(object, head);
  const inner = resolve(org, parent, rest.join('.'));
  return {
    field: inner.field,
    read: (row) => {
      const other = org.tables.get(parent.name, String(row[name] ?? ''));
      return other === undefined ? null : inner.read(other);
    },
  };
};

const DAY = 86_400_000;

const rangeOf = (word: string, now: number): [number, number] => {
  const today = now - (now % DAY);
  const [name, count = '0'] = word.split(':');
  const days = Number(count) * DAY;
  if (name === 'YESTERDAY') return [today - DAY, today];
  if (name === 'LAST_N_DAYS') return [today - days, today + DAY];
  return name === 'NEXT_N_DAYS' ? [today + DAY, today + DAY + days] : [today, today + DAY];
};

const NUMBERS = new Set(['currency', 'double', 'percent', 'int']);

/** A literal as a comparable value; a kind that does not fit the field is refused as the real org does. */
const valueOf = (path: string, field: Field, literal: Literal): Json => {
  const wrong = (type: string): Error =>
    refused(
      400,
      'INVALID_FIELD',
      `value of filter criterion for field '${path}' must be of type ${type} and should not be enclosed in quotes`,
    );
  if (literal.kind === 'null') return null;
  if (field.type === 'datetime') {
    if (literal.kind !== 'moment' || !literal.value.includes('T')) throw wrong('dateTime');
    return Date.parse(literal.value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  }
  if (field.type === 'date') {
    if (literal.kind !== 'moment' || literal.value.includes('T')) throw wrong('date');
    return literal.value;
  }
  if (field.type === 'boolean') {
    if (literal.kind !== 'boolean') throw wrong('boolean');
    return literal.value === 'true';
  }
  if (NUMBERS.has(field.type)) {
    if (literal.kind !== 'number') throw wrong('double');
    return Number(literal.value);
  }
  if (literal.kind !== 'text')
    throw refused(
      400,
      'INVALID_FIELD',
      `value of filter criterion for field '${path}' must be of type string and should be enclosed in quotes`,
    );
  if (field.type !== 'id' && field.type !== 'reference') return literal.value;
  const id = fullId(literal.value);
  if (id === undefined)
    throw refused(400, 'INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${literal.value}`);
  return id;
};

const plain = (value: Json): Json => (typeof value === 'string' ? value.toLowerCase() : value);

const compare = (left: Json, right: Json): number => {
  const [a, b] = [plain(left), plain(right)];
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : 1;
};

const SIGNS: Partial<Record<Operator, (left: Json, right: Json) => boolean>> = {
  '=': (left, right) => compare(left, right) === 0,
  '!=': (left, right) => compare(left, right) !== 0,
  '<': (left, right) => left !== null && compare(left, right) < 0,
  '<=': (left, right) => left !== null && compare(left, right) <= 0,
  '>': (left, right) => left !== null && compare(left, right) > 0,
  '>=': (left, right) => left !== null && compare(left, right) >= 0,
};

const like = (pattern: string): RegExp => {
  const escaped = pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/%/g, '.*').replace(/_/g, '.')}$`, 'is');
};

const inRange = (operator: Operator, [from, to]: [number, number], value: Json, field: Field): boolean => {
  if (value === null) return false;
  const time = field.type === 'date' ? Date.parse(`${String(value)}T00:00:00Z`) : Number(value);
  const within = time >= from && time < to;
  const tests: Partial<Record<Operator, boolean>> = {
    '=': within,
    '!=': !within,
    '<': time < from,
    '<=': time < to,
    '>': time >= to,
    '>=': time >= from,
  };
  return tests[operator] ?? false;
};

const test = (org: Org, object: SObject, condition: Condition): ((row: Row) => boolean) => {
  if (condition.kind === 'not') {
    const inner = test(org, object, condition.part);
    return (row) => !inner(row);
  }
  if (condition.kind !== 'compare') {
    const parts = condition.parts.map((part) => test(org, object, part));
    return condition.kind === 'and'
      ? (row) => parts.every((one) => one(row))
      : (row) => parts.some((one) => one(row));
  }
  const { path, operator, literals } = condition;
  const { read, field } = resolve(org, object, path);
  const [first] = literals;
  if (first?.kind === 'range') {
    const range = rangeOf(first.value, org.now);
    return (row) => inRange(operator, range, read(row), field);
  }
  if (operator === 'LIKE') {
    const pattern = like(first?.value ?? '');
    return (row) => pattern.test(String(read(row) ?? ''));
  }
  const values = literals.map((literal) => valueOf(path, field, literal));
  if (operator === 'IN') return (row) => values.some((value) => compare(read(row), value) === 0);
  if (operator === 'NOT IN') return (row) => values.every((value) => compare(read(row), value) !== 0);
  const sign = SIGNS[operator];
  return (row) => sign?.(read(row), values[0] ?? null) ?? false;
};

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
