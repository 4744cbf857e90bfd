import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import { object, type Step } from './attributes';

/**
 * Translates one resource between its v4 document and the stored one, which has the v5 shape.
 * Unknown attributes are kept on every level, nothing is changed in place, untouched parts are shared.
 */
export interface VersionMapper {
  toStored(v4: JsonObject): JsonObject;
  fromStored(stored: JsonObject): JsonObject;
  /** The stored path of a dotted v4 path, for filters, sorting and fields; the same path when nothing changes. */
  storedPath(v4Path: string): string;
  /** The stored values that v4 shows as this value (states that v4 does not know); usually just the value. */
  storedValues(v4Path: string, value: string): readonly string[];
}

/** Compiles a mapping table, read from top to bottom on the way to the store. */
export const mapper = (steps: readonly Step[]): VersionMapper => {
  const lens = object(...steps);
  const segments = (path: string): readonly string[] => path.split('.');
  return {
    toStored: (v4) => asObject(lens.toStored(v4)),
    fromStored: (stored) => asObject(lens.fromStored(stored)),
    storedPath: (path) => lens.path(segments(path)).join('.'),
    storedValues: (path, value) => lens.values(segments(path), value),
  };
};

/** Of a resource that both versions write alike, and of v5 itself. */
export const identityMapper: VersionMapper = mapper([]);

const asObject = (value: Json): JsonObject => {
  if (!isJsonObject(value)) throw new Error('A version mapping made something other than an object.');
  return value;
};
