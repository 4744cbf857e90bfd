import type { Clock } from '@quotebridge/platform/core';
import type { ResourceService, StoredResource } from '@quotebridge/tmf/resource';
import { versionOfJob } from './export-filter';
import { formatOf } from './format';
import { readyRecord, type ImportFrame, type ReadyRecord } from './import-record';
import { applyWindow, type Outcome } from './import-window';
import { JobInterrupted, progressOf, type JobStore, type Progress } from './job-store';
import type { JobPlaces } from './places';
import { readRecords, type FileRecord } from './record-reader';
import { targetOf, textAttributes } from './target';

const WINDOW = 250;

/** What an import works with. */
export interface ImportDependencies {
  readonly jobs: JobStore;
  readonly places: JobPlaces;
  readonly clock: Clock;
  readonly service: (resource: string) => ResourceService;
}

/** Groups of one resource in which no id occurs twice, in the order of the file. */
const groupsOf = (records: readonly ReadyRecord[]): ReadyRecord[][] => {
  const groups: ReadyRecord[][] = [];
  let ids = new Set<string>();
  for (const record of records) {
    const group = groups[groups.length - 1];
    if (group && group[0]?.target === record.target && !ids.has(record.id)) group.push(record);
    else {
      groups.push([record]);
      ids = new Set();
    }
    ids.add(record.id);
  }
  return groups;
};

/** Runs an import from its file to its counts. Throws when the file cannot be read; wrong records only count. */
export const runImport = async (
  job: StoredResource,
  deps: ImportDependencies,
  isStopping: () => boolean,
): Promise<Progress> => {
  const frame: ImportFrame = {
    job: job._id,
    path: job['path'],
    version: versionOfJob(job),
    clock: deps.clock,
    service: deps.service,
  };
  const source = `importJob:${job._id}`;
  const progress = progressOf(job);
  // A job that was interrupted has counted so many records; they are read again but not taken again.
  let skip = progress.read;
  let window: FileRecord[] = [];

  const flush = async (): Promise<void> => {
    const ready: ReadyRecord[] = [];
    const outcomes: Outcome[] = [];
    for (const record of window) {
      const result = readyRecord(record, frame);
      if ('faults' in result) outcomes.push({ ...result, status: 'rejected' });
      else ready.push(result);
    }
    for (const group of groupsOf(ready)) {
      const [first] = group;
      if (first) outcomes.push(...(await applyWindow(deps.service(first.target), source, group)));
    }
    for (const { status } of outcomes) progress[status] += 1;
    progress.read += window.length;
    window = [];
    await deps.jobs.errors(
      job._id,
      outcomes.flatMap(({ line, faults }) => (faults ? [{ line, faults }] : [])),
    );
    await deps.jobs.progress(deps.service('importJob'), job._id, progress);
  };

  const file = await deps.places.read(String(job['url']));
  try {
    const isText = textAttributes(targetOf(job['path']) ?? 'productOffering');
    for await (const record of readRecords(file, formatOf(job) ?? 'ndjson', isText)) {
      if (isStopping()) throw new JobInterrupted();
      if (skip > 0) skip -= 1;
      else window.push(record);
      if (window.length >= WINDOW) await flush();
    }
    await flush();
  } catch (thrown) {
    // What was read before the file broke off counts.
    if (!(thrown instanceof JobInterrupted) && window.length > 0 && !isStopping()) await flush();
    throw thrown;
  } finally {
    file.destroy();
  }
  return progress;
};
