import type { Row } from './row';

/** What values are ordered by. Absent, null and the empty text are one, below everything else. */
export type Comparable = string | number | null;

/** Values from one to another, both of them included unless open; without an end where absent. */
export interface Interval {
  readonly from?: Comparable;
  readonly fromOpen?: boolean;
  readonly to?: Comparable;
  readonly toOpen?: boolean;
}

/** A test of rows that also tells where rows that pass can be. */
export interface Condition {
  readonly test: (row: Row) => boolean;
  /** The properties that it looks at. */
  readonly names: ReadonlySet<string>;
  /** By property, the values of rows that pass; there may be others with these values that do not. */
  readonly within: ReadonlyMap<string, readonly Interval[]>;
  /** It looks at one property, and every row with a value in these intervals passes. */
  readonly isExact: boolean;
  /** The conditions that must all hold, where it is made of several. */
  readonly parts?: readonly Condition[];
}

const isAbsent = (value: Comparable | undefined): value is null | undefined | '' =>
  value === undefined || value === null || value === '';

/** Orders two values. */
export const ordered = (left: Comparable | undefined, right: Comparable | undefined): number => {
  if (isAbsent(left) || isAbsent(right)) return isAbsent(left) ? (isAbsent(right) ? 0 : -1) : 1;
  return left === right ? 0 : left < right ? -1 : 1;
};

/** True when a value lies in one of the intervals. */
export const isWithin = (value: Comparable | undefined, intervals: readonly Interval[]): boolean =>
  intervals.some(({ from, fromOpen, to, toOpen }) => {
    const [low, high] = [
      from === undefined ? 1 : ordered(value, from),
      to === undefined ? -1 : ordered(value, to),
    ];
    return (fromOpen === true ? low > 0 : low >= 0) && (toOpen === true ? high < 0 : high <= 0);
  });

const common = (left: Interval, right: Interval): readonly Interval[] => {
  const low = left.from === undefined ? 1 : right.from === undefined ? -1 : ordered(right.from, left.from);
  const lower = low > 0 || (low === 0 && right.fromOpen === true) ? right : left;
  const high = left.to === undefined ? -1 : right.to === undefined ? 1 : ordered(right.to, left.to);
  const upper = high < 0 || (high === 0 && right.toOpen === true) ? right : left;
  if (lower.from !== undefined && upper.to !== undefined && ordered(lower.from, upper.to) > 0) return [];
  return [
    {
      ...(lower.from === undefined ? {} : { from: lower.from, fromOpen: lower.fromOpen === true }),
      ...(upper.to === undefined ? {} : { to: upper.to, toOpen: upper.toOpen === true }),
    },
  ];
};

/** A condition on properties of a row; `intervals` when it looks at one and they say all of it. */
export const condition = (
  names: readonly string[],
  test: (row: Row) => boolean,
  intervals?: readonly Interval[],
): Condition => ({
  test,
  names: new Set(names),
  within: new Map(intervals === undefined ? [] : names.slice(0, 1).map((name) => [name, intervals])),
  isExact: intervals !== undefined && names.length === 1,
});

const namesOf = (parts: readonly Condition[]): ReadonlySet<string> =>
  new Set(parts.flatMap(({ names }) => [...names]));

const isOneExact = (parts: readonly Condition[], names: ReadonlySet<string>): boolean =>
  names.size === 1 && parts.every(({ isExact }) => isExact);

/** Holds when all of them do. */
export const allOf = (parts: readonly Condition[]): Condition => {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const names = namesOf(parts);
  const within = new Map<string, readonly Interval[]>();
  for (const [name, intervals] of parts.flatMap((part) => [...part.within])) {
    const known = within.get(name);
    within.set(
      name,
      known === undefined ? intervals : known.flatMap((one) => intervals.flatMap((two) => common(one, two))),
    );
  }
  return {
    test: (row) => parts.every(({ test }) => test(row)),
    names,
    within,
    isExact: isOneExact(parts, names),
    parts: parts.flatMap((part) => part.parts ?? [part]),
  };
};

/** Holds when one of them does. */
export const anyOf = (parts: readonly Condition[]): Condition => {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const names = namesOf(parts);
  const within = [...names].flatMap((name): [string, readonly Interval[]][] =>
    parts.every((part) => part.within.has(name))
      ? [[name, parts.flatMap((part) => part.within.get(name) ?? [])]]
      : [],
  );
  return {
    test: (row) => parts.some(({ test }) => test(row)),
    names,
    within: new Map(within),
    isExact: isOneExact(parts, names),
  };
};

/** Holds when it does not. */
export const noneOf = (part: Condition): Condition => ({
  test: (row) => !part.test(row),
  names: part.names,
  within: new Map(),
  isExact: false,
});
