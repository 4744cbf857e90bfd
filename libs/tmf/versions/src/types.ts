import type { JsonObject } from '@quotebridge/platform/core';
import { onObject, without, type Lens } from './lens';

/** Names the class of an object from its other attributes; undefined where nothing can be said. */
export type ClassOf = (value: JsonObject) => string | undefined;

const typed = (value: JsonObject, type: string): JsonObject => ({ '@type': type, ...value });

/**
 * Writes the `@type` that decides between alternatives of v5 where v4 left it out. v4 declares `@type` in these
 * places too, so it is shown there: the one thing that a round trip of a v4 document may add.
 */
export const decidedType = (classOf: ClassOf): Lens =>
  onObject(
    (value) => {
      const type = value['@type'] === undefined ? classOf(value) : undefined;
      return type === undefined ? value : typed(value, type);
    },
    (value) => value,
  );

/**
 * Writes the `@type` of an object that v4 does not have, and hides it again in v4 where it is the implied one.
 * The implied class must not depend on `@type` itself.
 */
export const impliedType = (classOf: ClassOf): Lens =>
  onObject(
    (value) => {
      const type = value['@type'] === undefined ? classOf(value) : undefined;
      return type === undefined ? value : typed(value, type);
    },
    (value) =>
      value['@type'] !== undefined && value['@type'] === classOf(value) ? without(value, '@type') : value,
  );

/** A class that has another name in v4. The two names change places, as attribute names do. */
export const renameType = (v4: string, stored: string): Lens => {
  const names = new Map([
    [v4, stored],
    [stored, v4],
  ]);
  const change = (value: JsonObject): JsonObject => {
    const type = value['@type'];
    const other = typeof type === 'string' ? names.get(type) : undefined;
    return other === undefined ? value : { ...value, '@type': other };
  };
  return onObject(change, change);
};
