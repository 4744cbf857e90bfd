import { changedDate, sparePart, type Row, type Tables } from '@quotebridge/sandbox/core';
import type { JsonObject } from '@quotebridge/platform/core';

/** Table of the parts that were written; all others come from the endless list. */
export const PARTS = 'Part';

/** A part of the list that nobody has written. */
const listed = (seed: number, index: number): JsonObject => {
  const part = sparePart(seed, index);
  return {
    number: part.number,
    texts: { en: part.name, de: part.nameDe },
    group: part.group,
    price: { amount: part.price, currency: 'EUR' },
    weightKg: Number(part.weight),
    status: part.status,
    ...(part.supersededBy === '' ? {} : { supersededBy: part.supersededBy }),
    deleted: false,
    changedAt: `${changedDate(part)}T00:00:00.000Z`,
  };
};

const FIRST = 100_000;

/** Place of a part number in the list, or undefined. */
export const indexOf = (number: string, rows: number): number | undefined => {
  const index = Number(/^ET-(\d{6,9})$/.exec(number)?.[1] ?? NaN) - FIRST;
  return Number.isInteger(index) && index >= 0 && index < rows ? index : undefined;
};

/** Parts of one sandbox: a generated list with what was written laid over it. */
export class Parts {
  constructor(
    private readonly tables: Tables,
    private readonly seed: number,
    readonly rows: number,
  ) {}

  at(index: number): Row {
    const part = listed(this.seed, index);
    return this.tables.get(PARTS, String(part['number'])) ?? part;
  }

  find(number: string): Row | undefined {
    const index = indexOf(number, this.rows);
    return index === undefined ? undefined : this.at(index);
  }

  write(number: string, change: JsonObject, now: number): Row | undefined {
    const before = this.find(number);
    if (before === undefined) return undefined;
    const after = { ...before, ...change, number, changedAt: new Date(now).toISOString() };
    this.tables.put(PARTS, number, after);
    return after;
  }

  /** Parts changed since a moment (epoch milliseconds) from a place of the list on, with the place behind them. */
  page(
    since: number,
    from: number,
    size: number,
  ): { readonly parts: readonly Row[]; readonly next: number | undefined } {
    const parts: Row[] = [];
    let index = from;
    for (; index < this.rows && parts.length < size; index += 1) {
      const part = this.at(index);
      if (Date.parse(String(part['changedAt'])) >= since) parts.push(part);
    }
    return { parts, next: index < this.rows ? index : undefined };
  }

  /** Place in the list behind so many parts that have changed. */
  placeBehind(since: number, count: number): number {
    if (since <= 0) return count;
    let left = count;
    let index = 0;
    for (; index < this.rows && left > 0; index += 1)
      if (Date.parse(String(this.at(index)['changedAt'])) >= since) left -= 1;
    return index;
  }
}
