import type { Condition } from './condition';
import type { CopyRules } from './copies';
import type { Row } from './row';
import type { Order, Selection } from './selection';
import { TableRows } from './table-rows';

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
  private readonly tables = new Map<string, TableRows>();
  private readonly counters = new Map<string, number>();
  private readonly touched = new Map<string, Set<string>>();
  private undo: (() => void)[] | undefined;
  private tracking = true;

  get(table: string, key: string): Row | undefined {
    return this.tables.get(table)?.get(key);
  }

  /** All rows of a table at once. For tables that may have copies, ask {@link select}. */
  all(table: string): Row[] {
    return [...this.select(table)];
  }

  /** How many rows a table has. */
  count(table: string): number {
    return this.tables.get(table)?.size ?? 0;
  }

  /** Rows from a place on, in the order in which they were put. */
  slice(table: string, from: number, count: number): Row[] {
    return this.select(table).page(from, count);
  }

  /**
   * Rows that a condition holds for, all of them without one; as they were put unless an order is given. Up to `few` copies
   * are sorted rather than read in another order.
   */
  select(table: string, where?: Condition, order?: Order, few?: number): Selection {
    return this.table(table).select(where, order, few);
  }

  /** Rows whose property has this value, in the order in which they got it. */
  where(table: string, name: string, value: unknown): Row[] {
    return this.table(table).where(name, value);
  }

  put(table: string, key: string, row: Row): void {
    const back = this.table(table).set(key, row);
    this.undo?.push(back);
    this.touch(table, key);
  }

  remove(table: string, key: string): void {
    const rows = this.table(table);
    if (rows.get(key) === undefined) return;
    const back = rows.set(key, undefined);
    this.undo?.push(back);
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

  /**
   * What `fill` puts is there once more for each block. Copies are made when they are looked at, by the rules that `fill` gives.
   * For a seed, once, before anything is written.
   */
  copy(blocks: number, fill: () => CopyRules): void {
    const sizes = new Map([...this.tables].map(([name, rows]) => [name, rows.keptSize]));
    const rules = fill();
    if (blocks < 1) return;
    for (const [name, keys] of Object.entries(rules.keys))
      this.table(name).copy(sizes.get(name) ?? 0, blocks, keys, rules);
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

  private table(name: string): TableRows {
    const rows = this.tables.get(name) ?? new TableRows();
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
