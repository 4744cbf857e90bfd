import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';

const collect = (value: Json | undefined, found: Set<string>): void => {
  if (Array.isArray(value)) for (const item of value) collect(item, found);
  else if (isJsonObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      if (name === 'id' && typeof member === 'string') found.add(member);
      else collect(member, found);
    }
  }
};

/** Every id that the records have or refer to. */
export const idsIn = (records: readonly IngestRecord[]): readonly string[] => {
  const found = new Set<string>();
  for (const { id, resource } of records) {
    found.add(id);
    collect(resource, found);
  }
  return [...found];
};

const replaced = (value: Json, aliases: ReadonlyMap<string, string>): Json => {
  if (Array.isArray(value)) return value.map((item) => replaced(item, aliases));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]): [string, Json][] => {
      if (member === undefined) return [];
      if (name === 'id' && typeof member === 'string') return [[name, aliases.get(member) ?? member]];
      return [[name, replaced(member, aliases)]];
    }),
  );
};

/** The records with the ids that their resources really have, where a natural key found them under another one. */
export const withAliases = (
  records: readonly IngestRecord[],
  aliases: ReadonlyMap<string, string>,
): readonly IngestRecord[] =>
  aliases.size === 0
    ? records
    : records.map((record) => ({
        ...record,
        id: aliases.get(record.id) ?? record.id,
        resource: replaced(record.resource, aliases) as JsonObject,
      }));
