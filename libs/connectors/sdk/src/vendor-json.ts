import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';

/** A text field of a vendor record; undefined when absent, not a text, or blank. */
export const textAt = (record: JsonObject, name: string): string | undefined => {
  const value = record[name];
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' ? undefined : text;
};

/** The objects of an array field; an absent one is empty. */
export const objectsIn = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

/** An object field; empty when absent. */
export const objectAt = (record: JsonObject, name: string): JsonObject => {
  const value = record[name];
  return isJsonObject(value) ? value : {};
};
