import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';

const entriesOf = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

const withValue = (object: JsonObject, name: string, value: Json | undefined): JsonObject => {
  const { [name]: _replaced, ...rest } = object;
  return value === undefined ? rest : { ...rest, [name]: value };
};

/** The entries that the list has here, each as it was renewed; what was added is left out. */
const sameEntries = (current: Json | undefined, renewed: Json | undefined): Json | undefined => {
  if (!Array.isArray(current)) return current;
  const fresh = new Map(entriesOf(renewed).map((entry) => [entry['id'], entry]));
  return current.map((entry) => (isJsonObject(entry) ? (fresh.get(entry['id']) ?? entry) : entry));
};

const keepOne = (current: JsonObject, renewed: JsonObject, path: string): JsonObject => {
  if (path.endsWith('[]')) {
    const name = path.slice(0, -2);
    return withValue(renewed, name, sameEntries(current[name], renewed[name]));
  }
  const [name = '', ...rest] = path.split('.');
  if (rest.length === 0) return withValue(renewed, name, current[name]);
  const inner = rest.join('.');
  const value = renewed[name];
  if (Array.isArray(value)) {
    const known = new Map(entriesOf(current[name]).map((entry) => [entry['id'], entry]));
    const kept = value.map((entry) => {
      const before = isJsonObject(entry) ? known.get(entry['id']) : undefined;
      return before === undefined || !isJsonObject(entry) ? entry : keepOne(before, entry, inner);
    });
    return { ...renewed, [name]: kept };
  }
  const before = current[name];
  if (!isJsonObject(value) || !isJsonObject(before)) return renewed;
  return { ...renewed, [name]: keepOne(before, value, inner) };
};

/** A resource without what its source no longer says (`IngestBatch.ownedThere`). Pure. */
export const withoutEnded = (
  current: JsonObject,
  incoming: JsonObject,
  names: readonly string[],
): JsonObject => {
  const ended = new Set(names.filter((name) => incoming[name] === undefined));
  return Object.fromEntries(Object.entries(current).filter(([name]) => !ended.has(name)));
};

/**
 * What an outside record makes of a resource, with everything that is owned here as it was (`IngestBatch.ownedHere`).
 * Paths of attributes come before those of lists (`quoteItem[]`), whose entries they look into. Pure.
 */
export const keepOwned = (current: JsonObject, renewed: JsonObject, paths: readonly string[]): JsonObject => {
  const inOrder = [...paths].sort((a, b) => Number(a.endsWith('[]')) - Number(b.endsWith('[]')));
  return inOrder.reduce((kept, path) => keepOne(current, kept, path), renewed);
};
