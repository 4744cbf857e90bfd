/** Length of the text that costs are reckoned for. */
export const TEXT_LENGTH = 1_000;

/** A piece of an expression: its text, the ways it can match (1 = only one), and its compiled size. */
export interface Piece {
  readonly text: string;
  readonly cost: number;
  readonly size: number;
  /** For a repeated `.` without an upper bound: its lower bound. */
  readonly anyAtLeast?: number;
}

/** A repeat as it is written. */
export const quantifierText = (min: number, max: number): string => {
  if (max === Infinity) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
};

export const textOf = (pieces: readonly Piece[]): string => pieces.map((piece) => piece.text).join('');
/** Ways to match alternatives: their sum, each the product of its pieces. */
export const costOf = (alternatives: readonly (readonly Piece[])[]): number =>
  alternatives.reduce((sum, pieces) => sum + pieces.reduce((product, piece) => product * piece.cost, 1), 0);
/** Compiled size of alternatives. */
export const sizeOf = (alternatives: readonly (readonly Piece[])[]): number =>
  alternatives.reduce((sum, pieces) => sum + pieces.reduce((total, piece) => total + piece.size, 0), 0);
