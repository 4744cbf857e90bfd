import { costOf, quantifierText, sizeOf, TEXT_LENGTH, textOf, type Piece } from './regex-piece';
import { RegexProblem, RegexReader } from './regex-reader';

/** A regular expression that costs little on any text, written so that PCRE and JavaScript read it alike. */
export interface SafeRegex {
  readonly pattern: string;
  readonly ignoreCase: boolean;
  /** True when it starts at the beginning of the text, so that an index on the attribute bounds the search. */
  readonly anchored: boolean;
}

/** Ways an expression may try on one text of a thousand characters; more is refused. */
const MAX_COST = 10_000_000;
const MAX_SIZE = 1_000;

/** A search for `.*x.*` finds the same texts as one for `x`: the open ends are cut to their smallest length. */
const trimOpenEnds = (pieces: readonly Piece[]): Piece[] =>
  pieces.flatMap((piece, index) => {
    if (piece.anyAtLeast === undefined || (index > 0 && index < pieces.length - 1)) return [piece];
    const min = piece.anyAtLeast;
    return min === 0 ? [] : [{ text: `[^\\n]${quantifierText(min, min)}`, cost: 1, size: min }];
  });

/**
 * Checks an expression and rewrites it: characters, classes, groups, alternatives and simple repeats only. Nested
 * repeats, back-references, look-around and expressions with too many ways to match are refused.
 * Returns the reason as a text when it is not acceptable.
 */
export const safeRegex = (source: string, ignoreCase = false): SafeRegex | string => {
  if (source.includes('\0')) return 'it contains a NUL character';
  const inline = source.startsWith('(?i)');
  const reader = new RegexReader(inline ? source.slice(4) : source);
  try {
    const alternatives = reader.alternatives().map(trimOpenEnds);
    if (!reader.done()) return 'a parenthesis is closed that was never opened';
    const anchored = alternatives.every((pieces) => pieces[0]?.text === '^');
    if (costOf(alternatives) * (anchored ? 1 : TEXT_LENGTH) > MAX_COST || sizeOf(alternatives) > MAX_SIZE)
      return 'it can match in too many ways; start it with ^ or use fewer repeats';
    return {
      pattern: alternatives.map(textOf).join('|'),
      ignoreCase: ignoreCase || inline,
      anchored,
    };
  } catch (thrown) {
    if (thrown instanceof RegexProblem) return thrown.message;
    throw thrown;
  }
};
