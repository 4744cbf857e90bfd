import { parseExactly } from '@quotebridge/platform/core';
import { parsePath } from '@quotebridge/connectors/sdk';
import {
  asRecord,
  FileProblem,
  tooLarge,
  type ParsedRecord,
  type ParserLimits,
  type RecordParser,
} from './parsed';

const SPACE = new Set([' ', '\n', '\r', '\t', ',', ':']);

/**
 * Cuts the records out of one large JSON text without holding more than one: it follows braces, brackets and strings
 * down to the list at the given path, and gives each entry's own text to `parseExactly`. What stands outside the list is
 * looked over, but only its structure is checked.
 */
class JsonScanner implements RecordParser {
  /** Names from the root to here; an entry of a list has an empty name. */
  private readonly names: string[] = [];
  private readonly closers: string[] = [];
  private line = 1;
  private number = 0;
  private token = '';
  private tokenLine = 1;
  private inString = false;
  private escaped = false;
  /** The text of a name is collected, of anything else outside of records only its end is awaited. */
  private name: string | undefined;
  private lastString = '';
  private recordDepth = 0;
  private found = false;
  private begun = false;
  private over = false;

  constructor(
    private readonly path: readonly string[],
    private readonly limits: ParserLimits,
  ) {}

  push(text: string): ParsedRecord[] {
    const records: ParsedRecord[] = [];
    // Where the part of a record begins that stands in this piece; -1 outside of records.
    let start = this.recordDepth > 0 ? 0 : -1;
    for (let at = 0; at < text.length; at += 1) {
      const sign = text[at] as string;
      if (sign === '\n') this.line += 1;
      if (this.inString) {
        this.string(sign);
        continue;
      }
      if (start >= 0 || this.recordDepth > 0) {
        const ended = this.inRecord(sign);
        if (ended) {
          records.push(this.record(this.token + text.slice(start, at + (ended === 'with' ? 1 : 0))));
          this.token = '';
          start = -1;
          if (ended === 'without') this.outside(sign);
        }
        continue;
      }
      if (this.beginsRecord(sign)) {
        start = at;
        this.tokenLine = this.line;
        this.recordDepth = 1;
        this.begin(sign);
        continue;
      }
      this.outside(sign);
    }
    if (start >= 0) {
      this.token += text.slice(start);
      if (this.token.length > this.limits.recordBytes)
        throw tooLarge(this.tokenLine, this.limits.recordBytes);
    }
    return records;
  }

  end(): ParsedRecord[] {
    if (!this.over || this.inString)
      throw new FileProblem('partial', `The JSON text ends too early, at line ${this.line}`);
    if (!this.found)
      throw new FileProblem('refused', `The file has no list at ${this.path.join('.') || 'its root'}`);
    return [];
  }

  private string(sign: string): void {
    if (this.escaped) this.escaped = false;
    else if (sign === '\\') this.escaped = true;
    else if (sign === '"') {
      this.inString = false;
      return;
    }
    if (this.recordDepth === 0 && this.lastString.length < 200) this.lastString += sign;
  }

  /** Inside a record: true when this sign ends it, with the sign or before it. */
  private inRecord(sign: string): 'with' | 'without' | undefined {
    if (sign === '"') this.inString = true;
    else if (sign === '{' || sign === '[') this.deeper((this.recordDepth += 1));
    else if (sign === '}' || sign === ']') {
      this.recordDepth -= 1;
      if (this.recordDepth === 1) return this.endOf('with');
      if (this.recordDepth < 1) return this.endOf('without');
    } else if (sign === ',' && this.recordDepth === 1) return this.endOf('without');
    return undefined;
  }

  private endOf(how: 'with' | 'without'): 'with' | 'without' {
    this.recordDepth = 0;
    return how;
  }

  /** Depth 1 is a bare value; an object or list adds one, so that its closing sign brings it back to 1. */
  private begin(sign: string): void {
    if (sign === '{' || sign === '[') this.recordDepth = 2;
    else if (sign === '"') this.inString = true;
  }

  private beginsRecord(sign: string): boolean {
    const isHere =
      this.closers.at(-1) === ']' &&
      this.names.length === this.path.length &&
      this.names.every((name, index) => name === this.path[index]);
    return isHere && !SPACE.has(sign) && sign !== ']';
  }

  private outside(sign: string): void {
    if (this.over && !SPACE.has(sign)) throw this.wrong('goes on behind its end');
    switch (sign) {
      case '"':
        this.inString = true;
        this.lastString = '';
        return;
      case ':':
        this.name = this.lastString;
        return;
      case ',':
        this.name = undefined;
        return;
      case '{':
      case '[':
        return this.open(sign === '{' ? '}' : ']');
      case '}':
      case ']':
        return this.close(sign);
      default:
        if (!this.begun && !SPACE.has(sign) && sign !== '\uFEFF')
          throw this.wrong('does not begin with { or [');
    }
  }

  private open(closer: string): void {
    if (this.begun) this.names.push(this.closers.at(-1) === '}' ? (this.name ?? '') : '');
    this.begun = true;
    this.closers.push(closer);
    this.name = undefined;
    this.deeper(this.closers.length);
    const isList =
      closer === ']' &&
      this.names.length === this.path.length &&
      this.names.every((name, index) => name === this.path[index]);
    if (isList) this.found = true;
  }

  private close(sign: string): void {
    if (this.closers.pop() !== sign) throw this.wrong(`has a ${sign} that closes nothing`);
    this.names.pop();
    this.name = undefined;
    if (this.closers.length === 0) this.over = true;
  }

  private deeper(depth: number): void {
    if (depth > this.limits.depth + 1) throw this.wrong(`is nested deeper than ${this.limits.depth} levels`);
  }

  private record(text: string): ParsedRecord {
    if (text.length > this.limits.recordBytes) throw tooLarge(this.tokenLine, this.limits.recordBytes);
    this.number += 1;
    const place = { number: this.number, line: this.tokenLine };
    try {
      return { ...place, ...asRecord(parseExactly(text)) };
    } catch {
      throw new FileProblem('refused', `The record at line ${this.tokenLine} is no JSON`);
    }
  }

  private wrong(what: string): FileProblem {
    return new FileProblem('refused', `The JSON text ${what}, at line ${this.line}`);
  }
}

/** Records of a JSON document: the entries of the list at `records`, or of the document itself. */
export const jsonParser = (records: string | undefined, limits: ParserLimits): RecordParser => {
  const path = records === undefined ? undefined : parsePath(records);
  return new JsonScanner(path?.ok === true ? path.value.map(String) : [], limits);
};
