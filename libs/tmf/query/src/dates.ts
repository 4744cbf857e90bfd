import { anyOf, type FilterNode, type Ordering } from './filter';

/** An instant in UTC: the text up to the second, and the digits after it without trailing zeros. */
export interface Instant {
  readonly second: string;
  readonly fraction: string;
}

const DATE_TIME =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:(Z)|([+ -])(\d\d):?(\d\d))?)?)?)?$/i;

/**
 * Reads a year, a month, a date or a date-time. Without an offset it counts as UTC; a blank before the offset is
 * a `+` that URL decoding has eaten. Undefined when it is none of these.
 */
export const parseInstant = (text: string): Instant | undefined => {
  const found = DATE_TIME.exec(text);
  if (found === null) return undefined;
  const part = (index: number, otherwise: number): number =>
    found[index] === undefined ? otherwise : Number(found[index]);
  const [year, month, day] = [part(1, 0), part(2, 1), part(3, 1)];
  const [hour, minute, second] = [part(4, 0), part(5, 0), part(6, 0)];
  if (year < 100 || hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const offset = (part(10, 0) * 60 + part(11, 0)) * (found[9] === '-' ? -1 : 1);
  const utc = new Date(date.getTime() - offset * 60_000);
  return { second: utc.toISOString().slice(0, 19), fraction: (found[7] ?? '').replace(/0+$/, '') };
};

/**
 * A date or a date-time in milliseconds since the epoch. Without a time it is the beginning of that day, without an offset it
 * counts as UTC. Undefined for anything else, also for a day that no calendar has.
 */
export const readInstant = (text: string): number | undefined => {
  const instant = /^\d{4}-\d\d-\d\d/.test(text) ? parseInstant(text) : undefined;
  return instant && Date.parse(`${instant.second}.${instant.fraction.slice(0, 3).padEnd(3, '0')}Z`);
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
  return [...new Set([text, text.replace(/ (?=\d\d:?\d\d$)/, '+'), short, ...padded])];
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
  /^\d{4}-\d\d-\d\d/.test(text) && parseInstant(text) !== undefined;
