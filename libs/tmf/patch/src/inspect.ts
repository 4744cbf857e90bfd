import { isJsonObject, type Fault, type Json } from '@quotebridge/platform/core';
import { patchFault } from './faults';
import type { PatchLimits } from './limits';
import { formatPointer } from './pointer';

/** A name that no resource has: it means an object's prototype to careless code, or ends early in the store. */
export const isForbiddenName = (name: string): boolean => name === '__proto__' || name.includes('\0');

/** Number of values in a value, itself included. */
export const countNodes = (value: Json): number => {
  if (Array.isArray(value)) return value.reduce<number>((sum, element) => sum + countNodes(element), 1);
  if (!isJsonObject(value)) return 1;
  return Object.values(value).reduce<number>(
    (sum, inner) => sum + (inner === undefined ? 0 : countNodes(inner)),
    1,
  );
};

/** Does a value nest over so many levels of objects and arrays? Looked at no deeper: one may be deeper than the stack. */
export const isDeeperThan = (value: Json | undefined, levels: number): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  const inner = Array.isArray(value) ? value : Object.values(value);
  return inner.some((one) => isDeeperThan(one, levels - 1));
};

/** The faults of an untrusted value: too deep, a forbidden name, or not JSON. At most ten are listed. */
export const inspect = (value: unknown, at: readonly (string | number)[], limits: PatchLimits): Fault[] => {
  const faults: Fault[] = [];
  const look = (inner: unknown, segments: readonly (string | number)[], depth: number): void => {
    if (faults.length >= 10) return;
    if (depth > limits.maxDepth) {
      faults.push(
        patchFault(formatPointer(segments), 'limit', `Values nest at most ${limits.maxDepth} levels deep.`),
      );
    } else if (Array.isArray(inner)) {
      inner.forEach((element, index) => look(element, [...segments, index], depth + 1));
    } else if (isJsonObject(inner)) {
      for (const [name, member] of Object.entries(inner)) {
        const path = [...segments, name];
        if (isForbiddenName(name))
          faults.push(
            patchFault(formatPointer(path), 'name', `"${name}" cannot be the name of an attribute.`),
          );
        else if (member !== undefined) look(member, path, depth + 1);
      }
    } else if (inner !== null && !['string', 'boolean'].includes(typeof inner) && !Number.isFinite(inner)) {
      faults.push(patchFault(formatPointer(segments), 'syntax', 'This is not a JSON value.'));
    }
  };
  look(value, at, 0);
  return faults;
};
