import { ordered, type Comparable } from './condition';
import type { Move } from './moves';
import type { Row } from './row';
import { Sequence } from './sequence';

/** How the rows of tables are copied. */
export interface CopyRules {
  /** Tables that have copies, with the properties that their keys are made of. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** Properties that differ between copies, by name, whatever table they stand in. */
  readonly moves: Readonly<Record<string, Move>>;
  /** How texts are compared; as they are unless given. */
  readonly fold?: (text: string) => string;
}

/** A row among copies. */
export interface Spot {
  /** From 1: the rows that are copied are block 0. */
  readonly block: number;
  /** Place of the row that it is a copy of. */
  readonly place: number;
}

const SEPARATOR = '\u0001';

const comparable = (value: unknown): Comparable =>
  typeof value === 'string' || typeof value === 'number' ? value : null;

/** Refuses rules by which rows could not be looked up: it is enough to look at the first and the last blocks. */
const checked = (sequence: Sequence, keyNames: readonly string[]): Sequence => {
  const size = sequence.places.length;
  const starts = new Set([0, Math.max(0, sequence.length - 2 * size)]);
  for (const start of starts)
    for (let at = start + 1; at < Math.min(sequence.length, start + 2 * size); at += 1)
      if (ordered(sequence.valueAt(at - 1), sequence.valueAt(at)) > 0)
        throw new Error(
          `Copies of rows with the key ${keyNames.join(', ')} are not in order: ` +
            `${String(sequence.valueAt(at))} comes behind ${String(sequence.valueAt(at - 1))}.`,
        );
  return sequence;
};

/** Copies of the rows of a table, made when they are looked at and never kept. */
export class Copies {
  private readonly stills = new Map<string, readonly boolean[]>();
  private readonly stillPlaces = new Map<string, ReadonlyMap<unknown, readonly number[]>>();
  private readonly sequences = new Map<string, Sequence | undefined>();
  private readonly moves: readonly (readonly [string, Move])[];
  private readonly keys: Sequence;

  constructor(
    /** The rows that are copied. */
    readonly base: readonly Row[],
    readonly blocks: number,
    private readonly keyNames: readonly string[],
    private readonly rules: CopyRules,
  ) {
    const present = new Set(base.flatMap((row) => Object.keys(row)));
    this.moves = Object.entries(rules.moves).filter(([name]) => present.has(name));
    this.keys = this.sorted(this.places(), (place, block) => this.keyAt({ place, block }));
  }

  get count(): number {
    return this.base.length * this.blocks;
  }

  row({ block, place }: Spot): Row {
    const base = this.base[place] ?? {};
    const row = { ...base };
    for (const [name, { to }] of this.moves) {
      const value = base[name];
      if (typeof value === 'string' || typeof value === 'number') row[name] = to(value, block, base);
    }
    return row;
  }

  /** Where the row with this key stands. */
  spotOf(key: string): Spot | undefined {
    const position = this.keys.firstFrom(key, true);
    return position < this.keys.length && this.keys.valueAt(position) === key
      ? this.keys.at(position)
      : undefined;
  }

  /** By place, whether a property is the same in all copies of the row. */
  still(name: string): readonly boolean[] {
    const known = this.stills.get(name);
    if (known !== undefined) return known;
    const move = this.rules.moves[name];
    const made = this.base.map((row) => {
      const value = row[name];
      if (move === undefined || (typeof value !== 'string' && typeof value !== 'number')) return true;
      return move.to(value, 1, row) === value;
    });
    this.stills.set(name, made);
    return made;
  }

  /** All rows, as they were put. */
  all(): Sequence {
    return new Sequence(this.places(), this.blocks, (place) => place);
  }

  /** Rows in which an ordered property differs, in its order; undefined for other properties. */
  sequence(name: string): Sequence | undefined {
    if (this.sequences.has(name)) return this.sequences.get(name);
    const isOrdered = this.rules.moves[name]?.isOrdered === true;
    const made = isOrdered
      ? this.sorted(
          this.places().filter((place) => this.still(name)[place] !== true),
          (place, block) => this.valueAt({ place, block }, name),
        )
      : undefined;
    this.sequences.set(name, made);
    return made;
  }

  /** Where rows stand whose property may have this value: copies that differ in it, and those that do not. */
  *spotsWith(name: string, value: unknown): Generator<Spot> {
    const moving = this.sequence(name);
    const point = this.folded(value);
    if (moving !== undefined)
      for (const { from, to } of moving.spans([{ from: point, to: point }]))
        for (let position = from; position < to; position += 1) yield moving.at(position);
    else if (this.rules.moves[name] !== undefined)
      for (const place of this.places())
        if (this.still(name)[place] !== true) yield* this.everywhere([place]);
    yield* this.everywhere(this.placesByValue(name).get(value) ?? []);
  }

  /** What a property is compared by. */
  folded(value: unknown): Comparable {
    const { fold } = this.rules;
    return typeof value === 'string' && fold !== undefined ? fold(value) : comparable(value);
  }

  private *everywhere(places: readonly number[]): Generator<Spot> {
    if (places.length === 0) return;
    for (let block = 1; block <= this.blocks; block += 1) for (const place of places) yield { block, place };
  }

  private placesByValue(name: string): ReadonlyMap<unknown, readonly number[]> {
    const known = this.stillPlaces.get(name);
    if (known !== undefined) return known;
    const made = new Map<unknown, number[]>();
    this.base.forEach((row, place) => {
      if (this.still(name)[place] !== true) return;
      const places = made.get(row[name]) ?? [];
      places.push(place);
      made.set(row[name], places);
    });
    this.stillPlaces.set(name, made);
    return made;
  }

  private places(): number[] {
    return this.base.map((_row, place) => place);
  }

  private valueAt({ block, place }: Spot, name: string): Comparable {
    return this.folded(this.movedAt({ block, place }, name));
  }

  private movedAt({ block, place }: Spot, name: string): unknown {
    const base = this.base[place] ?? {};
    const value = base[name];
    const move = this.rules.moves[name];
    return move !== undefined && (typeof value === 'string' || typeof value === 'number')
      ? move.to(value, block, base)
      : value;
  }

  private keyAt(spot: Spot): string {
    return this.keyNames.map((name) => String(this.movedAt(spot, name) ?? '')).join(SEPARATOR);
  }

  private sorted(places: number[], valueOf: (place: number, block: number) => Comparable): Sequence {
    const values = new Map(places.map((place) => [place, valueOf(place, 1)]));
    places.sort((a, b) => ordered(values.get(a), values.get(b)));
    return checked(new Sequence(places, this.blocks, valueOf), this.keyNames);
  }
}
