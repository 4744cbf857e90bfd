import type { Fault, JsonObject } from '@quotebridge/platform/core';
import { ensureCollection, type Store } from '@quotebridge/platform/store';
import type { ResourceService, StoredResource, WriteContext } from '@quotebridge/tmf/resource';
import type { JobState } from './job-definitions';

const ERRORS = 'job_errors';
const MAX_ERRORS = 10_000;
const CONTEXT: WriteContext = { actor: 'job-worker', origin: 'event' };

/** Counts of a job while it runs and at its end. */
export interface Progress {
  read: number;
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
  exported: number;
}

/** A fresh set of counts. */
export const noProgress = (): Progress => ({
  read: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  rejected: 0,
  exported: 0,
});

/** Why a record of a file was not taken. */
export interface RecordError {
  readonly line: number;
  readonly faults: readonly Fault[];
}

/** State, progress and record errors of jobs. */
export class JobStore {
  private constructor(private readonly store: Store) {}

  static async open(store: Store): Promise<JobStore> {
    await ensureCollection(store, ERRORS, [{ keys: { job: 1, line: 1 } }]);
    return new JobStore(store);
  }

  /** The oldest job that is not finished, of one kind. One that was running when its process died is taken again. */
  next(service: ResourceService): Promise<StoredResource | null> {
    return service.repository.collection.findOne(
      { status: { $in: ['Not Started', 'Running'] } },
      { sort: { creationDate: 1 }, projection: { _outbox: 0 } },
    );
  }

  async move(service: ResourceService, id: string, status: JobState, more: JsonObject = {}): Promise<void> {
    await service.change(
      id,
      ({ _id, _rev, _at, _mod, _by, ...job }) => ({ ...(job as JsonObject), status, ...more }),
      CONTEXT,
    );
  }

  /** Shows progress without an event; the next state change carries the counts. */
  async progress(service: ResourceService, id: string, progress: Progress): Promise<void> {
    await service.repository.collection.updateOne({ _id: id }, [
      { $set: { progress: { $literal: { ...progress } }, _rev: { $add: ['$_rev', 1] } } },
    ]);
  }

  async errors(job: string, errors: readonly RecordError[]): Promise<void> {
    const kept = errors.filter(({ line }) => line <= Number.MAX_SAFE_INTEGER).slice(0, MAX_ERRORS);
    if (kept.length === 0) return;
    await this.store.collection(ERRORS).bulkWrite(
      kept.map(({ line, faults }) => ({
        replaceOne: {
          filter: { _id: `${job}/${line}` },
          replacement: { job, line, faults: [...faults] },
          upsert: true,
        },
      })),
      { ordered: false },
    );
  }

  /** The errors of a job from a line on, in order. */
  async listErrors(job: string, afterLine: number, limit: number): Promise<RecordError[]> {
    const found = await this.store
      .collection(ERRORS)
      .find({ job, line: { $gt: afterLine } })
      .sort({ line: 1 })
      .limit(limit)
      .toArray();
    return found.map((error) => ({ line: error['line'] as number, faults: error['faults'] as Fault[] }));
  }
}
