import { createHash } from 'node:crypto';
import { messageOf, type JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { laterCursor, type Cursor } from './cursor';
import { fingerprint } from './fingerprint';
import { isRejection, type Rejection, type Stream } from './stream';

/** A record of the outside system with what it maps to. */
export interface MappedRecord {
  readonly externalId: string;
  readonly raw: JsonObject;
  readonly records: readonly IngestRecord[];
  readonly print: string;
  /** About how much it takes in a message. */
  readonly bytes: number;
  readonly ends: boolean;
  /** The outside system no longer has it; `raw` is empty. */
  readonly missing?: true;
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

type Mapped = readonly IngestRecord[] | Rejection;

/** The mapping of a stream, overrides included. Pure, but for its time. */
export type MapRecord = (record: JsonObject) => Mapped | Promise<Mapped>;

const noIdentity = (stream: Stream): Rejection => ({
  faults: [{ path: '', message: `a record of ${stream.entity} has no identifier`, code: 'identity' }],
});

const tooLarge = (bytes: number, most: number): Rejection => ({
  faults: [
    {
      path: '',
      message: `makes ${bytes} bytes, a message takes ${most}: raise max_payload`,
      code: 'tooLarge',
    },
  ],
});

/** A mapper is pure but not infallible; what it throws is a reason, not the end of the run. */
const mapOne = async (map: MapRecord, record: JsonObject): Promise<Mapped> => {
  try {
    return await map(record);
  } catch (thrown) {
    return { faults: [{ path: '', message: `mapping failed: ${messageOf(thrown)}`, code: 'mapping' }] };
  }
};

// The same record without an identifier has the same name in every run, so that it is in quarantine once.
const nameless = (raw: JsonObject): string =>
  `unidentified-${createHash('sha256').update(JSON.stringify(raw)).digest('base64url').slice(0, 16)}`;

const isTombstone = (records: readonly IngestRecord[]): boolean => records.every(({ op }) => op === 'delete');

/** Maps a page. A record that appears twice counts as it was read last; `mostBytes` is what a batch can hold. */
export const mapPage = async (
  stream: Stream,
  page: readonly JsonObject[],
  map: MapRecord = (record) => stream.map(record),
  mostBytes = Infinity,
): Promise<MappedPage> => {
  const mapped = new Map<string, MappedRecord>();
  const rejected = new Map<string, RejectedRecord>();
  const others = new Set<string>();
  let cursor: Cursor | undefined;
  for (const raw of page) {
    cursor = laterCursor(cursor, stream.position(raw));
    const identity = stream.identity(raw);
    const externalId = identity ?? nameless(raw);
    const result = identity === undefined ? noIdentity(stream) : await mapOne(map, raw);
    mapped.delete(externalId);
    rejected.delete(externalId);
    others.delete(externalId);
    if (isRejection(result)) rejected.set(externalId, { ...result, externalId, raw });
    else if (result.length === 0) others.add(externalId);
    else {
      const { print, bytes } = fingerprint(result);
      if (bytes > mostBytes) rejected.set(externalId, { ...tooLarge(bytes, mostBytes), externalId, raw });
      else {
        const ends = isTombstone(result) || (stream.ends?.(raw) ?? false);
        mapped.set(externalId, { externalId, raw, records: result, print, bytes, ends });
      }
    }
  }
  return { mapped: [...mapped.values()], rejected: [...rejected.values()], others: [...others], cursor };
};

/**
 * Cuts a page into batches of at most `size` ingest records and about `bytes` bytes; records of one vendor record
 * stay together.
 */
export const cutBatches = (
  mapped: readonly MappedRecord[],
  size: number,
  bytes = Infinity,
): readonly (readonly MappedRecord[])[] => {
  const batches: MappedRecord[][] = [];
  let room = 0;
  let byteRoom = 0;
  for (const record of mapped) {
    if (record.records.length > room || record.bytes > byteRoom || batches.length === 0) {
      batches.push([]);
      room = size;
      byteRoom = bytes;
    }
    batches.at(-1)?.push(record);
    room -= record.records.length;
    byteRoom -= record.bytes;
  }
  return batches;
};
