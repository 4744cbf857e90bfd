import type { Fault, JsonObject } from '@quotebridge/platform/core';
import type { ConflictRule, IngestRecord, NaturalKey } from '@quotebridge/platform/events';
import type { Cursor } from './cursor';
import type { RunMode } from './run-record';

/** Why a record of the outside system cannot become a TMF resource. Paths are JSON Pointers into that record. */
export interface Rejection {
  readonly faults: readonly Fault[];
}

/** True for a {@link Rejection}. */
export const isRejection = (mapped: readonly IngestRecord[] | Rejection): mapped is Rejection =>
  'faults' in mapped;

/**
 * Records of one answer. `token` is the system's own mark of the place behind them (a delta token); a reader that
 * gives one gets it back in the checkpoint. `asOf` (date-time) tells that they are as of before the run began (an
 * export that an earlier run asked for): what has changed since is still to be read.
 */
export type StreamPage =
  | readonly JsonObject[]
  | { readonly records: readonly JsonObject[]; readonly token?: string; readonly asOf?: string };

/** How far a run has come, for streams that know more of their source than a time: tokens, files with offsets. */
export interface ReadProgress {
  /** The stored checkpoint itself, without the overlap; absent on a first or a complete read. */
  readonly checkpoint?: Cursor;
  /** Nothing was read to its end before: a bulk read that was cut off may go on where it was. */
  readonly isFirst: boolean;
  /** When the run began (date-time); no place that is noted is behind it. */
  readonly startedAt: string;
  /** Nothing may be changed, neither here nor in the outside system. */
  readonly dryRun: boolean;
  /**
   * Resolves when the fate of every record given so far is known and the checkpoint has passed them; rejects when the
   * run has failed. Only then may a source be put away.
   */
  settled(): Promise<void>;
}

/** What became of one record that was read. No faults: accepted, or known and unchanged. */
export interface SettledRecord {
  readonly externalId: string;
  readonly raw: JsonObject;
  readonly faults: readonly Fault[];
}

/**
 * A reader throws this when the system no longer knows the place where a delta is to begin (an expired delta token):
 * everything is read and compared instead.
 */
export class CursorExpired extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CursorExpired';
  }
}

/** Something a connector reads: one kind of record that becomes one kind of TMF resource. */
export interface Stream {
  /** Short name, unique in the connector: `productOfferings`. */
  readonly name: string;
  readonly title: string;
  /** The vendor's entity, for people: `A_Product`. */
  readonly entity: string;
  /** The TMF resource that the records are published as: `productOffering`. */
  readonly resource: string;
  /** How far before the checkpoint a delta begins, milliseconds: longer than a commit is late and clocks differ. */
  readonly overlapMs: number;
  /** How it is read when nobody says otherwise; `delta` unless given, `compare` for what has no time of change. */
  readonly mode?: RunMode;
  /**
   * What happens with a published record that a complete read (`full` or `compare`) no longer finds: it is deleted,
   * or counted and named in the run's record. Nothing unless given.
   */
  readonly missing?: 'delete' | 'report';
  /**
   * Its pages are counted (page numbers, offsets): when a record on a page that was read goes away, another one slips past the
   * reading. So what a complete read does not find is looked for once more before it counts as missing.
   */
  readonly slips?: true;
  /** What makes a record the same thing as a resource of another identifier. */
  readonly naturalKeys?: readonly NaturalKey[];
  /** Who wins against somebody else's change; the last record unless given. */
  readonly conflict?: ConflictRule;
  /** Attributes that the component keeps once the resource exists; see `IngestBatch.ownedHere`. */
  readonly ownedHere?: readonly string[];
  /** Attributes that vanish from a resource when its record no longer has them; see `IngestBatch.ownedThere`. */
  readonly ownedThere?: readonly string[];
  /** Records as the system gives them, made up: mapping overrides are tried on them at start. */
  readonly samples?: readonly JsonObject[];
  /**
   * Pure. A record as the source has it, typed by somebody, in the form that is read here; `instead` is the quarantined
   * one whose place it takes. Undefined where nothing can take that place. Only of streams whose forms differ.
   */
  asRead?(given: JsonObject, instead?: JsonObject): JsonObject | undefined;
  /** Pure. The other way round: what the source has, into which the paths of faults point. */
  asGiven?(record: JsonObject): JsonObject;
  /** The record's identifier in the outside system; undefined when it lacks one. */
  identity(record: JsonObject): string | undefined;
  /** The record's place in the order of reading; undefined when it lacks a usable time of change. */
  position(record: JsonObject): Cursor | undefined;
  /**
   * Pages of records changed at or after `from` (all when absent), ordered by position. At most one page is held at
   * a time; stops when the signal aborts. Throws {@link CursorExpired} when the system cannot go on from there.
   */
  read(from: string | undefined, signal: AbortSignal, progress: ReadProgress): AsyncIterable<StreamPage>;
  /** Pages of all records in any order, where the system has a faster way for that (a bulk export). */
  readAll?(signal: AbortSignal, progress: ReadProgress): AsyncIterable<StreamPage>;
  /**
   * Told what became of the records of a run, before the checkpoint passes them. After a crash the same records may
   * be told again; a rejection of the promise fails the run. Replays are not told.
   */
  settled?(records: readonly SettledRecord[]): Promise<void>;
  /**
   * Pure: true when the record only ends something, for example a material marked for deletion. Such a record is
   * published only if it has been published before: what nobody knew need not be ended. A record that maps to
   * nothing but `delete` (a tombstone) is one by itself.
   */
  ends?(record: JsonObject): boolean;
  /** Pure. An empty list means that the record is none of our business. */
  map(record: JsonObject): readonly IngestRecord[] | Rejection;
}
