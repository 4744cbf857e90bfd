import type { Condition } from './condition';
import { Copies, type CopyRules, type Spot } from './copies';
import { Planner } from './plan';
import type { Row } from './row';
import { Selection, type Order } from './selection';
import { RowIndex } from './row-index';

/** So many rows are sorted rather than read in another order. */
const FEW = 20_000;

const nameOf = ({ block, place }: Spot): string => `${block}/${place}`;

/** The rows of a table: those that are kept, and copies of some of them. */
export class TableRows {
  private readonly kept = new Map<string, Row>();
  /** What was written since there are copies: rows that stand for a copy, and new ones. */
  private readonly later = new Map<string, Row>();
  /** Copies that were written or removed. */
  private readonly gone = new Map<string, Spot>();
  private readonly index = new RowIndex();
  private copies: Copies | undefined;

  get size(): number {
    return this.kept.size + this.later.size + (this.copies?.count ?? 0) - this.gone.size;
  }

  /** How many rows are kept, without copies. */
  get keptSize(): number {
    return this.kept.size;
  }

  get(key: string): Row | undefined {
    const kept = this.kept.get(key) ?? this.later.get(key);
    if (kept !== undefined || this.copies === undefined || this.gone.has(key)) return kept;
    const spot = this.copies.spotOf(key);
    return spot === undefined ? undefined : this.copies.row(spot);
  }

  /** Puts a row, or removes it; gives the way back. */
  set(key: string, row: Row | undefined): () => void {
    const spot = this.gone.has(key) ? undefined : this.copies?.spotOf(key);
    const before = spot === undefined ? this.get(key) : undefined;
    this.write(key, row);
    if (spot === undefined) return () => this.write(key, before);
    this.gone.set(key, spot);
    return () => {
      this.write(key, undefined);
      this.gone.delete(key);
    };
  }

  /** From now on there are copies of the rows from the `from`th on. */
  copy(from: number, blocks: number, keyNames: readonly string[], rules: CopyRules): void {
    this.copies = new Copies([...this.kept.values()].slice(from), blocks, keyNames, rules);
  }

  /** Rows that a condition holds for, in an order; all of them, in that in which they were put, when nothing is wanted. */
  select(where?: Condition, order?: Order, few = FEW): Selection {
    const matching = (rows: Map<string, Row>): Row[] =>
      where === undefined ? [...rows.values()] : [...rows.values()].filter(where.test);
    const rows = { before: matching(this.kept), behind: matching(this.later) };
    const { copies } = this;
    if (copies === undefined) return new Selection({ ...rows, pieces: [], ...(order ? { order } : {}) });
    const planner = new Planner({ copies, where, gone: [...this.gone.values()] });
    const best = planner.best();
    const by = best.size > few ? order?.by : undefined;
    const inOrder = by === undefined ? undefined : planner.inOrder(by.name);
    return new Selection({
      ...rows,
      pieces: (inOrder ?? best).pieces,
      ...(order ? { order } : {}),
      ...(by !== undefined && inOrder !== undefined ? { inOrder: { copies, ...by } } : {}),
    });
  }

  /** Rows whose property has this value, kept ones in the order in which they got it. */
  where(name: string, value: unknown): Row[] {
    const kept = this.index.rows(name, value, this.written());
    const { copies } = this;
    if (copies === undefined) return kept;
    const gone = new Set([...this.gone.values()].map(nameOf));
    const copied = [...copies.spotsWith(name, value)]
      .filter((spot) => !gone.has(nameOf(spot)))
      .map((spot) => copies.row(spot))
      .filter((row) => row[name] === value);
    return [...kept, ...copied];
  }

  private *written(): Iterable<[string, Row]> {
    yield* this.kept;
    yield* this.later;
  }

  private write(key: string, row: Row | undefined): void {
    const isKept = this.copies === undefined || this.kept.has(key);
    const rows = isKept ? this.kept : this.later;
    this.index.moved(key, rows.get(key), row);
    if (row === undefined) rows.delete(key);
    else rows.set(key, row);
  }
}
