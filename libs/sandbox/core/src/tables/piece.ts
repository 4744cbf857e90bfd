import type { Comparable, Condition } from './condition';
import type { Copies, Spot } from './copies';
import type { Row } from './row';
import type { Sequence, Span } from './sequence';

/** Copies that may be wanted: a part of a sequence, without those that were written or removed. */
export class Piece {
  /** How many there are before `rest` is asked. */
  readonly size: number;
  private readonly gone: readonly number[];

  constructor(
    private readonly copies: Copies,
    private readonly sequence: Sequence,
    private readonly spans: readonly Span[],
    /** What has still to be asked of each row. */
    readonly rest: Condition | undefined,
    gone: Iterable<Spot>,
  ) {
    this.gone = this.indexesOf([...gone]);
    this.size = spans.reduce((sum, { from, to }) => sum + to - from, 0) - this.gone.length;
  }

  /** The rows from one on; backwards counts from the end. */
  *rows(from = 0, isBackwards = false): Generator<Row> {
    const step = isBackwards ? -1 : 1;
    let index = this.indexOf(isBackwards ? this.size - 1 - from : from);
    const gone = new Set(this.gone);
    for (let left = this.size - from; left > 0; index += step) {
      if (gone.has(index)) continue;
      left -= 1;
      const row = this.copies.row(this.sequence.at(this.positionOf(index)));
      if (this.rest === undefined || this.rest.test(row)) yield row;
    }
  }

  /** What the row is sorted by. */
  valueAt(place: number): Comparable {
    return this.sequence.valueAt(this.positionOf(this.indexOf(place)));
  }

  /** Its index with those counted that are gone. */
  private indexOf(place: number): number {
    let index = place;
    for (const one of this.gone) {
      if (one > index) break;
      index += 1;
    }
    return index;
  }

  private positionOf(index: number): number {
    let left = index;
    for (const { from, to } of this.spans) {
      if (left < to - from) return from + left;
      left -= to - from;
    }
    return 0;
  }

  private indexesOf(gone: readonly Spot[]): readonly number[] {
    if (gone.length === 0) return [];
    const ranks = new Map(this.sequence.places.map((place, rank) => [place, rank]));
    return gone
      .flatMap(({ block, place }) => {
        const rank = ranks.get(place);
        if (rank === undefined) return [];
        const position = (block - 1) * this.sequence.places.length + rank;
        let before = 0;
        for (const { from, to } of this.spans) {
          if (position >= from && position < to) return [before + position - from];
          before += to - from;
        }
        return [];
      })
      .sort((a, b) => a - b);
  }
}
