import { err, ok, type Result } from '@quotebridge/platform/core';
import { parseDuration } from './duration';
import { maskCredentials } from './mask';
import type { Setting } from './schema';
import { Secret } from './secret';

/** What one setting can hold once it is read. */
export type SettingValue = string | number | boolean | readonly string[] | Secret;

type Of<T extends Setting['type']> = Extract<Setting, { type: T }>;

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'off', '0'].map((word) => [word, false] as const),
]);
const MAX_PORT = 65_535;

const between = (value: number | undefined, min: number, max: number): value is number =>
  value !== undefined && Number.isSafeInteger(value) && value >= min && value <= max;

const whole = (text: string): number | undefined => (/^[+-]?\d+$/.test(text) ? Number(text) : undefined);

const accept = <T extends SettingValue>(value: T, fits: boolean, expected: string): Result<T, string> =>
  fits ? ok(value) : err(expected);

const range = (what: string, min?: number | string, max?: number | string): string => {
  if (min !== undefined && max !== undefined) return `${what} from ${min} to ${max}`;
  if (min !== undefined) return `${what} of at least ${min}`;
  return max === undefined ? what : `${what} of at most ${max}`;
};

/** A person's words for what a setting accepts, used by faults and by the docs. */
export const expectedOf = (setting: Setting): string => {
  switch (setting.type) {
    case 'string':
      return 'a text';
    case 'secret':
      return setting.minLength === undefined
        ? 'a secret text'
        : `a secret text of at least ${setting.minLength} characters`;
    case 'int':
      return range('a whole number', setting.min, setting.max);
    case 'ratio':
      return 'a number from 0 to 1, such as 0.1';
    case 'port':
      return `a port number from 0 to ${MAX_PORT}`;
    case 'duration':
      return `${range('a duration', setting.min, setting.max)} such as 500ms, 30s, 5m, 2h or 1d`;
    case 'url':
      return `a URL that starts with ${schemesOf(setting)
        .map((scheme) => `${scheme}://`)
        .join(' or ')} and names a host`;
    case 'boolean':
      return 'true or false';
    case 'enum':
      return `one of ${setting.values.join(', ')}`;
    case 'list':
      return setting.values === undefined
        ? 'a list separated by commas'
        : `a list separated by commas of ${setting.values.join(', ')}`;
  }
};

const schemesOf = (setting: Of<'url'>): readonly string[] => setting.schemes ?? ['http', 'https'];

const isUrl = (text: string, schemes: readonly string[]): boolean => {
  // Not `new URL`: the connection strings of MongoDB and NATS may name several hosts.
  const [, scheme, host] =
    /^([a-z][a-z0-9+.-]*):\/\/(?:[^/?#]*@)?([^/?#@\s]+)(?:[/?#]\S*)?$/i.exec(text) ?? [];
  return scheme !== undefined && host !== undefined && schemes.includes(scheme.toLowerCase());
};

const entriesOf = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

const parseDurationWithin = (text: string, setting: Of<'duration'>): number | undefined => {
  const value = parseDuration(text);
  const min = setting.min === undefined ? 0 : parseDuration(setting.min);
  const max = setting.max === undefined ? Number.MAX_SAFE_INTEGER : parseDuration(setting.max);
  return between(value, min ?? 0, max ?? Number.MAX_SAFE_INTEGER) ? value : undefined;
};

const ratio = (text: string): number | undefined =>
  /^(0|1|0?\.\d+|1\.0+)$/.test(text) ? Number(text) : undefined;

/** Reads the text of one setting as its type; the error is what was expected instead. */
const parseType = (text: string, setting: Setting): Result<SettingValue, string> => {
  const expected = expectedOf(setting);
  switch (setting.type) {
    case 'string':
      return ok(text);
    case 'secret':
      return accept(new Secret(text), text.length >= (setting.minLength ?? 1), expected);
    case 'int': {
      const value = whole(text);
      const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = setting;
      return between(value, min, max) ? ok(value) : err(expected);
    }
    case 'ratio': {
      const value = ratio(text);
      return value === undefined ? err(expected) : ok(value);
    }
    case 'port': {
      const value = whole(text);
      return between(value, 0, MAX_PORT) ? ok(value) : err(expected);
    }
    case 'duration': {
      const value = parseDurationWithin(text, setting);
      return value === undefined ? err(expected) : ok(value);
    }
    case 'url':
      return accept(text, isUrl(text, schemesOf(setting)), expected);
    case 'boolean': {
      const value = BOOLEANS.get(text.toLowerCase());
      return value === undefined ? err(expected) : ok(value);
    }
    case 'enum':
      return accept(text, setting.values.includes(text), expected);
    case 'list': {
      const entries = entriesOf(text);
      const { values } = setting;
      return accept(entries, values === undefined || entries.every((e) => values.includes(e)), expected);
    }
  }
};

const refusalOf = (value: SettingValue, setting: Setting): string | undefined => {
  if (setting.type === 'string') return setting.check?.(String(value));
  return setting.type === 'list' && Array.isArray(value) ? setting.check?.(value) : undefined;
};

/** Reads the text of one setting; the error says what is wrong with it, as the rest of a sentence. */
export const parseSetting = (text: string, setting: Setting): Result<SettingValue, string> => {
  const parsed = parseType(text, setting);
  if (!parsed.ok) return err(`is not ${parsed.error}`);
  const refusal = refusalOf(parsed.value, setting);
  return refusal === undefined ? parsed : err(`is refused: ${maskCredentials(refusal)}`);
};
