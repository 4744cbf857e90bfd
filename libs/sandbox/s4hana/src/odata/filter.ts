import Decimal from 'decimal.js';
import {
  allOf,
  anyOf,
  condition,
  noneOf,
  type Condition,
  type Interval,
  type Row,
} from '@quotebridge/sandbox/core';
import type { EdmType, EntitySet } from '../model/entity';
import { badRequest } from './errors';
import { fits, parseLiteral, type Value } from './literals';

const TOKEN =
  /\s*(?:([(),])|((?:datetimeoffset|datetime|time|guid)'[^']*')|('(?:[^']|'')*')|(-?\d+(?:\.\d+)?[MLDF]?)(?![\w.])|([A-Za-z_][\w/]*))/giy;

const tokensOf = (filter: string): string[] => {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  let end = 0;
  for (let match = TOKEN.exec(filter); match !== null; match = TOKEN.exec(filter)) {
    tokens.push(match[0].trim());
    end = TOKEN.lastIndex;
  }
  if (filter.slice(end).trim() !== '')
    throw badRequest(`Invalid filter at position ${end}: ${filter.slice(end)}`);
  return tokens;
};

const COMPARISONS: Record<string, (order: number) => boolean> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
};

const EMPTY: Record<EdmType, Value> = {
  String: '',
  Boolean: false,
  Decimal: '0',
  DateTime: null,
  DateTimeOffset: null,
  Time: '',
  Int32: '0',
};

/** Orders two values of one type; null sorts first. */
export const compareValues = (type: EdmType, left: Value, right: Value): number => {
  if (left === right) return 0;
  if (left === null || right === null) return left === null ? -1 : 1;
  if (type === 'Decimal' || type === 'Int32')
    return new Decimal(String(left)).cmp(new Decimal(String(right)));
  return left < right ? -1 : 1;
};

/** The value of a property for comparing: absent counts as the type's initial value. */
export const valueOf = (set: EntitySet, name: string, row: Row): Value => {
  const value = row[name];
  if (value === undefined || value === null || typeof value === 'object') return EMPTY[typeOf(set, name)];
  return value;
};

/** The type of a declared property; an unknown one is a 400. */
export const typeOf = (set: EntitySet, name: string): EdmType => {
  const type = Object.hasOwn(set.fields, name) ? set.fields[name] : undefined;
  if (type === undefined) throw badRequest(`Property ${name} not found in type ${set.set}Type.`, name);
  return type;
};

/** True for types whose values are kept as they are compared. */
export const isPlain = (type: EdmType): boolean => PLAIN.has(type);

const PLAIN: ReadonlySet<EdmType> = new Set<EdmType>(['String', 'DateTime', 'DateTimeOffset', 'Time']);

/** Where the values stand that a comparison holds for. */
const intervalsOf = (sign: string, value: Value): readonly Interval[] | undefined => {
  if (typeof value === 'boolean') return undefined;
  const intervals: Readonly<Record<string, Interval>> = {
    eq: { from: value, to: value },
    gt: { from: value, fromOpen: true },
    ge: { from: value },
    lt: { to: value, toOpen: true },
    le: { to: value },
  };
  const found = intervals[sign];
  return found && [found];
};

const TEXT_TESTS: Record<string, (text: string, part: string) => boolean> = {
  substringof: (text, part) => text.includes(part),
  startswith: (text, part) => text.startsWith(part),
  endswith: (text, part) => text.endsWith(part),
};

class Parser {
  private at = 0;

  constructor(
    private readonly set: EntitySet,
    private readonly tokens: readonly string[],
  ) {}

  parse(): Condition {
    const test = this.or();
    if (this.at < this.tokens.length) throw badRequest(`Unexpected '${this.peek()}' in the filter.`);
    return test;
  }

  private or(): Condition {
    const parts = [this.and()];
    while (this.accept('or')) parts.push(this.and());
    return anyOf(parts);
  }

  private and(): Condition {
    const parts = [this.not()];
    while (this.accept('and')) parts.push(this.not());
    return allOf(parts);
  }

  private not(): Condition {
    if (this.accept('not')) return noneOf(this.not());
    if (this.accept('(')) {
      const inner = this.or();
      this.expect(')');
      return inner;
    }
    const text = TEXT_TESTS[this.peek().toLowerCase()];
    return text === undefined ? this.comparison() : this.textTest(text);
  }

  private comparison(): Condition {
    const name = this.next();
    const type = typeOf(this.set, name);
    const sign = this.peek().toLowerCase();
    const operator = COMPARISONS[sign];
    if (operator === undefined) throw badRequest(`Unknown operator '${this.peek()}' in the filter.`);
    this.next();
    const literal = this.next();
    const value = parseLiteral(literal);
    if (!fits(type, value))
      throw badRequest(`${literal} cannot be compared with ${name} of type Edm.${type}.`, name);
    const test = (row: Row): boolean => operator(compareValues(type, valueOf(this.set, name, row), value));
    return condition([name], test, isPlain(type) ? intervalsOf(sign, value) : undefined);
  }

  /** `substringof('part',Name)` has its arguments the other way round than `startswith(Name,'part')`. */
  private textTest(test: (text: string, part: string) => boolean): Condition {
    const partFirst = this.next().toLowerCase() === 'substringof';
    this.expect('(');
    const first = this.next();
    this.expect(',');
    const second = this.next();
    this.expect(')');
    const [name, literal] = partFirst ? [second, first] : [first, second];
    typeOf(this.set, name);
    const part = String(parseLiteral(literal));
    const row = this.accept('eq') ? this.next() !== 'false' : true;
    return condition([name], (candidate) => test(String(valueOf(this.set, name, candidate)), part) === row);
  }

  private peek(): string {
    return this.tokens[this.at] ?? '';
  }

  private next(): string {
    const token = this.tokens[this.at];
    if (token === undefined) throw badRequest('The filter ends too early.');
    this.at += 1;
    return token;
  }

  private accept(word: string): boolean {
    if (this.peek().toLowerCase() !== word) return false;
    this.at += 1;
    return true;
  }

  private expect(word: string): void {
    if (!this.accept(word)) throw badRequest(`Expected '${word}' but found '${this.peek()}' in the filter.`);
  }
}

/** Turns `$filter` into a condition of rows. Throws a 400 refusal for anything it does not know. */
export const parseFilter = (set: EntitySet, filter: string): Condition =>
  new Parser(set, tokensOf(filter)).parse();
