import type { Json } from '@quotebridge/platform/core';
import { allOf, anyOf, condition, noneOf, type Condition, type Interval } from '@quotebridge/sandbox/core';
import { refused } from '../errors';
import { fullId } from '../ids';
import type { Field, SObject } from '../model';
import type { Condition as Clause, Literal, Operator } from './parse';
import { resolve, type Org } from './resolve';

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

/** Orders two values; texts without regard to case, null first. */
export const compare = (left: Json, right: Json): number => {
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

type Point = string | number | null;

const isPoint = (value: Json): value is Point =>
  value === null || typeof value === 'string' || typeof value === 'number';

/** Where the values stand that a comparison holds for; texts in small letters, as they are compared. */
const intervalsOf = (operator: Operator, values: readonly Json[]): readonly Interval[] | undefined => {
  const points = values.map(plain).filter(isPoint);
  const [point = null] = points;
  if (points.length < values.length || points.includes('')) return undefined;
  const there = { from: null, fromOpen: true };
  if (point === null)
    return operator === '=' ? [{ from: null, to: null }] : operator === '!=' ? [there] : undefined;
  const intervals: Partial<Record<Operator, readonly Interval[]>> = {
    '=': [{ from: point, to: point }],
    '<': [{ ...there, to: point, toOpen: true }],
    '<=': [{ ...there, to: point }],
    '>': [{ from: point, fromOpen: true }],
    '>=': [{ from: point }],
    IN: points.map((one) => ({ from: one, to: one })),
  };
  return intervals[operator];
};

const timesOf = (operator: Operator, [from, to]: [number, number]): readonly Interval[] | undefined => {
  const there = { from: null, fromOpen: true };
  const intervals: Partial<Record<Operator, readonly Interval[]>> = {
    '=': [{ from, to, toOpen: true }],
    '<': [{ ...there, to: from, toOpen: true }],
    '<=': [{ ...there, to, toOpen: true }],
    '>': [{ from: to }],
    '>=': [{ from }],
  };
  return intervals[operator];
};

type Comparison = Extract<Clause, { kind: 'compare' }>;

/** So many parents are looked up for a condition on them; with more of them every record is looked at. */
const MOST_PARENTS = 1_000;

/** A comparison that no record without a parent passes. */
const wantsParent = ({ operator, literals }: Comparison): boolean =>
  operator !== '!=' && operator !== 'NOT IN' && literals.every(({ kind }) => kind !== 'null');

/** Where the ids of parents stand that a comparison holds for, when these are found without looking at all of them. */
const parentsOf = (
  org: Org,
  clause: Comparison,
  { parent, path }: NonNullable<ReturnType<typeof resolve>['behind']>,
): readonly Interval[] | undefined => {
  if (!wantsParent(clause)) return undefined;
  const where = test(org, parent, { ...clause, path });
  if (where.within.size === 0) return undefined;
  const parents = org.tables.select(parent.name, where).page(0, MOST_PARENTS + 1);
  if (parents.length > MOST_PARENTS) return undefined;
  return parents.map(({ Id }) => {
    const id = String(Id).toLowerCase();
    return { from: id, to: id };
  });
};

/** Turns a WHERE clause into a condition of rows. */
export const test = (org: Org, object: SObject, clause: Clause): Condition => {
  if (clause.kind === 'not') return noneOf(test(org, object, clause.part));
  if (clause.kind !== 'compare') {
    const parts = clause.parts.map((part) => test(org, object, part));
    return clause.kind === 'and' ? allOf(parts) : anyOf(parts);
  }
  const { path, operator, literals } = clause;
  const { read, field, name, behind } = resolve(org, object, path);
  const within = (own: () => readonly Interval[] | undefined): readonly Interval[] | undefined =>
    behind === undefined ? own() : parentsOf(org, clause, behind);
  const [first] = literals;
  if (first?.kind === 'range') {
    const range = rangeOf(first.value, org.now);
    return condition(
      [name],
      (row) => inRange(operator, range, read(row), field),
      within(() => (field.type === 'datetime' ? timesOf(operator, range) : undefined)),
    );
  }
  if (operator === 'LIKE') {
    const pattern = like(first?.value ?? '');
    return condition([name], (row) => pattern.test(String(read(row) ?? '')));
  }
  const values = literals.map((literal) => valueOf(path, field, literal));
  if (operator === 'NOT IN')
    return condition([name], (row) => values.every((value) => compare(read(row), value) !== 0));
  const sign = SIGNS[operator];
  return condition(
    [name],
    operator === 'IN'
      ? (row) => values.some((value) => compare(read(row), value) === 0)
      : (row) => sign?.(read(row), values[0] ?? null) ?? false,
    within(() => intervalsOf(operator, values)),
  );
};
