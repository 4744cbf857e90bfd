/** Any value that JSON can carry. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. An absent attribute is `undefined` and is never written. */
export interface JsonObject {
  [key: string]: Json | undefined;
}

/** True for a JSON object, false for arrays, null and scalars. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The objects of a list; none when it is no list. */
export const objectsIn = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

/** The objects of a list attribute. */
export const objectsAt = (json: JsonObject, name: string): JsonObject[] => objectsIn(json[name]);

/** An object attribute, empty when it is not there. */
export const objectAt = (json: JsonObject, name: string): JsonObject => {
  const value = json[name];
  return isJsonObject(value) ? value : {};
};

/** A text attribute that is not blank. */
export const textAt = (json: JsonObject, name: string): string | undefined => {
  const value = json[name];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
};

/** The value, which nobody can change from now on, however deep. For what is shared; returned as it is. */
export const frozen = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null) return value;
  Object.freeze(value);
  Object.values(value).forEach(frozen);
  return value;
};
