import { err, instantOf, ok, type Json, type Result } from '@quotebridge/platform/core';
import { Decimal } from 'decimal.js';

/** Kinds of values that a field can become. `any` takes the value as it is. */
export const FIELD_TYPES = ['text', 'integer', 'decimal', 'boolean', 'date', 'dateTime', 'any'] as const;

/** One of {@link FIELD_TYPES}. */
export type FieldType = (typeof FIELD_TYPES)[number];

/** How texts are written in the source. */
export interface Notation {
  /** Decimal sign; the default is the point. */
  readonly decimal?: '.' | ',';
  /** Sign between groups of digits, of which the last has three; taken out before reading. */
  readonly group?: '.' | ',' | ' ' | "'";
  /** Form of dates: the letters y, M, d, H, m, s stand for digits; or `epochSeconds`, `epochMillis`. Default: ISO 8601. */
  readonly format?: string;
}

const shown = (value: Json): string => {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

const numeral = (value: Json, { decimal = '.', group }: Notation): string | undefined => {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value !== 'string') return undefined;
  let text = value.trim();
  if (group !== undefined && text.includes(group)) {
    const [whole = ''] = group === decimal ? [text] : text.split(decimal);
    const [first = '', ...others] = whole.split(group);
    // 1,50 with the group sign "," is no 150: somebody writes another notation than the settings say.
    const isGrouped =
      /^[+-]?\d{1,3}$/.test(first) &&
      others.every((part) => /^\d{2,3}$/.test(part)) &&
      others.at(-1)?.length === 3;
    if (!isGrouped) return undefined;
    text = whole.replaceAll(group, '') + text.slice(whole.length);
  }
  if (decimal === ',') {
    if (text.includes('.')) return undefined;
    text = text.replace(',', '.');
  }
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) ? text : undefined;
};

const toNumber = (value: Json, notation: Notation, whole: boolean): Result<Json, string> => {
  const text = numeral(value, notation);
  if (text === undefined) return err(`must be a ${whole ? 'whole' : 'decimal'} number, not ${shown(value)}`);
  const number = Number(text);
  // Amounts stay exact: what a JSON number cannot carry is refused instead of rounded.
  if (!Number.isFinite(number) || !new Decimal(text).equals(new Decimal(number))) {
    return err(`has more digits than can be kept exactly: ${shown(value)}`);
  }
  return whole && !Number.isInteger(number) ? err(`must be a whole number, not ${shown(value)}`) : ok(number);
};

const TRUE = new Set(['true', 'yes', 'y', '1', 'x', 'ja', 'j']);
const FALSE = new Set(['false', 'no', 'n', '0', 'nein']);

const toBoolean = (value: Json): Result<Json, string> => {
  const word = String(value).trim().toLowerCase();
  if (TRUE.has(word)) return ok(true);
  if (FALSE.has(word)) return ok(false);
  return err(`must be yes or no, not ${shown(value)}`);
};

const DAY_MS = 86_400_000;

const instant = ([year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0]: readonly number[]):
  number | undefined => {
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(at);
  // Date.UTC carries over: 31 April must not become 1 May.
  const same =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return same && hour < 24 && minute < 60 && second < 60 ? at : undefined;
};

const fromIso = (text: string): number | undefined => {
  const at = instantOf(text);
  return Number.isNaN(at) ? undefined : at;
};

const PARTS = ['y', 'M', 'd', 'H', 'm', 's'];

const fromForm = (text: string, form: string): number | undefined => {
  if (text.length !== form.length) return undefined;
  const parts = PARTS.map(() => '');
  for (const [index, letter] of [...form].entries()) {
    const part = PARTS.indexOf(letter);
    const sign = text[index] ?? '';
    if (part < 0 ? sign !== letter : !/\d/.test(sign)) return undefined;
    if (part >= 0) parts[part] += sign;
  }
  return instant([parts[0] ?? '', parts[1] || '1', parts[2] || '1', ...parts.slice(3)].map(Number));
};

const toInstant = (value: Json, format: string | undefined): number | undefined => {
  if (format === 'epochSeconds' || format === 'epochMillis') {
    const number = typeof value === 'number' ? value : Number(String(value).trim() || 'none');
    const at = format === 'epochSeconds' ? number * 1000 : number;
    return Number.isFinite(at) && Math.abs(at) < 8.64e15 ? at : undefined;
  }
  if (typeof value !== 'string') return undefined;
  return format === undefined ? fromIso(value.trim()) : fromForm(value.trim(), format);
};

const toDate = (value: Json, { format }: Notation, type: 'date' | 'dateTime'): Result<Json, string> => {
  const at = toInstant(value, format);
  if (at === undefined) {
    const form = format ?? (type === 'date' ? 'yyyy-MM-dd' : 'an ISO 8601 date-time');
    return err(`must be a date in the form ${form}, not ${shown(value)}`);
  }
  const text = new Date(type === 'date' ? Math.floor(at / DAY_MS) * DAY_MS : at).toISOString();
  return ok(type === 'date' ? text.slice(0, 10) : text);
};

const toText = (value: Json): Result<Json, string> =>
  typeof value === 'object' ? err(`must be a text, not ${shown(value)}`) : ok(String(value).trim());

/** The value as the wanted kind; the error ends a sentence that begins with the field's name. Never throws. */
export const convert = (value: Json, type: FieldType, notation: Notation): Result<Json, string> => {
  switch (type) {
    case 'any':
      return ok(value);
    case 'text':
      return toText(value);
    case 'integer':
      return toNumber(value, notation, true);
    case 'decimal':
      return toNumber(value, notation, false);
    case 'boolean':
      return toBoolean(value);
    case 'date':
    case 'dateTime':
      return toDate(value, notation, type);
  }
};
