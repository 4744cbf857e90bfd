import { exactInstantOf, instantOf } from '@quotebridge/platform/core';
import { anyOf, type FilterNode, type Ordering } from './filter';

/** An instant in UTC: the text up to the second, and the digits after it without trailing zeros. */
export interface Instant {
  readonly second: string;
  readonly fraction: string;
}

/** A blank before the offset is a `+` that URL decoding has eaten. */
const withPlus = (text: string): string => text.replace(/(:\d\d\S*) (?=\d\d:?\d\d$)/, '$1+');

const MONTH = /^(\d{4})(?:-(\d\d))?$/;

/** A year or a month stands for its first day. */
const wholeDate = (text: string): string => {
  const [, year, month = '01'] = MONTH.exec(text) ?? [];
  return year === undefined ? text : `${year}-${month}-01`;
};

/** Digits after the second that an expression is made of. */
const MAX_DIGITS = 9;

/**
 * Reads what a query says about a time: a date or a date-time as {@link exactInstantOf} reads them all, or the year or the month
 * that it begins. Undefined when it is none of these.
 */
export const parseInstant = (text: string): Instant | undefined => {
  const exact = exactInstantOf(wholeDate(withPlus(text)));
  if (exact === undefined || exact.fraction.length > MAX_DIGITS) return undefined;
  const iso = new Date(exact.second).toISOString();
  // Stored texts have years of four digits.
  return /^\d{4}-/.test(iso) ? { second: iso.slice(0, 19), fraction: exact.fraction } : undefined;
};

/**
 * A date or a date-time of a query, or of a part of one, in milliseconds since the epoch: {@link instantOf}, and a blank before
 * the offset is taken for its `+`. Undefined where there is none.
 */
export const readInstant = (text: string): number | undefined => {
  const time = instantOf(withPlus(text));
  return Number.isNaN(time) ? undefined : time;
};

/** The usual texts of one instant, the client's own first: what an equality matches in the store. */
export const equalTexts = (text: string): string[] => {
  const instant = parseInstant(text);
  if (instant === undefined) return [text];
  const { second, fraction } = instant;
  const padded = [3, 6, 9]
    .filter((digits) => digits >= fraction.length)
    .map((digits) => `${second}.${fraction.padEnd(digits, '0')}Z`);
  const short = fraction === '' ? `${second}Z` : `${second}.${fraction}Z`;
  return [...new Set([text, withPlus(text), short, ...padded])];
};

const MIDNIGHT = 'T00:00:00';

/** The smallest stored text of an instant without fraction: a bare date stands for its midnight. */
const firstText = (second: string): string =>
  second.endsWith(MIDNIGHT) ? second.slice(0, -MIDNIGHT.length) : second;

/** Alternatives for digits after the point that are larger (or smaller) than the given ones. */
const otherFractions = (fraction: string, larger: boolean): string[] => {
  const patterns: string[] = [];
  [...fraction].forEach((digit, index) => {
    const head = fraction.slice(0, index);
    const value = Number(digit);
    if (larger && value < 9) patterns.push(`${head}[${value + 1}-9][0-9]*`);
    if (!larger && value > 0) patterns.push(`${head}[0-${value - 1}][0-9]*`);
    if (!larger && index > 0) patterns.push(head);
  });
  if (larger) patterns.push(`${fraction}[0-9]*[1-9][0-9]*`);
  return patterns;
};

/** Texts of the same second whose part after the second matches one of the alternatives. */
const sameSecond = (path: string, second: string, alternatives: readonly string[]): FilterNode => ({
  type: 'regex',
  path,
  // The end is written as "nothing follows", which every engine reads alike, also before a line break.
  pattern: `^${second}(?:${alternatives.join('|')})(?![\\s\\S])`,
  ignoreCase: false,
});

/**
 * Orders stored texts as instants. Texts in UTC (`…Z`, any number of digits after the second, also none, and bare
 * dates) compare exactly: whole seconds by a range that an index serves, the one second in question by a
 * prefix expression. Texts with another offset are ordered by what is written.
 */
export const orderInstants = (
  path: string,
  ordering: Ordering,
  { second, fraction }: Instant,
): FilterNode => {
  const whole = fraction === '';
  const first = firstText(second);
  const range = (rangeOrdering: Ordering, value: string): FilterNode => ({
    type: 'compare',
    path,
    ordering: rangeOrdering,
    value,
  });
  const later = range('gt', `${second}Z`);
  const earlier = range('lt', second);
  const equal = whole ? ['Z?', '\\.0+Z'] : [`\\.${fraction}0*Z`];
  const fractions = (larger: boolean): string[] =>
    otherFractions(fraction, larger).map((digits) => `\\.${digits}Z`);
  if (ordering === 'gt') return anyOf([later, sameSecond(path, second, fractions(true))]);
  if (ordering === 'gte')
    return whole
      ? range('gte', first)
      : anyOf([later, sameSecond(path, second, [...fractions(true), ...equal])]);
  if (ordering === 'lt')
    return whole
      ? range('lt', first)
      : anyOf([earlier, sameSecond(path, second, ['Z?', ...fractions(false)])]);
  const smaller = whole ? equal : ['Z?', ...fractions(false), ...equal];
  return anyOf([earlier, sameSecond(path, second, smaller)]);
};

/** True for a text that is a date or date-time by its look, for attributes of no declared kind. */
export const looksLikeDate = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d(?:T|$)/i.test(text) && parseInstant(text) !== undefined;
