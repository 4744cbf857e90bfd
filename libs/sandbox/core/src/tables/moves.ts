import type { Row } from './row';

/** How a property differs between copies of a row. */
export interface Move {
  /** Its value in a block of copies, from 1. The same value means that it does not differ there. */
  readonly to: (value: string | number, block: number, row: Row) => string | number;
  /**
   * All values of a block are behind those of the block before, and in every block in the same order: they can be looked up
   * and sorted by without making the rows.
   */
  readonly isOrdered: boolean;
}

/** The number in a text goes up by `step` with each block, from `from` on, with at least as many digits as before. */
export const numberedBy =
  (pattern: RegExp, step: number, from = 0, most = Infinity): Move['to'] =>
  (value, block) =>
    String(value)
      .replace(pattern, (digits) => String(Number(digits) + from + step * block).padStart(digits.length, '0'))
      .slice(0, most);

/** The block as four digits behind so many characters of texts that the pattern fits. */
export const insertedAt =
  (place: number, pattern: RegExp): Move['to'] =>
  (value, block) => {
    const text = String(value);
    if (!pattern.test(text)) return value;
    return text.slice(0, place) + String(block).padStart(4, '0') + text.slice(place);
  };

/** A move whose values can be looked up. */
export const orderedMove = (to: Move['to']): Move => ({ to, isOrdered: true });

/** The same move for properties of several names, which are separated by blanks. */
export const movesOf = (names: string, move: Move): Readonly<Record<string, Move>> =>
  Object.fromEntries(names.split(' ').map((one) => [one, move]));

/** A move that only makes copies look different. */
export const plainMove = (to: Move['to']): Move => ({ to, isOrdered: false });
