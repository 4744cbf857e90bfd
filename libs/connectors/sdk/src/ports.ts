import type { Fault, Json, JsonObject } from '@quotebridge/platform/core';
import type { CallBudget, RateLimits } from '@quotebridge/platform/resilience';
import type { Cursor } from './cursor';
import type { RunRecord } from './run-record';

/** Where streams continue. */
export interface Checkpoints {
  load(stream: string): Promise<Cursor | undefined>;
  save(stream: string, cursor: Cursor): Promise<void>;
  /** Whether the stream has to be read completely, because a complete read began and did not end. */
  mustCompare(stream: string): Promise<boolean>;
  setMustCompare(stream: string, must: boolean): Promise<void>;
}

/** A part of a list; `next` leads to the part after it. */
export interface Listed<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** Which part of a list is wanted. */
export interface ListOrder {
  readonly stream?: string;
  /**
   * `begun`: only runs that have begun. `decided`: only those that tell whether the stream can be read, because they succeeded or
   * failed. Dry runs are neither.
   */
  readonly only?: 'begun' | 'decided';
  readonly limit: number;
  /** `next` of the part before. */
  readonly after?: string;
}

/** The history of runs. */
export interface Runs {
  put(record: RunRecord): Promise<void>;
  /** Marks runs of the stream that a dead process left behind. The caller holds the stream's lease. */
  interruptOthers(stream: string, except: string, at: string): Promise<void>;
  /** Processes whose runs have not all ended. */
  openProcesses(): Promise<readonly string[]>;
  /** Marks the runs of a dead process that have not ended. */
  interruptOf(process: string, at: string): Promise<void>;
  get(run: string): Promise<RunRecord | undefined>;
  /** The latest run of the stream that went well. */
  lastSuccess(stream: string): Promise<RunRecord | undefined>;
  /** Newest first. */
  list(order: ListOrder): Promise<Listed<RunRecord>>;
}

/** A fault with the value it is about, cut when long: of the vendor's record or of the resource it became. */
export interface ValuedFault extends Fault {
  readonly of?: 'record' | 'resource';
  readonly value?: Json;
}

/** A record that was not accepted, kept whole so that it can be tried again. */
export interface Quarantined {
  readonly stream: string;
  readonly externalId: string;
  readonly record: JsonObject;
  readonly faults: readonly ValuedFault[];
  readonly run: string;
  readonly at: string;
  /** The outside system no longer has the record; what could not be done is its deletion. */
  readonly missing?: true;
  /** Who corrected the record by hand, and when. */
  readonly corrected?: { readonly by: string; readonly at: string };
}

/** The quarantine: one entry per stream and external id, the newest reason. */
export interface Quarantine {
  put(entries: readonly Quarantined[]): Promise<void>;
  /** Removes entries: their record has been accepted since, or somebody discards them. Returns how many there were. */
  resolve(stream: string, externalIds: readonly string[]): Promise<number>;
  get(stream: string, externalId: string): Promise<Quarantined | undefined>;
  list(order: ListOrder): Promise<Listed<Quarantined>>;
  count(stream: string): Promise<number>;
  /** Replaces the record of an entry; false when there is none. */
  correct(stream: string, externalId: string, record: JsonObject, by: string): Promise<boolean>;
  /** All entries of a stream, or only some, page by page. */
  pages(stream: string, size: number, only?: readonly string[]): AsyncIterable<readonly Quarantined[]>;
}

/** What was last accepted of a record: a text that changes with it, and the ids of the resources it became. */
export interface Fingerprint {
  readonly externalId: string;
  readonly print: string;
  readonly ids: readonly string[];
}

/** Recognises the overlap window and the echo of our own writes, and leads from a resource back to its record. */
export interface Fingerprints {
  /** What is known of these records; the print of one that is only announced is empty. */
  load(stream: string, externalIds: readonly string[]): Promise<ReadonlyMap<string, Fingerprint>>;
  save(stream: string, prints: readonly Fingerprint[]): Promise<void>;
  /**
   * Notes which resources records are about to become, before anybody can see those: an order for one may come as
   * soon as it is published. What is known already stays as it is.
   */
  announce(run: string, stream: string, coming: readonly Fingerprint[]): Promise<void>;
  /** Makes what this run announced count, where it became just that; one write, however many they are. */
  confirm(run: string, stream: string, prints: readonly Fingerprint[]): Promise<void>;
  /** Forgets records whose resources are deleted. */
  forget(stream: string, externalIds: readonly string[]): Promise<void>;
  /** What a resource that was published is called outside, by this instance unless another one is named. */
  externalIdOf(resourceId: string, instance?: string): Promise<string | undefined>;
  /** Notes what a complete read has seen. */
  see(run: string, stream: string, externalIds: readonly string[]): Promise<void>;
  /** What was published and not seen by the run, page by page; the run's notes are gone afterwards. */
  unseen(run: string, stream: string, size: number): AsyncIterable<readonly Fingerprint[]>;
}

/** How far an action has come for one key. `idle`: the last send certainly had no effect. */
export interface JournalEntry {
  readonly state: 'sending' | 'sent' | 'done' | 'refused' | 'idle';
  /** Epoch milliseconds of the last send. */
  readonly sentAtMs: number;
  readonly eventTime: string;
  readonly eventId: string;
  readonly effect?: JsonObject;
  /** What was asked for, where the action tells it. */
  readonly asked?: string;
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

/** What is not as it should be with one record, until it is: nothing failed, and somebody has to look at it. */
export interface Concern {
  /** A word for what it is; a label of a metric. */
  readonly what: string;
  /** The record in the outside system. */
  readonly key: string;
  readonly message: string;
  /** Since when (date-time). */
  readonly at: string;
}

/** What there is to be told of single records at the moment. */
export interface ConcernBook {
  /** What is told of a record; undefined when it is as it should be. */
  message(what: string, key: string): Promise<string | undefined>;
  put(concern: Concern): Promise<void>;
  remove(what: string, key: string): Promise<void>;
  /** How many records there are, by what it is. */
  counts(): Promise<ReadonlyMap<string, number>>;
  /** The latest first. */
  list(order: Pick<ListOrder, 'limit' | 'after'>): Promise<Listed<Concern>>;
}

/** Computed ids whose resource was found by a natural key and has another id. */
export interface Aliases {
  /** Those of the ids that are aliases, with what they stand for. */
  of(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  save(pairs: ReadonlyMap<string, string>): Promise<void>;
}

/** How much of the budget of calls is gone. Slices that processes have taken and not used yet count as used. */
export interface BudgetUsage {
  readonly usedToday: number;
}

/** The right to do something that one process does at a time. */
export interface WorkLease {
  /** True while this process may act on it. */
  readonly held: boolean;
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
  readonly concerns: ConcernBook;
  readonly aliases: Aliases;
  /** The instance's budget of calls, shared by its processes. */
  budget(limits: RateLimits): CallBudget;
  budgetUsage(): Promise<BudgetUsage>;
  lease(name: string, holder: string, ttlMs: number): WorkLease;
  /** Who holds leases whose names begin like this; sorted. */
  leaseHolders(beginning: string): Promise<readonly string[]>;
}
