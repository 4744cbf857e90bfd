import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';

/** The objects of a list attribute. */
export const listAt = (json: JsonObject, name: string): readonly JsonObject[] => {
  const list = json[name];
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
};

/** An object attribute, empty when it is not there. */
export const objectAt = (json: JsonObject, name: string): JsonObject => {
  const value = json[name];
  return isJsonObject(value) ? value : {};
};

/** A text attribute that is not empty. */
export const textAt = (json: JsonObject, name: string): string | undefined => {
  const value = json[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** The named attributes that the object has. */
export const pick = (json: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.filter((name) => json[name] !== undefined).map((name) => [name, json[name]]));
