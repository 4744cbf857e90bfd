import { allOf, isWithin, type Condition, type Interval } from './condition';
import type { Copies, Spot } from './copies';
import { Piece } from './piece';
import type { Sequence } from './sequence';

/** Where the copies that are wanted can be found. */
export interface Plan {
  readonly pieces: readonly Piece[];
  /** Most rows that have to be looked at. */
  readonly size: number;
}

/** What is wanted of copies. */
export interface Wanted {
  readonly copies: Copies;
  readonly where: Condition | undefined;
  readonly gone: readonly Spot[];
}

const partsOf = (where: Condition | undefined): readonly Condition[] =>
  where === undefined ? [] : (where.parts ?? [where]);

const planOf = (pieces: readonly Piece[]): Plan => ({
  pieces: pieces.filter(({ size }) => size > 0),
  size: pieces.reduce((sum, { size }) => sum + size, 0),
});

/** Ways to find what is wanted, each of which finds all of it. */
export class Planner {
  private readonly parts: readonly Condition[];
  private readonly kept: readonly boolean[];

  constructor(private readonly wanted: Wanted) {
    this.parts = partsOf(wanted.where);
    // What does not differ between copies is asked once for all of them.
    this.kept = wanted.copies.base.map((row, place) =>
      this.parts.every((part) => !this.isStill(part, place) || part.test(row)),
    );
  }

  /** The way with the fewest rows to look at. */
  best(): Plan {
    const { where, copies } = this.wanted;
    const names = [...(where?.within.keys() ?? [])].filter((name) => copies.sequence(name) !== undefined);
    return names
      .map((name) => this.along(name))
      .reduce((best, plan) => (plan.size < best.size ? plan : best), this.whole());
  }

  /** The way in the order of a property; undefined when some rows are not told apart by it. */
  inOrder(name: string): Plan | undefined {
    const { copies } = this.wanted;
    return copies.sequence(name)?.places.length === copies.base.length ? this.along(name) : undefined;
  }

  private whole(): Plan {
    return planOf([this.piece(this.keptOf(this.wanted.copies.all()), undefined)]);
  }

  /** By an ordered property: the rows in which it differs as far as they are within its intervals, and the others. */
  private along(name: string): Plan {
    const { copies, where } = this.wanted;
    const intervals = where?.within.get(name);
    const moving = copies.sequence(name);
    if (moving === undefined) return this.whole();
    const isMoving = new Set(moving.places);
    const still = copies
      .all()
      .only(
        (place) =>
          !isMoving.has(place) &&
          (intervals === undefined || isWithin(copies.folded(copies.base[place]?.[name]), intervals)),
      );
    return planOf([
      this.piece(this.keptOf(moving), intervals, name),
      this.piece(this.keptOf(still), undefined),
    ]);
  }

  private keptOf(sequence: Sequence): Sequence {
    return this.parts.length === 0 ? sequence : sequence.only((place) => this.kept[place] === true);
  }

  private piece(sequence: Sequence, intervals: readonly Interval[] | undefined, name?: string): Piece {
    const { copies, gone } = this.wanted;
    const rest = this.parts.filter(
      (part) =>
        !(name !== undefined && part.isExact && part.names.has(name)) &&
        sequence.places.some((place) => !this.isStill(part, place)),
    );
    const spans = intervals === undefined ? [{ from: 0, to: sequence.length }] : sequence.spans(intervals);
    return new Piece(copies, sequence, spans, rest.length === 0 ? undefined : allOf(rest), gone);
  }

  private isStill(part: Condition, place: number): boolean {
    for (const name of part.names) if (this.wanted.copies.still(name)[place] !== true) return false;
    return true;
  }
}
