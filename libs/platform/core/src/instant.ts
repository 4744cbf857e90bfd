/** The usual form, of a day that every month has, which costs least: `2026-03-01T10:30:00Z`. */
const USUAL = /^\d{4}-\d\d-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,3})?Z$/;
const FORM =
  /^(\d{4}-\d\d-(\d\d))(?:[T ]((?:[01]\d|2[0-3]):[0-5]\d)(?::([0-5]\d|60)(?:\.(\d+))?)?(?:Z|([+-])([01]\d|2[0-3]):?([0-5]\d))?)?$/i;

const MINUTE = 60_000;

/** Longer ones are written by nobody who means a time, and take long to look at. */
const MAX_LENGTH = 100;

/** An instant to the last digit that was written. */
export interface ExactInstant {
  /** Its whole second, in milliseconds since the epoch. */
  readonly second: number;
  /** The digits behind it, without zeros at their end. */
  readonly fraction: string;
}

/**
 * The only reader of dates and date-times (RFC 3339, and what systems make of it): a blank for the `T`, no seconds, no
 * colon in the offset. Without an offset it is UTC on every machine, without a time the beginning of that day; a leap second is
 * the one after it. Undefined for any other text, also for a day that no calendar has.
 */
export const exactInstantOf = (text: string): ExactInstant | undefined => {
  const found = text.length > MAX_LENGTH ? null : FORM.exec(text);
  if (found === null) return undefined;
  const [, date, day, time = '00:00', second = '00', fraction = '', sign, hours, minutes] = found;
  const isLeap = second === '60';
  const local = Date.parse(`${date}T${time}:${isLeap ? '59' : second}Z`);
  // Date.parse carries over: 30 February would be a day in March.
  if (Number.isNaN(local) || new Date(local).getUTCDate() !== Number(day)) return undefined;
  const offset = sign === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * MINUTE;
  return {
    second: local - (sign === '-' ? -offset : offset) + (isLeap ? 1_000 : 0),
    fraction: fraction.replace(/0+$/, ''),
  };
};

/** {@link exactInstantOf} in milliseconds since the epoch; NaN where there is none. */
export const instantOf = (text: string): number => {
  if (USUAL.test(text)) return Date.parse(text);
  const exact = exactInstantOf(text);
  return exact === undefined ? Number.NaN : exact.second + Number(exact.fraction.slice(0, 3).padEnd(3, '0'));
};
