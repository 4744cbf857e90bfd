import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import type { RunMode, StreamOptions } from '@quotebridge/connectors/sdk';

/** How the streams and actions of an instance are to run. */
export interface StreamFile {
  readonly streams: readonly StreamOptions[];
  readonly withoutActions: ReadonlySet<string>;
}

type Kind = 'text' | 'flag' | 'mode' | 'mapping';

const MEMBERS: Readonly<Record<string, Kind>> = {
  name: 'text',
  enabled: 'flag',
  schedule: 'text',
  timeZone: 'text',
  mode: 'mode',
  mapping: 'mapping',
};
const MODES: readonly unknown[] = ['delta', 'compare', 'full'] satisfies RunMode[];

const fits = (kind: Kind, value: Json | undefined): boolean => {
  if (kind === 'flag') return typeof value === 'boolean';
  if (kind === 'mode') return MODES.includes(value);
  if (kind === 'mapping')
    return isJsonObject(value) && Object.values(value).every((expression) => typeof expression === 'string');
  return typeof value === 'string' && value !== '';
};

const WANTED: Readonly<Record<Kind, string>> = {
  text: 'a text',
  flag: 'true or false',
  mode: 'delta, compare or full',
  mapping: 'an object of texts, the expressions',
};

const checkMembers = (entry: JsonObject, place: string, allowed: readonly string[]): void => {
  for (const [name, value] of Object.entries(entry)) {
    const kind = allowed.includes(name) ? MEMBERS[name] : undefined;
    if (kind === undefined) throw new Error(`${place} has "${name}", but knows only ${allowed.join(', ')}`);
    if (!fits(kind, value)) throw new Error(`${place}.${name} must be ${WANTED[kind]}`);
  }
  if (entry['name'] === undefined) throw new Error(`${place} lacks a name`);
};

const entriesOf = (file: JsonObject, list: string, allowed: readonly string[]): readonly JsonObject[] => {
  const entries = file[list] ?? [];
  if (!Array.isArray(entries)) throw new Error(`"${list}" must be a list`);
  return entries.map((entry, index) => {
    const place = `${list}[${index}]`;
    if (!isJsonObject(entry)) throw new Error(`${place} must be an object`);
    checkMembers(entry, place, allowed);
    return entry;
  });
};

/**
 * Reads `{"streams": [{"name", "enabled", "schedule", "timeZone", "mode", "mapping"}], "actions": [{"name", "enabled"}]}`;
 * everything but the names is optional. Throws a sentence that says what is wrong.
 */
export const readStreamOptions = (file: JsonObject): StreamFile => {
  const unknown = Object.keys(file).find((name) => name !== 'streams' && name !== 'actions');
  if (unknown !== undefined) throw new Error(`There are "streams" and "actions", not "${unknown}"`);
  const streams = entriesOf(file, 'streams', Object.keys(MEMBERS));
  const actions = entriesOf(file, 'actions', ['name', 'enabled']);
  return {
    // The members have just been checked.
    streams: streams as unknown as readonly StreamOptions[],
    withoutActions: new Set(
      actions.filter(({ enabled }) => enabled === false).map(({ name }) => String(name)),
    ),
  };
};
