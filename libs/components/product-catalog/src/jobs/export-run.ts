import type { JsonObject } from '@quotebridge/platform/core';
import { bindingOf, type ResourceService, type StoredResource } from '@quotebridge/tmf/resource';
import type { Filter } from '@quotebridge/platform/store';
import { confidentialNames } from '../confidential';
import { exportFilter, versionOfJob } from './export-filter';
import { FileWriter } from './file-writer';
import { formatOf, MEDIA_TYPE } from './format';
import { JobInterrupted, progressOf, type JobStore, type Progress } from './job-store';
import type { JobPlaces } from './places';
import { targetOf, textAttributes } from './target';

const REPORT_EVERY = 1_000;
const PIECE = 64 * 1024;

/** What an export works with. */
export interface ExportDependencies {
  readonly jobs: JobStore;
  readonly places: JobPlaces;
  readonly service: (resource: string) => ResourceService;
}

/** Writes what the job's query selects to its url, one resource at a time. Throws when the target cannot be written. */
export const runExport = async (
  job: StoredResource,
  deps: ExportDependencies,
  isStopping: () => boolean,
): Promise<Progress> => {
  const target = targetOf(job['path']) ?? 'productOffering';
  const service = deps.service(target);
  const version = versionOfJob(job);
  const { mapper } = bindingOf(service.definition, version);
  const format = formatOf(job) ?? 'ndjson';
  // An export that was interrupted writes its file from the start.
  const progress: Progress = { ...progressOf(job), exported: 0 };
  const filter = exportFilter(job, service) as Filter<StoredResource>;
  const { collection } = service.repository;
  const columns = format === 'csv' ? await columnsOf(service, filter, mapper?.fromStored) : [];
  const writer = new FileWriter(format, columns, textAttributes(target));
  const jobs = deps.service('exportJob');

  async function* content(): AsyncGenerator<string> {
    let piece = writer.start();
    const found = collection.find(filter, { projection: { _outbox: 0 }, batchSize: 500 }).sort({ _id: 1 });
    for await (const stored of found) {
      if (isStopping()) throw new JobInterrupted();
      const view = service.view(stored);
      piece += writer.record(mapper ? mapper.fromStored(view) : view);
      progress.exported += 1;
      if (progress.exported % REPORT_EVERY === 0) await deps.jobs.progress(jobs, job._id, progress);
      if (piece.length < PIECE) continue;
      yield piece;
      piece = '';
    }
    yield piece + writer.end();
  }

  await deps.places.write(String(job['url']), MEDIA_TYPE[format], content());
  return progress;
};

/** Every attribute that occurs among the selected resources, counted by the store: the header of a CSV file. */
const columnsOf = async (
  service: ResourceService,
  filter: Filter<StoredResource>,
  shown: ((view: JsonObject) => JsonObject) | undefined,
): Promise<string[]> => {
  const names = await service.repository.collection
    .aggregate<{ _id: string }>([
      { $match: filter },
      { $project: { names: { $map: { input: { $objectToArray: '$$ROOT' }, in: '$$this.k' } } } },
      { $unwind: '$names' },
      { $group: { _id: '$names' } },
      { $sort: { _id: 1 } },
    ])
    .toArray();
  const hidden = confidentialNames(service.definition.name);
  const own = names.map(({ _id }) => _id).filter((name) => !name.startsWith('_') && !hidden.includes(name));
  // A version renames attributes; a name that it does not have stays an empty column.
  const renamed = shown ? own.flatMap((name) => Object.keys(shown({ [name]: {} }))) : own;
  return [...new Set(['id', 'href', ...own, ...renamed])];
};
