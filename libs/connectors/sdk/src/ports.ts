import type { Fault, JsonObject } from '@quotebridge/platform/core';
import type { Cursor } from './cursor';
import type { RunRecord } from './run-record';

/** Where streams continue. */
export interface Checkpoints {
  load(stream: string): Promise<Cursor | undefined>;
  save(stream: string, cursor: Cursor): Promise<void>;
}

/** The history of runs. */
export interface Runs {
  put(record: RunRecord): Promise<void>;
  /** Marks runs of the stream that a dead process left behind. The caller holds the stream's lease. */
  interruptOthers(stream: string, except: string, at: string): Promise<void>;
  get(run: string): Promise<RunRecord | undefined>;
  /** Newest first. */
  list(stream: string | undefined, limit: number): Promise<readonly RunRecord[]>;
}

/** A record that was not accepted, kept whole so that it can be tried again. */
export interface Quarantined {
  readonly stream: string;
  readonly externalId: string;
  readonly record: JsonObject;
  readonly faults: readonly Fault[];
  readonly run: string;
  readonly at: string;
}

/** The quarantine: one entry per stream and external id, the newest reason. */
export interface Quarantine {
  put(entries: readonly Quarantined[]): Promise<void>;
  /** Removes entries whose record has been accepted since. */
  resolve(stream: string, externalIds: readonly string[]): Promise<void>;
  list(stream: string | undefined, limit: number): Promise<readonly Quarantined[]>;
  /** All entries of a stream, page by page. */
  pages(stream: string, size: number): AsyncIterable<readonly JsonObject[]>;
}

/** What was last accepted of a record: a text that changes with it, and the ids of the resources it became. */
export interface Fingerprint {
  readonly externalId: string;
  readonly print: string;
  readonly ids: readonly string[];
}

/** Recognises the overlap window and the echo of our own writes, and leads from a resource back to its record. */
export interface Fingerprints {
  load(stream: string, externalIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  save(stream: string, prints: readonly Fingerprint[]): Promise<void>;
  externalIdOf(resourceId: string): Promise<string | undefined>;
}

/** How far an action has come for one key. `idle`: the last send certainly had no effect. */
export interface JournalEntry {
  readonly state: 'sending' | 'sent' | 'done' | 'refused' | 'idle';
  /** Epoch milliseconds of the last send. */
  readonly sentAtMs: number;
  readonly eventTime: string;
  readonly eventId: string;
  readonly effect?: JsonObject;
}

/** Remembers sends before they happen, so that a crash between send and answer is known afterwards. */
export interface ActionJournal {
  get(action: string, key: string): Promise<JournalEntry | undefined>;
  /** Notes a send about to happen; false when another process noted one after `staleBeforeMs`. */
  begin(action: string, key: string, entry: JournalEntry, staleBeforeMs: number): Promise<boolean>;
  put(action: string, key: string, entry: JournalEntry): Promise<void>;
}

/** A note of a connector under a key. */
export interface Note {
  readonly key: string;
  readonly value: JsonObject;
}

/** A connector's own memory, shared by its replicas: files that were read, ids of messages that were seen. */
export interface Notes {
  get(kind: string, key: string): Promise<JsonObject | undefined>;
  /** Writes or replaces notes; with `untilMs` (epoch) they are forgotten some time after. */
  put(kind: string, notes: readonly Note[], untilMs?: number): Promise<void>;
  /** All notes of a kind in the order of their keys, page by page. */
  pages(kind: string, size: number): AsyncIterable<readonly Note[]>;
  clear(kind: string): Promise<void>;
}

/** The right to run one stream. */
export interface StreamLease {
  acquire(): Promise<boolean>;
  release(): Promise<void>;
}

/** Everything an instance keeps. */
export interface ConnectorStores {
  readonly checkpoints: Checkpoints;
  readonly runs: Runs;
  readonly quarantine: Quarantine;
  readonly fingerprints: Fingerprints;
  readonly journal: ActionJournal;
  readonly notes: Notes;
  lease(stream: string, holder: string, ttlMs: number): StreamLease;
}
