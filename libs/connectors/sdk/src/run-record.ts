import type { Fault } from '@quotebridge/platform/core';
import type { RecordOutcome } from '@quotebridge/platform/events';
import type { Cursor } from './cursor';

/** What started a run. `catchUp`: one that was due while nobody ran, or was cut off. */
export type RunTrigger = 'schedule' | 'catchUp' | 'manual' | 'replay' | 'push';

/**
 * `delta` reads from the checkpoint; `compare` reads everything and publishes what differs from what was published
 * before; `full` reads everything and publishes all of it, whatever was known.
 */
export type RunMode = 'delta' | 'compare' | 'full';

/**
 * Counts of a run. `read` counts records of the outside system, `missing` those that it no longer has and that are
 * only reported; the others count ingest records and rejections.
 */
export interface RunCounts {
  read: number;
  created: number;
  updated: number;
  unchanged: number;
  deleted: number;
  rejected: number;
  missing: number;
}

/** A record named in a run's story. */
export interface NamedRecord {
  readonly externalId: string;
  readonly faults: readonly Fault[];
}

/** The story of one run of one stream. */
export interface RunRecord {
  readonly _id: string;
  readonly instance: string;
  readonly stream: string;
  readonly trigger: RunTrigger;
  /** Who asked for it, when a person or a message did. */
  readonly by?: string;
  /** The process that has it: its host, and a name that is new at every start. */
  readonly process?: string;
  readonly mode: RunMode;
  /** A dry run tells what would happen; its counts are of that. */
  readonly dryRun?: true;
  /**
   * `queued`: waits until those before it are done. `skipped`: another process runs the stream, or one that comes
   * before it did not succeed; see `error`. `interrupted`: the process
   * ended; the next run continues. `paused`: the budget of calls is spent or the system asked for quiet; see `resumesAt`.
   */
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'interrupted' | 'skipped' | 'paused';
  /** While it is queued, the time at which it was asked for. */
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly durationMs: number;
  readonly counts: RunCounts;
  readonly checkpoint?: Cursor;
  /** Why everything was read although a delta was asked for. */
  readonly comparedBecause?: string;
  /** The first records that were (or would be) rejected or are missing. */
  readonly named?: readonly NamedRecord[];
  readonly resumesAt?: string;
  /** The span of the run (W3C Trace Context): leads from here to what the run did, where traces are collected. */
  readonly traceparent?: string;
  readonly error?: string;
}

/** Nothing counted yet. */
export const noCounts = (): RunCounts => ({
  read: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  rejected: 0,
  missing: 0,
});

/** Adds the outcomes of a batch. */
export const countOutcomes = (counts: RunCounts, outcomes: readonly RecordOutcome[]): void => {
  for (const { status } of outcomes) counts[status] += 1;
};
