import { MAX_RECORD, type Piece } from './text-pieces';

const SPACE = /\s/;
const OPENING = '[{';
const CLOSING = ']}';

/**
 * Cuts the text of a JSON array into the texts of its items, counted from 1, without reading them: a broken item
 * spoils itself and not the file. Throws when the text is no array or ends before the array does.
 */
export class JsonItems {
  private place: 'before' | 'inside' | 'after' = 'before';
  private item = '';
  private count = 0;
  private depth = 0;
  private inText = false;
  private escaped = false;
  private tooLong = false;

  constructor(private readonly max = MAX_RECORD) {}

  /** The items that end in this part of the text. */
  *push(text: string): Generator<Piece> {
    let from = 0;
    for (let index = 0; index < text.length; index += 1) {
      const char = text.charAt(index);
      if (this.place !== 'inside') this.outside(char);
      else if (!this.step(char)) continue;
      else {
        this.keep(text.slice(from, index));
        const piece = this.take();
        if (piece) yield piece;
        if (char === ']') this.place = 'after';
      }
      from = index + 1;
    }
    if (this.place === 'inside') this.keep(text.slice(from));
  }

  /** Throws when the array is not complete. */
  end(): void {
    if (this.place === 'before') throw new Error('The file is empty; a JSON array was expected');
    if (this.place === 'inside')
      throw new Error(`The JSON array ends in item ${this.count + 1}; the file is not complete`);
  }

  private outside(char: string): void {
    if (SPACE.test(char)) return;
    if (this.place === 'after') throw new Error('After the JSON array there is more text');
    if (char !== '[') throw new Error('The file is not a JSON array; records stand in [ and ]');
    this.place = 'inside';
  }

  /** True at the comma or bracket that ends an item. */
  private step(char: string): boolean {
    if (this.inText) {
      if (this.escaped) this.escaped = false;
      else if (char === '\\') this.escaped = true;
      else if (char === '"') this.inText = false;
      return false;
    }
    if (char === '"') this.inText = true;
    else if (this.depth === 0 && (char === ',' || char === ']')) return true;
    else if (OPENING.includes(char)) this.depth += 1;
    else if (CLOSING.includes(char) && this.depth > 0) this.depth -= 1;
    return false;
  }

  private keep(text: string): void {
    if (!this.tooLong) this.item += text;
    if (this.item.length <= this.max) return;
    this.item = '';
    this.tooLong = true;
  }

  private take(): Piece | undefined {
    const text = this.tooLong ? undefined : this.item.trim();
    this.item = '';
    this.tooLong = false;
    // `[]` and a comma before the bracket: nothing is there.
    if (text === '') return undefined;
    this.count += 1;
    return { line: this.count, text };
  }
}
