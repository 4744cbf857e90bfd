import { ordered, type Comparable, type Interval } from './condition';

/** Positions from one to before another. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const merged = (spans: readonly Span[]): readonly Span[] => {
  const result: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && span.from <= last.to)
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else result.push(span);
  }
  return result;
};

/** Rows of all blocks in the order of a property: those of the first block, of the second, … */
export class Sequence {
  constructor(
    /** Places in a block, in the order of the property. */
    readonly places: readonly number[],
    readonly blocks: number,
    private readonly valueOf: (place: number, block: number) => Comparable,
  ) {}

  get length(): number {
    return this.places.length * this.blocks;
  }

  /** The row at a position: its place in its block, and the block. */
  at(position: number): { readonly place: number; readonly block: number } {
    const place = this.places[position % this.places.length] ?? 0;
    return { place, block: Math.floor(position / this.places.length) + 1 };
  }

  valueAt(position: number): Comparable {
    const { place, block } = this.at(position);
    return this.valueOf(place, block);
  }

  /** The same without places that are not kept. */
  only(isKept: (place: number) => boolean): Sequence {
    return new Sequence(this.places.filter(isKept), this.blocks, this.valueOf);
  }

  /** Where the rows of the intervals stand. */
  spans(intervals: readonly Interval[]): readonly Span[] {
    return merged(
      intervals
        .map(({ from, fromOpen, to, toOpen }) => ({
          from: from === undefined ? 0 : this.firstFrom(from, fromOpen !== true),
          to: to === undefined ? this.length : this.firstFrom(to, toOpen === true),
        }))
        .filter((span) => span.from < span.to),
    );
  }

  /** The first position whose value is the given one (where it `counts`) or behind it. */
  firstFrom(value: Comparable, counts: boolean): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const order = ordered(this.valueAt(middle), value);
      if (order < 0 || (order === 0 && !counts)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
