import { isJsonObject, type Fault, type Json, type JsonObject } from '@quotebridge/platform/core';
import { jsonEqual, parsePointer } from '@quotebridge/tmf/patch';

const valueAt = (resource: JsonObject, segments: readonly string[]): Json | undefined =>
  segments.reduce<Json | undefined>((value, segment) => {
    if (Array.isArray(value)) return value[Number(segment)];
    return isJsonObject(value) && Object.hasOwn(value, segment) ? value[segment] : undefined;
  }, resource);

/** What a fault is about: the object that has it, and of one at the root the attribute itself. */
const concerned = (resource: JsonObject, { path }: Fault): Json | undefined => {
  const segments = parsePointer(path) ?? [];
  return valueAt(resource, segments.length > 1 ? segments.slice(0, -1) : segments);
};

const keyOf = ({ path, message }: Fault): string => `${path} ${message}`;

/**
 * The faults of a changed resource that the change has made. A resource may have some already: the versions of an API do
 * not demand the same, and connectors bring what their systems have. Whoever leaves those parts as they are is not
 * refused for them. `known` are the faults of the resource as it was.
 */
export const ownFaults = (
  before: JsonObject,
  after: JsonObject,
  found: readonly Fault[],
  known: (resource: JsonObject) => readonly Fault[],
): readonly Fault[] => {
  if (found.length === 0) return found;
  const old = new Set(known(before).map(keyOf));
  return found.filter(
    (fault) => !old.has(keyOf(fault)) || !jsonEqual(concerned(before, fault), concerned(after, fault)),
  );
};
