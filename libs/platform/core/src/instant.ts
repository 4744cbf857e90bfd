const FORM = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:?\d\d)?)?$/i;

/** `+0230` as `+02:30`, which every engine reads. */
const withColon = (offset: string): string =>
  /^[+-]\d{4}$/.test(offset) ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset.toUpperCase();

/** The usual form, which costs least: `2026-03-01T10:30:00Z`. */
const ofUsual = (text: string): number =>
  text.charAt(10) === 'T' && text.endsWith('Z') ? Date.parse(text) : Number.NaN;

const ofAny = (text: string): number => {
  const [, date, time = '00:00', second = '00', fraction = '', offset = 'Z'] = FORM.exec(text) ?? [];
  if (date === undefined) return Number.NaN;
  const isLeap = second === '60';
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  const at = Date.parse(`${date}T${time}:${isLeap ? '59' : second}.${milliseconds}${withColon(offset)}`);
  return isLeap ? at + 1_000 : at;
};

/**
 * Milliseconds since the epoch of a date or a date-time as resources have it: without an offset it is UTC on every
 * machine, and a leap second is the one after it. NaN for any other text.
 */
export const instantOf = (text: string): number => {
  const usual = ofUsual(text);
  return Number.isNaN(usual) ? ofAny(text) : usual;
};
