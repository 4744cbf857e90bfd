import type { Row } from './row';

type Compare = (left: Row, right: Row) => number;

/** The first rows in an order, without keeping many more of them than are wanted. */
export const smallest = (rows: Iterable<Row>, compare: Compare, count: number): Row[] => {
  if (count < 1) return [];
  let kept: Row[] = [];
  // From when on there are enough: a row that does not come before the last of them is none of the first.
  let last: Row | undefined;
  const most = Math.max(1_000, count * 2);
  for (const row of rows) {
    if (last !== undefined && compare(row, last) >= 0) continue;
    kept.push(row);
    if (kept.length < most) continue;
    kept = kept.sort(compare).slice(0, count);
    last = kept.at(-1);
  }
  return kept.sort(compare).slice(0, count);
};

/** Rows that come in the order of one property, with those of the same value in the whole order. */
export function* sortedRuns(
  rows: Iterable<Row>,
  isSame: (left: Row, right: Row) => boolean,
  compare: Compare,
): Generator<Row> {
  let run: Row[] = [];
  for (const row of rows) {
    const [first] = run;
    if (first !== undefined && !isSame(first, row)) {
      yield* run.sort(compare);
      run = [];
    }
    run.push(row);
  }
  yield* run.sort(compare);
}

/** One sequence of two that are in order. */
export function* merged(left: Iterable<Row>, right: Iterable<Row>, compare: Compare): Generator<Row> {
  const [a, b] = [left[Symbol.iterator](), right[Symbol.iterator]()];
  let [headA, headB] = [a.next(), b.next()];
  while (headA.done !== true || headB.done !== true) {
    if (headA.done !== true && (headB.done === true || compare(headA.value, headB.value) <= 0)) {
      yield headA.value;
      headA = a.next();
    } else if (headB.done !== true) {
      yield headB.value;
      headB = b.next();
    }
  }
}

/** At most so many rows from a place on. */
export const taken = (rows: Iterable<Row>, from: number, count: number): Row[] => {
  const found: Row[] = [];
  let at = 0;
  for (const row of rows) {
    if (found.length >= count) break;
    if (at >= from) found.push(row);
    at += 1;
  }
  return found;
};
