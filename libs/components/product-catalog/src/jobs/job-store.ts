import type { Fault, JsonObject } from '@quotebridge/platform/core';
import { ensureCollection, type ClientSession, type Store } from '@quotebridge/platform/store';
import type { ResourceService, StoredResource, WriteContext } from '@quotebridge/tmf/resource';
import type { JobState } from './job-states';

const ERRORS = 'job_errors';
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

/** The counts that a job has reached; a fresh set for a new one. */
export const progressOf = (job: StoredResource): Progress => ({
  ...NONE,
  ...(job['progress'] as Partial<Progress>),
});

const NONE: Progress = {
  read: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  rejected: 0,
  exported: 0,
};

/** Why a record of a file was not taken. */
export interface RecordError {
  readonly line: number;
  readonly faults: readonly Fault[];
}

/** The job was deleted while it ran: there is nobody left to tell. */
export class JobRemoved extends Error {}

/** The process ends while a job runs: it is taken again at the next start, nothing is counted twice. */
export class JobInterrupted extends Error {}

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

  /** Shows progress without an event; the next state change carries the counts. Throws when the job was removed. */
  async progress(service: ResourceService, id: string, progress: Progress): Promise<void> {
    const { matchedCount } = await service.repository.collection.updateOne({ _id: id }, [
      { $set: { progress: { $literal: { ...progress } }, _rev: { $add: ['$_rev', 1] } } },
    ]);
    if (matchedCount === 0) throw new JobRemoved();
  }

  async errors(job: string, errors: readonly RecordError[]): Promise<void> {
    if (errors.length === 0) return;
    await this.store.collection(ERRORS).bulkWrite(
      errors.map(({ line, faults }) => ({
        replaceOne: {
          filter: { _id: `${job}/${line}` },
          replacement: { job, line, faults: [...faults] },
          upsert: true,
        },
      })),
      { ordered: false },
    );
  }

  /** Forgets the errors of a job. */
  async forget(job: string, session: ClientSession | undefined): Promise<void> {
    await this.store.collection(ERRORS).deleteMany({ job }, session ? { session } : {});
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
