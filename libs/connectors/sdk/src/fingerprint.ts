import { createHash } from 'node:crypto';
import { isJsonObject, type Json } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';

/** The same value with sorted names, so that the order of a vendor's fields does not matter. */
const sorted = (value: Json | undefined): Json => {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value ?? null;
  // Not by assignment: a vendor's field may be called __proto__.
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .flatMap((name): [string, Json][] => (value[name] === undefined ? [] : [[name, sorted(value[name])]])),
  );
};

/**
 * A short text that changes when what we would publish of a record changes. The time of change is left out: our own
 * write into the outside system moves it without changing anything we read.
 */
export const fingerprint = (records: readonly IngestRecord[]): string => {
  const content = records.map(({ externalId, op, id, resource }): Json => {
    const { lastUpdate: _lastUpdate, ...rest } = resource;
    return [externalId, op, id, sorted(rest)];
  });
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 27);
};
