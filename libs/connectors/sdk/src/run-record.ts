import type { RecordOutcome } from '@quotebridge/platform/events';
import type { Cursor } from './cursor';

/** What started a run. */
export type RunTrigger = 'schedule' | 'manual' | 'replay' | 'push';

/** `delta` reads from the checkpoint, `full` reads everything again and publishes also what looks unchanged. */
export type RunMode = 'delta' | 'full';

/** Counts of a run. `read` counts records of the outside system, the others ingest records and rejections. */
export interface RunCounts {
  read: number;
  created: number;
  updated: number;
  unchanged: number;
  deleted: number;
  rejected: number;
}

/** The story of one run of one stream. */
export interface RunRecord {
  readonly _id: string;
  readonly instance: string;
  readonly stream: string;
  readonly trigger: RunTrigger;
  readonly mode: RunMode;
  /** `skipped`: another process runs the stream. `interrupted`: the process ended; the next run continues. */
  readonly state: 'running' | 'succeeded' | 'failed' | 'interrupted' | 'skipped';
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly counts: RunCounts;
  readonly checkpoint?: Cursor;
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
});

/** Adds the outcomes of a batch. */
export const countOutcomes = (counts: RunCounts, outcomes: readonly RecordOutcome[]): void => {
  for (const { status } of outcomes) counts[status] += 1;
};
