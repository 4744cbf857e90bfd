import type { Fault, JsonObject } from '@quotebridge/platform/core';
import { jsonEqual } from './equal';
import { patchFault } from './faults';
import { formatPointer } from './pointer';

/** Names of the root attributes that were added, removed or given another value, sorted. */
export const changedAttributes = (before: JsonObject, after: JsonObject): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !jsonEqual(own(before, name), own(after, name)))
    .sort();

const own = (document: JsonObject, name: string): JsonObject[string] =>
  Object.hasOwn(document, name) ? document[name] : undefined;

/** A fault for each of the named root attributes that a patch changed; repeating the present value is no change. */
export const nonPatchable = (before: JsonObject, after: JsonObject, names: readonly string[]): Fault[] =>
  names
    .filter((name) => !jsonEqual(own(before, name), own(after, name)))
    .map((name) =>
      patchFault(
        formatPointer([name]),
        'nonPatchable',
        `"${name}" cannot be changed by a patch; leave it out.`,
      ),
    );
