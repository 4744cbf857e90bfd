import { ordered, type Comparable, type Condition } from './condition';
import type { Copies } from './copies';
import type { Piece } from './piece';
import type { Row } from './row';
import { merged, smallest, sortedRuns, taken } from './row-streams';

/** In which order rows are wanted. */
export interface Order {
  readonly compare: (left: Row, right: Row) => number;
  /** The property that decides first, when it is one of the row's own and absent values come lowest. */
  readonly by?: { readonly name: string; readonly isDescending: boolean };
}

/** What a selection is made of. */
export interface Found {
  /** Kept rows, in front of the copies where no order is wanted. */
  readonly before: readonly Row[];
  readonly pieces: readonly Piece[];
  /** Kept rows behind the copies. */
  readonly behind: readonly Row[];
  readonly order?: Order;
  /** Set when the copies come in the order of its property. */
  readonly inOrder?: { readonly copies: Copies; readonly name: string; readonly isDescending: boolean };
}

/** Rows that were found, made as they are looked at. What is written later is not in it, or may be. */
export class Selection implements Iterable<Row> {
  private counted: number | undefined;

  constructor(private readonly found: Found) {}

  /** How many there are; at least `most`, when it ends early. */
  count(most = Infinity): number {
    if (this.counted !== undefined) return this.counted;
    const size = this.sizeOf(most);
    if (size < most) this.counted = size;
    return size;
  }

  [Symbol.iterator](): Iterator<Row> {
    return this.found.order === undefined ? this.from(0) : this.page(0, this.count())[Symbol.iterator]();
  }

  /** At most `count` rows from a place on. */
  page(from: number, count: number): Row[] {
    const { order, inOrder } = this.found;
    if (order === undefined) return taken(this.from(from), 0, count);
    if (inOrder !== undefined) return this.pageInOrder(order, inOrder, from, count);
    return smallest(this.from(0), order.compare, from + count).slice(from);
  }

  private *from(place: number): Generator<Row> {
    const { before, pieces, behind } = this.found;
    let skip = place;
    for (const part of [before, ...pieces, behind]) {
      if ('size' in part) {
        if (part.rest === undefined) {
          const passed = Math.min(skip, part.size);
          skip -= passed;
          yield* part.rows(passed);
        } else
          for (const row of part.rows()) {
            if (skip === 0) yield row;
            else skip -= 1;
          }
      } else {
        const passed = Math.min(skip, part.length);
        skip -= passed;
        yield* passed === 0 ? part : part.slice(passed);
      }
    }
  }

  private pageInOrder(
    order: Order,
    { copies, name, isDescending }: NonNullable<Found['inOrder']>,
    from: number,
    count: number,
  ): Row[] {
    const [piece] = this.found.pieces;
    const kept = [...this.found.before, ...this.found.behind].sort(order.compare);
    if (piece === undefined) return kept.slice(from, from + count);
    const valueOf = (row: Row): Comparable => copies.folded(row[name]);
    const start = piece.rest === undefined ? startOf(piece, kept.map(valueOf), from, isDescending) : FIRST;
    const copied = sortedRuns(
      piece.rows(start.copies, isDescending),
      (left, right) => left[name] === right[name],
      order.compare,
    );
    const rows = merged(kept.slice(start.kept), copied, order.compare);
    return taken(rows, from - start.copies - start.kept, count);
  }

  private sizeOf(most: number): number {
    const { before, pieces, behind } = this.found;
    let size = before.length + behind.length;
    for (const piece of pieces) {
      if (piece.rest === undefined) size += piece.size;
      else
        for (const _row of piece.rows()) {
          if (size >= most) return size;
          size += 1;
        }
    }
    return size;
  }
}

interface Start {
  /** So many copies and so many kept rows come before. */
  readonly copies: number;
  readonly kept: number;
}

const FIRST: Start = { copies: 0, kept: 0 };

const firstWhere = (length: number, holds: (index: number) => boolean): number => {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** Where to begin so that at most `wanted` rows are passed over, at the first copy of its value. */
const startOf = (piece: Piece, kept: readonly Comparable[], wanted: number, isDescending: boolean): Start => {
  const sign = isDescending ? -1 : 1;
  const valueAt = (index: number): Comparable => piece.valueAt(isDescending ? piece.size - 1 - index : index);
  const keptBefore = (value: Comparable): number =>
    firstWhere(kept.length, (index) => sign * ordered(kept[index], value) >= 0);
  const passed = firstWhere(piece.size, (index) => index + keptBefore(valueAt(index)) > wanted);
  if (passed === 0) return FIRST;
  const value = valueAt(passed - 1);
  const copies = firstWhere(piece.size, (index) => sign * ordered(valueAt(index), value) >= 0);
  return { copies, kept: keptBefore(value) };
};

/** Of these rows the ones that a condition holds for, in an order. */
export const selectedOf = (rows: readonly Row[], where?: Condition, order?: Order): Selection =>
  new Selection({
    before: where === undefined ? rows : rows.filter(where.test),
    pieces: [],
    behind: [],
    ...(order === undefined ? {} : { order }),
  });
