import type { Ordering } from './filter';

/** What a condition asks of an attribute (TMF630 part 1, 4.4). */
export type Operator = 'eq' | 'ne' | 'regex' | Ordering;

/** Operators as a suffix of the attribute: `price.value.gte=10`. */
const SUFFIXES: ReadonlySet<string> = new Set<Operator>(['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'regex']);

/** Operators as signs, percent-encoded by well-behaved clients: `dateTime%3E%3D2013-04-20`. */
const SIGNS: Readonly<Record<string, Operator>> = {
  '==': 'eq',
  '=~': 'regex',
  '*=': 'regex',
  '!=': 'ne',
  '<>': 'ne',
  '>=': 'gte',
  '<=': 'lte',
  '>': 'gt',
  '<': 'lt',
  '=': 'eq',
};

/** The operators a client may use as a suffix, for messages. */
export const operatorNames: readonly string[] = [...SUFFIXES];

export const isOperator = (word: string): word is Operator => SUFFIXES.has(word);

/** The operator a sign stands for. */
export const signOperator = (sign: string): Operator | undefined =>
  Object.hasOwn(SIGNS, sign) ? SIGNS[sign] : undefined;

/** The operator with its sides exchanged: `5 < x` asks the same as `x > 5`. */
export const mirrored = (operator: Operator): Operator => {
  const mirrors: Partial<Record<Operator, Operator>> = { gt: 'lt', gte: 'lte', lt: 'gt', lte: 'gte' };
  return mirrors[operator] ?? operator;
};
