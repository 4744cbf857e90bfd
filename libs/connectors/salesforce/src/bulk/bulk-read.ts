import type { Clock } from '@quotebridge/platform/core';
import { textAt, type Notes, type ReadProgress, type StreamPage } from '@quotebridge/connectors/sdk';
import { selectOf, type Fields } from '../fields';
import { BulkJobLost, type BulkJob, type BulkJobs } from './bulk-jobs';
import { csvRecords, TornPage } from './csv-rows';

const KIND = 'bulk';
/** The org keeps a job for that long. */
const KEPT_MS = 7 * 24 * 3600 * 1000;
/** Jobs, or readings of a page, that may be lost before somebody has to look. */
const MOST_LOST = 3;

/** What a bulk read needs. */
export interface BulkDeps {
  readonly jobs: BulkJobs;
  readonly notes: Notes;
  readonly clock: Clock;
}

/** What is read: all records of an object, for a stream. */
export interface BulkOrder {
  readonly stream: string;
  readonly object: string;
  readonly fields: Fields;
}

interface Place extends BulkJob {
  readonly locator?: string;
}

/** Where the first load of a stream was when it was cut off. */
class Bookmark {
  constructor(
    private readonly deps: BulkDeps,
    private readonly stream: string,
    private readonly query: string,
    /** Only a first load may go on with what is as of earlier, and a dry run leaves nothing behind. */
    private readonly isKept: boolean,
  ) {}

  async load(): Promise<Place | undefined> {
    const note = this.isKept ? ((await this.deps.notes.get(KIND, this.stream)) ?? {}) : {};
    const [id, createdAt, locator] = ['job', 'createdAt', 'locator'].map((name) => textAt(note, name));
    if (id === undefined || createdAt === undefined || note['query'] !== this.query) return undefined;
    return { id, createdAt, ...(locator === undefined ? {} : { locator }) };
  }

  async save({ id: job, createdAt, locator }: Place): Promise<void> {
    const value = { query: this.query, job, createdAt, ...(locator === undefined ? {} : { locator }) };
    await this.put(value, KEPT_MS);
  }

  async clear(): Promise<void> {
    await this.put({}, 0);
  }

  private async put(value: Record<string, string>, keptMs: number): Promise<void> {
    const { notes, clock } = this.deps;
    if (this.isKept) await notes.put(KIND, [{ key: this.stream, value }], clock.now() + keptMs);
  }
}

/**
 * All records of an object by a bulk job, page by page in bounded memory. A first load that was cut off goes on with
 * its job behind the last page that was settled; a job that fails, is aborted or forgotten is replaced by another, and
 * what comes twice is recognised as unchanged.
 */
export async function* bulkRecords(
  deps: BulkDeps,
  { stream, object, fields }: BulkOrder,
  signal: AbortSignal,
  progress: ReadProgress,
): AsyncGenerator<StreamPage> {
  const { jobs } = deps;
  const query = selectOf(object, fields);
  const bookmark = new Bookmark(deps, stream, query, progress.isFirst && !progress.dryRun);
  let place = await bookmark.load();
  for (let lost = 1; ; lost += 1) {
    try {
      if (place === undefined) {
        place = await jobs.create(query);
        await bookmark.save(place);
      }
      const { id, createdAt }: BulkJob = place;
      await jobs.completed(id, signal);
      for (;;) {
        signal.throwIfAborted();
        const { text, count, next } = await jobs.page(id, place.locator);
        for await (const records of csvRecords(text, fields, count)) yield { records, asOf: createdAt };
        if (next === undefined) break;
        place = { id, createdAt, locator: next };
        await progress.settled();
        await bookmark.save(place);
      }
      await bookmark.clear();
      await jobs.remove(id);
      return;
    } catch (thrown) {
      const isTorn = thrown instanceof TornPage;
      if (!isTorn && !(thrown instanceof BulkJobLost)) throw thrown;
      if (lost >= MOST_LOST)
        throw new Error(`${object} cannot be read by a bulk job: ${thrown.message}; ${lost} tries`, {
          cause: thrown,
        });
      if (!isTorn) place = undefined;
    }
  }
}
