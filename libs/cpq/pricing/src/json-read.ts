import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';

/** The objects of a list attribute; an empty list when the attribute is missing or no list. */
export const objectsAt = (json: JsonObject, name: string): readonly JsonObject[] => {
  const list = json[name];
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
};

/** A text attribute that is not blank. */
export const textAt = (json: JsonObject, name: string): string | undefined => {
  const value = json[name];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
};
