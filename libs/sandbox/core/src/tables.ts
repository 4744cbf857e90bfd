import type { JsonObject } from '@quotebridge/platform/core';

/** A stored row. Rows are never changed in place: a write replaces the whole row. */
export type Row = JsonObject;

/** What was written since the seed: `null` marks a removed row. */
export interface TableChanges {
  readonly counters: Record<string, number>;
  readonly rows: Record<string, Record<string, Row | null>>;
}

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

  get(table: string, key: string): Row | undefined {
    return this.tables.get(table)?.get(key);
  }

  all(table: string): Row[] {
    return [...(this.tables.get(table)?.values() ?? [])];
  }

  put(table: string, key: string, row: Row): void {
    const rows = this.table(table);
    const before = rows.get(key);
    this.undo?.push(() => (before === undefined ? rows.delete(key) : rows.set(key, before)));
    rows.set(key, row);
    this.touch(table, key);
  }

  remove(table: string, key: string): void {
    const rows = this.table(table);
    const before = rows.get(key);
    if (before === undefined) return;
    this.undo?.push(() => rows.set(key, before));
    rows.delete(key);
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

  /** Empties everything and fills it again by `fill`, whose rows do not count as changes. */
  reseed(fill: (tables: Tables) => void): void {
    this.tables.clear();
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
