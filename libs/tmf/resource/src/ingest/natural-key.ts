import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import type { NaturalKey } from '@quotebridge/platform/events';
import type { Filter, IndexSpec } from '@quotebridge/platform/store';
import type { StoredResource } from '../stored';

const step = (value: Json | undefined, name: string): Json | undefined =>
  isJsonObject(value) ? value[name] : undefined;

const at = (resource: JsonObject, path: string): Json | undefined =>
  path.split('.').reduce<Json | undefined>(step, resource);

const isScalar = (value: Json | undefined): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** One value of a natural key: a text that is equal for equal values, and the query that finds who has it. */
export interface KeyValue {
  readonly text: string;
  readonly filter: Filter<StoredResource>;
}

const attributeValue = (paths: readonly string[], resource: JsonObject): readonly KeyValue[] => {
  const values = paths.map((path) => at(resource, path));
  // A key with a hole in it says nothing about being the same.
  if (paths.length === 0 || !values.every(isScalar)) return [];
  const filter = Object.fromEntries(paths.map((path, index) => [path, { $eq: values[index] }]));
  return [{ text: JSON.stringify([paths, values]), filter: filter }];
};

const identifierValues = (
  { externalIdentifierType, owner }: Extract<NaturalKey, { externalIdentifierType: string }>,
  resource: JsonObject,
  list: string,
): readonly KeyValue[] => {
  const entries = [
    resource['externalIdentifier'],
    list === 'externalIdentifier' ? [] : resource[list],
  ].flat();
  return entries.flatMap((entry) => {
    if (!isJsonObject(entry) || typeof entry['id'] !== 'string') return [];
    if (entry['externalIdentifierType'] !== externalIdentifierType) return [];
    if (owner !== undefined && entry['owner'] !== owner) return [];
    const wanted = { externalIdentifierType, id: entry['id'], ...(owner === undefined ? {} : { owner }) };
    const filter = { [list]: { $elemMatch: wanted } } as Filter<StoredResource>;
    return [{ text: JSON.stringify(wanted), filter }];
  });
};

/** What a resource can be found by. `list` is where its external identifiers stand. */
export const keyValues = (
  keys: readonly NaturalKey[],
  resource: JsonObject,
  list: string,
): readonly KeyValue[] =>
  keys.flatMap((key) =>
    'attributes' in key ? attributeValue(key.attributes, resource) : identifierValues(key, resource, list),
  );

/** The first key that no index leads to: looking by it would read the whole collection for each batch. */
export const keyWithoutIndex = (
  keys: readonly NaturalKey[],
  indexes: readonly IndexSpec[],
  list: string,
): NaturalKey | undefined => {
  const leading = new Set(indexes.map((index) => Object.keys(index.keys)[0]));
  return keys.find((key) =>
    'attributes' in key ? !key.attributes.some((path) => leading.has(path)) : !leading.has(`${list}.id`),
  );
};
