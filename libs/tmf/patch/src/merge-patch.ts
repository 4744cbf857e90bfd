import {
  err,
  isJsonObject,
  ok,
  type Fault,
  type Json,
  type JsonObject,
  type Result,
} from '@quotebridge/platform/core';
import { patchFault } from './faults';
import { inspect } from './inspect';
import { defaultPatchLimits, type PatchLimits } from './limits';

/**
 * Applies a JSON merge patch (RFC 7396): members replace, null removes, objects merge, arrays are replaced whole. The
 * document is not changed. A body that is no object is refused, since a resource always is one.
 */
export const applyMergePatch = (
  document: JsonObject,
  body: unknown,
  limits: PatchLimits = defaultPatchLimits,
): Result<JsonObject, Fault[]> => {
  if (!isJsonObject(body))
    return err([patchFault('', 'syntax', 'The body of a merge patch must be a JSON object.')]);
  const faults = inspect(body, [], limits);
  return faults.length > 0 ? err(faults) : ok(merge(document, body));
};

const merge = (target: Json | undefined, patch: JsonObject): JsonObject => {
  const merged: JsonObject = isJsonObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) delete merged[name];
    else if (isJsonObject(value))
      merged[name] = merge(Object.hasOwn(merged, name) ? merged[name] : undefined, value);
    else merged[name] = value;
  }
  return merged;
};
