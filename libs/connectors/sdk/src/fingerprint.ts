import { createHash } from 'node:crypto';
import { isJsonObject, type Json } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';

/** Room for the names and the times that the print leaves out. */
const ENVELOPE_BYTES = 200;

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

/** What is recognised of published records: their print, and about how many bytes they take on the wire. */
export interface Print {
  readonly print: string;
  readonly bytes: number;
}

/**
 * A short text that changes when what we would publish of a record changes. The time of change is left out: our own
 * write into the outside system moves it without changing anything we read.
 */
export const fingerprint = (records: readonly IngestRecord[]): Print => {
  const content = records.map(({ externalId, op, id, resource }): Json => {
    const { lastUpdate: _lastUpdate, ...rest } = resource;
    return [externalId, op, id, sorted(rest)];
  });
  const bytes = Buffer.from(JSON.stringify(content));
  const print = createHash('sha256').update(bytes).digest('base64url').slice(0, 27);
  return { print, bytes: bytes.length + records.length * ENVELOPE_BYTES };
};
