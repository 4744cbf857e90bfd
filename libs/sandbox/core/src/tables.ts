import type { JsonObject } from '@quotebridge/platform/core';

/** A stored row. Rows are never changed in place: a write replaces the whole row. */
export type Row = JsonObject;

/** What was written since the seed: `null` marks a removed row. */
export interface TableChanges {
  readonly counters: Record<string, number>;
  readonly rows: Record<string, Record<string, Row | null>>;
}

const entriesAt = (index: Map<unknown, Map<string, Row>>, value: unknown): Map<string, Row> => {
  const known = index.get(value);
  if (known !== undefined) return known;
  const made = new Map<string, Row>();
  index.set(value, made);
  return made;
};

/**
 * The memory of a sandbox: named tables of rows by key, number ranges, and all-or-nothing transactions.
 * Everything is synchronous, so a request's work is never interleaved with another's.
 */
export class Tables {
  /** Grows with every write; tells whether the data file is behind. */
  revision = 0;
  private readonly tables = new Map<string, Map<string, Row>>();
  private readonly counters = new Map<string, number>();
  private readonly touched = new Map<string, Set<string>>();
  private undo: (() => void)[] | undefined;
  private tracking = true;
  /** Rows by a property and its value, made when first asked for and kept in step by every write. */
  private readonly indexes = new Map<string, Map<string, Map<unknown, Map<string, Row>>>>();

  get(table: string, key: string): Row | undefined {
    return this.tables.get(table)?.get(key);
  }

  all(table: string): Row[] {
    return [...(this.tables.get(table)?.values() ?? [])];
  }

  /** How many rows a table has. */
  count(table: string): number {
    return this.tables.get(table)?.size ?? 0;
  }

  /** Rows from a place on, in the order in which they were put. */
  slice(table: string, from: number, count: number): Row[] {
    const found: Row[] = [];
    let at = 0;
    for (const row of this.tables.get(table)?.values() ?? []) {
      if (at >= from + count) break;
      if (at >= from) found.push(row);
      at += 1;
    }
    return found;
  }

  /** Rows whose property has this value, in the order in which they got it. */
  where(table: string, name: string, value: unknown): Row[] {
    return [...(this.index(table, name).get(value)?.values() ?? [])];
  }

  put(table: string, key: string, row: Row): void {
    const before = this.table(table).get(key);
    this.undo?.push(() => this.set(table, key, before));
    this.set(table, key, row);
    this.touch(table, key);
  }

  remove(table: string, key: string): void {
    const rows = this.table(table);
    const before = rows.get(key);
    if (before === undefined) return;
    this.undo?.push(() => this.set(table, key, before));
    this.set(table, key, undefined);
    this.touch(table, key);
  }

  /** The next number of a range; a number handed out in a failed transaction stays used, as with the vendors. */
  next(range: string, first = 1): number {
    const number = this.counters.get(range) ?? first;
    this.counters.set(range, number + 1);
    if (this.tracking) this.revision += 1;
    return number;
  }

  /** Runs `work`; when it throws, every row is as before. One inside another can fail without undoing the outer. */
  transaction<T>(work: () => T): T {
    const outer = this.undo;
    const steps: (() => void)[] = [];
    this.undo = steps;
    try {
      const result = work();
      outer?.push(...steps);
      return result;
    } catch (thrown) {
      steps.reverse().forEach((step) => step());
      throw thrown;
    } finally {
      this.undo = outer;
    }
  }

  /** Runs `work` and leaves everything as it was, numbers included: what would come of it. */
  rehearse<T>(work: () => T): T {
    const counters = [...this.counters];
    const [outer, tracking] = [this.undo, this.tracking];
    const steps: (() => void)[] = [];
    this.undo = steps;
    this.tracking = false;
    try {
      return work();
    } finally {
      steps.reverse().forEach((step) => step());
      this.counters.clear();
      counters.forEach(([range, next]) => this.counters.set(range, next));
      this.undo = outer;
      this.tracking = tracking;
    }
  }

  /** Empties everything and fills it again by `fill`, whose rows do not count as changes. */
  reseed(fill: (tables: Tables) => void): void {
    this.tables.clear();
    this.indexes.clear();
    this.counters.clear();
    this.touched.clear();
    this.tracking = false;
    try {
      fill(this);
    } finally {
      this.tracking = true;
      this.revision += 1;
    }
  }

  /** Everything written since the seed. */
  changes(): TableChanges {
    const rows = [...this.touched].map(([table, keys]) => [
      table,
      Object.fromEntries([...keys].map((key) => [key, this.get(table, key) ?? null])),
    ]);
    return { counters: Object.fromEntries(this.counters), rows: Object.fromEntries(rows) };
  }

  /** Lays kept changes over a fresh seed. */
  apply(changes: TableChanges): void {
    for (const [table, rows] of Object.entries(changes.rows)) {
      for (const [key, row] of Object.entries(rows)) {
        if (row === null) this.remove(table, key);
        else this.put(table, key, row);
      }
    }
    for (const [range, next] of Object.entries(changes.counters)) this.counters.set(range, next);
  }

  private set(table: string, key: string, row: Row | undefined): void {
    const rows = this.table(table);
    const before = rows.get(key);
    if (row === undefined) rows.delete(key);
    else rows.set(key, row);
    for (const [name, index] of this.indexes.get(table) ?? []) {
      if (before !== undefined && before[name] !== row?.[name]) index.get(before[name])?.delete(key);
      if (row !== undefined) entriesAt(index, row[name]).set(key, row);
    }
  }

  private index(table: string, name: string): Map<unknown, Map<string, Row>> {
    const ofTable = this.indexes.get(table) ?? new Map<string, Map<unknown, Map<string, Row>>>();
    this.indexes.set(table, ofTable);
    const known = ofTable.get(name);
    if (known !== undefined) return known;
    const made = new Map<unknown, Map<string, Row>>();
    for (const [key, row] of this.table(table)) entriesAt(made, row[name]).set(key, row);
    ofTable.set(name, made);
    return made;
  }

  private table(name: string): Map<string, Row> {
    const rows = this.tables.get(name) ?? new Map<string, Row>();
    this.tables.set(name, rows);
    return rows;
  }

  private touch(table: string, key: string): void {
    if (!this.tracking) return;
    this.revision += 1;
    const keys = this.touched.get(table) ?? new Set<string>();
    keys.add(key);
    this.touched.set(table, keys);
  }
}
