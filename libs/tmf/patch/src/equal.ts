import { isJsonObject, type Json } from '@quotebridge/platform/core';

/** True when two JSON values mean the same: member order does not count, an undefined member is absent. */
export const jsonEqual = (a: Json | undefined, b: Json | undefined): boolean => {
  if (a === b) return true;
  if (Array.isArray(a))
    return (
      Array.isArray(b) && a.length === b.length && a.every((element, index) => jsonEqual(element, b[index]))
    );
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const names = Object.keys(a).filter((name) => a[name] !== undefined);
  if (names.length !== Object.keys(b).filter((name) => b[name] !== undefined).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && jsonEqual(a[name], b[name]));
};
