import { instantOf } from '@quotebridge/platform/core';

const PERIOD_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    hour: 'hour hours hourly h',
    day: 'day days daily d',
    week: 'week weeks weekly w',
    month: 'month months monthly mon m',
    quarter: 'quarter quarters quarterly q',
    year: 'year years yearly annual annually y',
  }).flatMap(([word, aliases]) => aliases.split(' ').map((alias): [string, string] => [alias, word])),
);

/**
 * One text for one charge period, so that equal periods meet in one total: `monthly`, `1 month` and (`Months`, 1)
 * are all `month`; (`month`, 3) is `3 month`. An unknown word is kept in lower case.
 */
export const chargePeriod = (type: string, length = 1): string => {
  const text = type.trim().toLowerCase();
  const [, count, word] = /^(\d+)\s*(\D+)$/.exec(text) ?? [undefined, '1', text];
  const total = length * Number(count);
  const name = PERIOD_WORDS.get((word ?? text).trim()) ?? word ?? text;
  return total === 1 ? name : `${total} ${name}`;
};

/** True for a word that names a period: ERP units such as `MON` make a price recurring and measure nothing else. */
export const isPeriodWord = (word: string): boolean => PERIOD_WORDS.has(word.trim().toLowerCase());

/** A TMF `TimePeriod`: the start is included, the end is not, a missing bound is open. */
export interface TimePeriod {
  readonly startDateTime?: string;
  readonly endDateTime?: string;
}

/**
 * How an instant (date-time text) lies to a period; `unreadable` when a bound or the instant is no date-time: elsewhere such a bound
 * is an open one, but nobody is charged a price of which it is not known when it holds.
 */
export const positionIn = (
  period: TimePeriod | undefined,
  at: string,
): 'within' | 'before' | 'after' | 'unreadable' => {
  const instant = instantOf(at);
  const start = period?.startDateTime === undefined ? -Infinity : instantOf(period.startDateTime);
  const end = period?.endDateTime === undefined ? Infinity : instantOf(period.endDateTime);
  if ([instant, start, end].some(Number.isNaN)) return 'unreadable';
  if (instant < start) return 'before';
  return instant < end ? 'within' : 'after';
};
