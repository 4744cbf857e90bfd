import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';

/** Segments of a dotted attribute path; arrays have no segment of their own. */
export type Path = readonly string[];

/**
 * A two-way view of one JSON value: how version 4 shows it and how it is stored (the v5 shape). Both directions
 * are inverse to one another, change nothing in place, and return the very same value when there is nothing to do.
 */
export interface Lens {
  readonly toStored: (value: Json) => Json;
  readonly fromStored: (value: Json) => Json;
  /** Stored path of a v4 path that starts below this value. Unknown paths stay as they are. */
  readonly path: (path: Path) => Path;
  /** The stored values that v4 shows as `value` at this path. */
  readonly values: (path: Path, value: string) => readonly string[];
}

/** Leaves the value as it is. */
export const same: Lens = {
  toStored: (value) => value,
  fromStored: (value) => value,
  path: (path) => path,
  values: (_path, value) => [value],
};

/** A lens that works on JSON objects; any other value passes untouched. */
export const onObject = (
  toStored: (value: JsonObject) => JsonObject,
  fromStored: (value: JsonObject) => JsonObject,
  path: Lens['path'] = same.path,
): Lens => ({
  toStored: (value) => (isJsonObject(value) ? toStored(value) : value),
  fromStored: (value) => (isJsonObject(value) ? fromStored(value) : value),
  // A path that ends here is that of the object itself.
  path: (given) => (given.length === 0 ? given : path(given)),
  values: same.values,
});

/** One lens after another on the way to the store, in the opposite order on the way back. */
export const chain = (...lenses: readonly Lens[]): Lens => {
  const [only] = lenses;
  if (only !== undefined && lenses.length === 1) return only;
  const backwards = [...lenses].reverse();
  return {
    toStored: (value) => {
      let current = value;
      for (const lens of lenses) current = lens.toStored(current);
      return current;
    },
    fromStored: (value) => {
      let current = value;
      for (const lens of backwards) current = lens.fromStored(current);
      return current;
    },
    path: (path) => lenses.reduce((current, lens) => lens.path(current), path),
    values: (path, value) => {
      let at = path;
      let values: readonly string[] = [value];
      for (const lens of lenses) {
        const here = at;
        values = values.flatMap((one) => lens.values(here, one));
        at = lens.path(at);
      }
      return values;
    },
  };
};

/** A lens made at its first use, for classes that contain themselves (an item with items). */
export const lazy = (make: () => Lens): Lens => {
  let made: Lens | undefined;
  const lens = (): Lens => (made ??= make());
  return {
    toStored: (value) => lens().toStored(value),
    fromStored: (value) => lens().fromStored(value),
    path: (path) => lens().path(path),
    values: (path, value) => lens().values(path, value),
  };
};

/** The lens for every element of an array; a value that is no array passes untouched. */
export const elements = (lens: Lens): Lens => ({
  toStored: (value) => mapElements(value, lens.toStored),
  fromStored: (value) => mapElements(value, lens.fromStored),
  path: lens.path,
  values: lens.values,
});

const mapElements = (value: Json, change: (element: Json) => Json): Json => {
  if (!Array.isArray(value)) return value;
  let copy: Json[] | undefined;
  for (let i = 0; i < value.length; i++) {
    const element = value[i];
    if (element === undefined) continue;
    const next = change(element);
    if (next === element) continue;
    copy ??= value.slice();
    copy[i] = next;
  }
  return copy ?? value;
};

/** Sets an attribute as data, also when its name is `__proto__`, which assignment would treat as the prototype. */
export const put = (target: JsonObject, name: string, value: Json | undefined): void => {
  if (name !== '__proto__') target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
};

/** A copy of the object without one attribute. */
export const without = (value: JsonObject, name: string): JsonObject => {
  const { [name]: _dropped, ...rest } = value;
  return rest;
};
