import type { Fault } from '@quotebridge/platform/core';
import { maskCredentials } from './mask';
import { parseSetting, expectedOf, type SettingValue } from './parse';
import { envName, type Setting, type SettingsOf, type SettingsSchema } from './schema';

/** Where values come from: `process.env` at the edge of a process, a plain record in a test. */
export type SettingsSource = Readonly<Record<string, string | undefined>>;

/** Thrown once with every fault of the settings; a fault's path is the name in the environment. */
export class SettingsError extends Error {
  constructor(readonly faults: readonly Fault[]) {
    const count = faults.length === 1 ? 'One setting is' : `${faults.length} settings are`;
    super([`${count} wrong:`, ...faults.map((fault) => `- ${fault.path}: ${fault.message}`)].join('\n'));
    this.name = 'SettingsError';
  }
}

const shown = (text: string, setting: Setting): string =>
  setting.type === 'secret' ? 'the value (not shown)' : JSON.stringify(maskCredentials(text));

type Read = { readonly value: SettingValue | undefined } | { readonly fault: Fault };

const readOne = (name: string, setting: Setting, source: SettingsSource): Read => {
  // An empty variable counts as unset: that is how shells, compose files and charts pass "nothing".
  const text = source[name]?.trim() ?? '';
  const fallback = 'default' in setting ? setting.default : undefined;
  if (text === '') {
    if (fallback !== undefined && setting.type !== 'duration') return { value: fallback };
    if (fallback === undefined && setting.optional === true) return { value: undefined };
    if (fallback === undefined) {
      return {
        fault: { path: name, code: 'required', message: `is not set: expected ${expectedOf(setting)}` },
      };
    }
  }
  const parsed = parseSetting(text === '' ? String(fallback) : text, setting);
  if (parsed.ok) return { value: parsed.value };
  return {
    fault: { path: name, code: setting.type, message: `${shown(text, setting)} ${parsed.error}` },
  };
};

/**
 * Reads all settings of a schema. Durations become milliseconds, secrets a {@link Secret}.
 * @throws SettingsError naming every setting that is missing or wrong, never only the first one.
 */
export const loadSettings = <S extends SettingsSchema>(schema: S, source: SettingsSource): SettingsOf<S> => {
  const faults: Fault[] = [];
  const values: Record<string, SettingValue | undefined> = {};
  for (const [key, setting] of Object.entries(schema)) {
    const read = readOne(envName(key, setting), setting, source);
    if ('fault' in read) faults.push(read.fault);
    else values[key] = read.value;
  }
  if (faults.length > 0) throw new SettingsError(faults);
  return values as SettingsOf<S>;
};
