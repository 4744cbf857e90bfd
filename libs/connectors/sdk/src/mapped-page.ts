import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { laterCursor, type Cursor } from './cursor';
import { isRejection, type Rejection, type Stream } from './stream';
import { fingerprint } from './fingerprint';

/** A record of the outside system with what it maps to. */
export interface MappedRecord {
  readonly externalId: string;
  readonly raw: JsonObject;
  readonly records: readonly IngestRecord[];
  readonly print: string;
  readonly ends: boolean;
}

/** A record that cannot be mapped. */
export interface RejectedRecord extends Rejection {
  readonly externalId: string;
  readonly raw: JsonObject;
}

/** A page after mapping. Nothing of the page is missing: each record is mapped, rejected, or none of our business. */
export interface MappedPage {
  readonly mapped: readonly MappedRecord[];
  readonly rejected: readonly RejectedRecord[];
  /** Identifiers of records that are none of our business (any more). */
  readonly others: readonly string[];
  readonly cursor: Cursor | undefined;
}

const noIdentity = (stream: Stream): Rejection => ({
  faults: [{ path: '', message: `the ${stream.entity} has no identifier`, code: 'identity' }],
});

// A mapper is pure but not infallible; what it throws is a reason, not the end of the run.
const mapOne = (stream: Stream, record: JsonObject): readonly IngestRecord[] | Rejection => {
  try {
    return stream.map(record);
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { faults: [{ path: '', message: `mapping failed: ${message}`, code: 'mapping' }] };
  }
};

/** Maps a page. A record that appears twice counts as it was read last. */
export const mapPage = (stream: Stream, page: readonly JsonObject[]): MappedPage => {
  const mapped = new Map<string, MappedRecord>();
  const rejected = new Map<string, RejectedRecord>();
  const others = new Set<string>();
  let cursor: Cursor | undefined;
  page.forEach((raw, index) => {
    cursor = laterCursor(cursor, stream.position(raw));
    const identity = stream.identity(raw);
    const externalId = identity ?? `unidentified-${cursor?.at ?? ''}-${index}`;
    const result = identity === undefined ? noIdentity(stream) : mapOne(stream, raw);
    mapped.delete(externalId);
    rejected.delete(externalId);
    others.delete(externalId);
    if (isRejection(result)) rejected.set(externalId, { ...result, externalId, raw });
    else if (result.length > 0) {
      mapped.set(externalId, {
        externalId,
        raw,
        records: result,
        print: fingerprint(result),
        ends: stream.ends?.(raw) ?? false,
      });
    } else others.add(externalId);
  });
  return { mapped: [...mapped.values()], rejected: [...rejected.values()], others: [...others], cursor };
};

/** Cuts a page into batches of at most `size` ingest records; records of one vendor record stay together. */
export const cutBatches = (
  mapped: readonly MappedRecord[],
  size: number,
): readonly (readonly MappedRecord[])[] => {
  const batches: MappedRecord[][] = [];
  let room = 0;
  for (const record of mapped) {
    if (record.records.length > room || batches.length === 0) {
      batches.push([]);
      room = size;
    }
    batches.at(-1)?.push(record);
    room -= record.records.length;
  }
  return batches;
};
