import { isDeepStrictEqual } from 'node:util';
import { frozen, isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import type { VersionMapper } from '../mapper';

/**
 * What a round trip changed, as JSON Pointers; nothing when it only added `@type`s, which is all it may do.
 */
export const changes = (before: Json | undefined, after: Json | undefined, path = ''): readonly string[] => {
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, i) => changes(item, after[i], `${path}/${i}`));
  }
  if (isJsonObject(before) && isJsonObject(after)) {
    const added = Object.keys(after).filter((name) => !Object.hasOwn(before, name) && name !== '@type');
    const changed = Object.entries(before).flatMap(([name, value]) =>
      Object.hasOwn(after, name) ? changes(value, after[name], `${path}/${name}`) : [`${path}/${name}`],
    );
    return [...added.map((name) => `${path}/${name}`), ...changed];
  }
  return isDeepStrictEqual(before, after) ? [] : [path];
};

/** Law 1: what a v4 client writes is what it reads. */
export const changesOfV4 = (mapper: VersionMapper, v4: JsonObject): readonly string[] =>
  changes(v4, mapper.fromStored(frozen(mapper.toStored(frozen(v4)))));

/** Law 2: a stored document that goes through v4 comes back exactly as it was. */
export const survivesV4 = (mapper: VersionMapper, stored: JsonObject): boolean =>
  isDeepStrictEqual(mapper.toStored(frozen(mapper.fromStored(frozen(stored)))), stored);

/** Every scalar of a document with its dotted path; arrays add no segment. */
export const leaves = (value: Json | undefined, path: readonly string[] = []): readonly [string, Json][] => {
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item, path));
  if (isJsonObject(value)) {
    return Object.entries(value).flatMap(([name, part]) => leaves(part, [...path, name]));
  }
  return value === undefined ? [] : [[path.join('.'), value]];
};

/** Law 3: the v4 paths whose values are not all found at their stored path. */
export const misplaced = (mapper: VersionMapper, v4: JsonObject): readonly string[] => {
  const stored = leaves(mapper.toStored(v4)).map(([path, value]) => JSON.stringify([path, value]));
  const places = new Set(stored);
  return leaves(v4)
    .filter(([path]) => !path.endsWith('@type'))
    .filter(([path, value]) => {
      const values = typeof value === 'string' ? mapper.storedValues(path, value) : [value];
      return !values.some((one) => places.has(JSON.stringify([mapper.storedPath(path), one])));
    })
    .map(([path]) => path);
};
