/** A regular expression that costs little on any text, written so that PCRE and JavaScript read it alike. */
export interface SafeRegex {
  readonly pattern: string;
  readonly ignoreCase: boolean;
  /** True when it starts at the beginning of the text, so that an index on the attribute bounds the search. */
  readonly anchored: boolean;
}

/** Ways an expression may try on one text of a thousand characters; more is refused. */
const MAX_COST = 10_000_000;
const TEXT_LENGTH = 1_000;
const MAX_REPEAT = 100;
const MAX_SIZE = 1_000;

/** A piece of an expression: its text, the ways it can match (1 = only one), and its compiled size. */
interface Piece {
  readonly text: string;
  readonly cost: number;
  readonly size: number;
  /** For a repeated `.` without an upper bound: its lower bound. */
  readonly anyAtLeast?: number;
}

class Problem extends Error {}

const CLASSES: Readonly<Record<string, string>> = {
  d: '0-9',
  w: 'A-Za-z0-9_',
  s: ' \\t\\n\\r\\f\\x0b',
};
// PCRE reads \v as a class of line ends, JavaScript as one character.
const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['t', '\\t'],
  ['n', '\\n'],
  ['r', '\\r'],
  ['f', '\\f'],
  ['v', '\\x0b'],
]);
const literal = (char: string): string => (/[\\^$.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char);
// A dash outside a class must not be escaped: the u flag of JavaScript refuses it.
const plain = (char: string): string => (char === '-' ? char : literal(char));

class Reader {
  private at = 0;
  private depth = 0;
  private readonly chars: readonly string[];

  constructor(source: string) {
    this.chars = [...source];
  }

  done(): boolean {
    return this.at >= this.chars.length;
  }

  private peek(): string {
    return this.chars[this.at] ?? '';
  }

  private next(): string {
    const char = this.peek();
    if (this.done()) throw new Problem('it ends too early');
    this.at += 1;
    return char;
  }

  private take(text: string): boolean {
    if (!text || this.chars.slice(this.at, this.at + text.length).join('') !== text) return false;
    this.at += text.length;
    return true;
  }

  /** Alternatives up to a closing parenthesis or the end; each is a list of pieces. */
  alternatives(): Piece[][] {
    const found: Piece[][] = [[]];
    while (!this.done() && this.peek() !== ')') {
      if (this.take('|')) found.push([]);
      else found[found.length - 1]?.push(this.repeated());
    }
    return found;
  }

  private repeated(): Piece {
    const start = this.peek();
    const atom = this.atom();
    const range = this.quantifier();
    if (range === undefined) return atom;
    const { min, max } = range;
    if (atom.text === '^' || atom.size === 0) throw new Problem('it repeats something without length');
    if (atom.cost > 1 && max > 1)
      throw new Problem(
        'it repeats a group that has repeats or alternatives inside; repeat single characters',
      );
    const choices = max === Infinity ? TEXT_LENGTH : max - min + 1;
    const cost = max === 1 && min === 0 ? atom.cost + 1 : choices * atom.cost;
    const size = atom.size * Math.max(min, max === Infinity ? 1 : max, 1);
    const text = `${atom.text}${quantifierText(min, max)}`;
    return { text, cost, size, ...(start === '.' && max === Infinity ? { anyAtLeast: min } : {}) };
  }

  private quantifier(): { min: number; max: number } | undefined {
    let range: { min: number; max: number } | undefined;
    if (this.take('*')) range = { min: 0, max: Infinity };
    else if (this.take('+')) range = { min: 1, max: Infinity };
    else if (this.take('?')) range = { min: 0, max: 1 };
    else if (this.peek() === '{') range = this.counted();
    if (range === undefined) return undefined;
    // A lazy repeat finds the same texts; only what it captures differs.
    this.take('?');
    if (['*', '+', '?', '{'].includes(this.peek())) throw new Problem('it repeats a repeat');
    return range;
  }

  private counted(): { min: number; max: number } {
    const end = this.chars.indexOf('}', this.at);
    const found = /^\{(\d{1,4})(,(\d{1,4})?)?\}$/.exec(this.chars.slice(this.at, end + 1).join(''));
    if (end < 0 || found === null) throw new Problem('a brace must be a count such as {2,5}, or escaped');
    this.at = end + 1;
    const min = Number(found[1]);
    const max = found[2] === undefined ? min : found[3] === undefined ? Infinity : Number(found[3]);
    if (max < min || min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT) || max === 0)
      throw new Problem(`counts run from 1 to ${MAX_REPEAT}, the smaller first`);
    return { min, max };
  }

  private atom(): Piece {
    const char = this.next();
    const one = (text: string): Piece => ({ text, cost: 1, size: 1 });
    if (char === '(') return this.group();
    if (char === '[') return one(this.charClass());
    if (char === '.') return one('[^\\n]');
    if (char === '^') return { text: '^', cost: 1, size: 0 };
    if (char === '$') return { text: '(?![\\s\\S])', cost: 1, size: 0 };
    if (char === '\\') return this.escape();
    if ('*+?{'.includes(char)) throw new Problem(`"${char}" has nothing to repeat`);
    return one(plain(char));
  }

  private escape(): Piece {
    const char = this.next();
    if (char === 'b') return { text: '\\b', cost: 1, size: 0 };
    const lower = char.toLowerCase();
    const set = CLASSES[lower];
    if (set !== undefined && Object.hasOwn(CLASSES, lower))
      return { text: char === lower ? `[${set}]` : `[^${set}]`, cost: 1, size: 1 };
    const control = CONTROLS.get(char);
    if (control !== undefined) return { text: control, cost: 1, size: 1 };
    if (/[0-9k]/.test(char)) throw new Problem('back-references are not allowed');
    if (/[A-Za-z]/.test(char)) throw new Problem(`"\\${char}" is not allowed`);
    return { text: plain(char), cost: 1, size: 1 };
  }

  private group(): Piece {
    if (this.peek() === '?' && !this.take('?:'))
      throw new Problem('look-around, named groups and inline options are not allowed');
    this.depth += 1;
    if (this.depth > 10) throw new Problem('its groups are nested too deeply');
    const alternatives = this.alternatives();
    if (!this.take(')')) throw new Problem('a parenthesis is not closed');
    this.depth -= 1;
    const text = `(?:${alternatives.map(textOf).join('|')})`;
    return { text, cost: costOf(alternatives), size: sizeOf(alternatives) };
  }

  private charClass(): string {
    const negated = this.take('^');
    let body = '';
    let first = true;
    while (first || this.peek() !== ']') {
      if (this.peek() === ']') throw new Problem('an empty character class matches nothing');
      first = false;
      const from = this.classMember();
      if (from.set || this.peek() !== '-' || this.chars[this.at + 1] === ']') {
        body += from.text;
        continue;
      }
      this.next();
      const to = this.classMember();
      if (to.set || (from.char.codePointAt(0) ?? 0) > (to.char.codePointAt(0) ?? 0))
        throw new Problem('a range in a character class runs backwards');
      body += `${from.text}-${to.text}`;
    }
    this.next();
    return `[${negated ? '^' : ''}${body}]`;
  }

  private classMember(): { text: string; char: string; set: boolean } {
    const char = this.next();
    if (char === '[') throw new Problem('"[" inside a character class must be escaped');
    if (char !== '\\') return { text: literal(char), char, set: false };
    const escaped = this.next();
    const set = Object.hasOwn(CLASSES, escaped) ? CLASSES[escaped] : undefined;
    if (set !== undefined) return { text: set, char: escaped, set: true };
    const control = CONTROLS.get(escaped);
    if (control !== undefined) return { text: control, char: escaped, set: true };
    if (/[A-Za-z0-9]/.test(escaped)) throw new Problem(`"\\${escaped}" is not allowed in a character class`);
    return { text: literal(escaped), char: escaped, set: false };
  }
}

const quantifierText = (min: number, max: number): string => {
  if (max === Infinity) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
};

const textOf = (pieces: readonly Piece[]): string => pieces.map((piece) => piece.text).join('');
const costOf = (alternatives: readonly (readonly Piece[])[]): number =>
  alternatives.reduce((sum, pieces) => sum + pieces.reduce((product, piece) => product * piece.cost, 1), 0);
const sizeOf = (alternatives: readonly (readonly Piece[])[]): number =>
  alternatives.reduce((sum, pieces) => sum + pieces.reduce((total, piece) => total + piece.size, 0), 0);

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
  const reader = new Reader(inline ? source.slice(4) : source);
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
    if (thrown instanceof Problem) return thrown.message;
    throw thrown;
  }
};
