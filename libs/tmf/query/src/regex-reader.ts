import { costOf, quantifierText, sizeOf, TEXT_LENGTH, textOf, type Piece } from './regex-piece';

const MAX_REPEAT = 100;

/** Why an expression is refused. */
export class RegexProblem extends Error {}

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

/** Reads an expression into pieces, written so that every engine understands them alike. */
export class RegexReader {
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
    if (this.done()) throw new RegexProblem('it ends too early');
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
    if (atom.text === '^' || atom.size === 0) throw new RegexProblem('it repeats something without length');
    if (atom.cost > 1 && max > 1)
      throw new RegexProblem(
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
    if (['*', '+', '?', '{'].includes(this.peek())) throw new RegexProblem('it repeats a repeat');
    return range;
  }

  private counted(): { min: number; max: number } {
    const end = this.chars.indexOf('}', this.at);
    const found = /^\{(\d{1,4})(,(\d{1,4})?)?\}$/.exec(this.chars.slice(this.at, end + 1).join(''));
    if (end < 0 || found === null)
      throw new RegexProblem('a brace must be a count such as {2,5}, or escaped');
    this.at = end + 1;
    const min = Number(found[1]);
    const max = found[2] === undefined ? min : found[3] === undefined ? Infinity : Number(found[3]);
    if (max < min || min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT) || max === 0)
      throw new RegexProblem(`counts run from 1 to ${MAX_REPEAT}, the smaller first`);
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
    if ('*+?{'.includes(char)) throw new RegexProblem(`"${char}" has nothing to repeat`);
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
    if (/[0-9k]/.test(char)) throw new RegexProblem('back-references are not allowed');
    if (/[A-Za-z]/.test(char)) throw new RegexProblem(`"\\${char}" is not allowed`);
    return { text: plain(char), cost: 1, size: 1 };
  }

  private group(): Piece {
    if (this.peek() === '?' && !this.take('?:'))
      throw new RegexProblem('look-around, named groups and inline options are not allowed');
    this.depth += 1;
    if (this.depth > 10) throw new RegexProblem('its groups are nested too deeply');
    const alternatives = this.alternatives();
    if (!this.take(')')) throw new RegexProblem('a parenthesis is not closed');
    this.depth -= 1;
    const text = `(?:${alternatives.map(textOf).join('|')})`;
    return { text, cost: costOf(alternatives), size: sizeOf(alternatives) };
  }

  private charClass(): string {
    const negated = this.take('^');
    let body = '';
    let first = true;
    while (first || this.peek() !== ']') {
      if (this.peek() === ']') throw new RegexProblem('an empty character class matches nothing');
      first = false;
      const from = this.classMember();
      if (from.set || this.peek() !== '-' || this.chars[this.at + 1] === ']') {
        body += from.text;
        continue;
      }
      this.next();
      const to = this.classMember();
      if (to.set || (from.char.codePointAt(0) ?? 0) > (to.char.codePointAt(0) ?? 0))
        throw new RegexProblem('a range in a character class runs backwards');
      body += `${from.text}-${to.text}`;
    }
    this.next();
    return `[${negated ? '^' : ''}${body}]`;
  }

  private classMember(): { text: string; char: string; set: boolean } {
    const char = this.next();
    if (char === '[') throw new RegexProblem('"[" inside a character class must be escaped');
    if (char !== '\\') return { text: literal(char), char, set: false };
    const escaped = this.next();
    const set = Object.hasOwn(CLASSES, escaped) ? CLASSES[escaped] : undefined;
    if (set !== undefined) return { text: set, char: escaped, set: true };
    const control = CONTROLS.get(escaped);
    if (control !== undefined) return { text: control, char: escaped, set: true };
    if (/[A-Za-z0-9]/.test(escaped))
      throw new RegexProblem(`"\\${escaped}" is not allowed in a character class`);
    return { text: literal(escaped), char: escaped, set: false };
  }
}
