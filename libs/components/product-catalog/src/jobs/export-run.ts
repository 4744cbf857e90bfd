import type { Json, JsonObject } from '@quotebridge/platform/core';
import type { Filter } from '@quotebridge/platform/store';
import { matchAll, parseListQuery, toMongoFilter } from '@quotebridge/tmf/query';
import { bindingOf, type ResourceService, type StoredResource } from '@quotebridge/tmf/resource';
import { fieldAt, type ApiVersion } from '@quotebridge/tmf-specs';
import { stringify } from 'csv-stringify/sync';
import { formatOf, MEDIA_TYPE, type Format } from './format';
import { noProgress, type JobStore, type Progress } from './job-store';
import type { JobPlaces } from './places';
import { JobInterrupted } from './import-run';
import { targetOf } from './target';

const REPORT_EVERY = 1_000;

/** What an export works with. */
export interface ExportDependencies {
  readonly jobs: JobStore;
  readonly places: JobPlaces;
  readonly service: (resource: string) => ResourceService;
}

const filterOf = (job: StoredResource, service: ResourceService): Filter<StoredResource> => {
  const { schemas } = bindingOf(service.definition, 'v5');
  const parsed = parseListQuery(String(job['query'] ?? ''), {
    resolve: (path) => {
      if (path === 'id') return { storagePath: '_id', kind: 'string' };
      const field = fieldAt('TMF620', 'v5', schemas.response, path);
      return field && { storagePath: path, kind: field.kind };
    },
  });
  if (!parsed.ok) throw new Error(`its query cannot be read: ${parsed.error[0]?.message ?? ''}`);
  return (
    parsed.value.filter === matchAll ? {} : toMongoFilter(parsed.value.filter)
  );
};

const text = (value: Json | undefined): string => {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

/** Turns resources into the text of a file, piece by piece. CSV has a column for each attribute of the model. */
class FileWriter {
  private first = true;

  constructor(
    private readonly format: Format,
    private readonly columns: readonly string[],
  ) {}

  start(): string {
    if (this.format === 'json') return '[';
    return this.format === 'csv' ? stringify([[...this.columns]]) : '';
  }

  record(resource: JsonObject): string {
    const comma = this.first ? '\n' : ',\n';
    this.first = false;
    if (this.format === 'json') return `${comma}${JSON.stringify(resource)}`;
    if (this.format === 'ndjson') return `${JSON.stringify(resource)}\n`;
    return stringify([this.columns.map((column) => text(resource[column]))]);
  }

  end(): string {
    return this.format === 'json' ? '\n]\n' : '';
  }
}

/** Writes what the job's query selects to its url, one resource at a time. Throws when the target cannot be written. */
export const runExport = async (
  job: StoredResource,
  deps: ExportDependencies,
  isStopping: () => boolean,
): Promise<Progress> => {
  const service = deps.service(targetOf(job['path']) ?? 'productOffering');
  const version: ApiVersion = /\/v4\//.test(String(job['path'] ?? '')) ? 'v4' : 'v5';
  const { mapper } = bindingOf(service.definition, version);
  const format = formatOf(job as JsonObject) ?? 'ndjson';
  const progress = noProgress();
  const filter = filterOf(job, service);
  const { collection } = service.repository;

  const columns = format === 'csv' ? await columnsOf(service, filter) : [];
  const writer = new FileWriter(format, columns);
  const jobs = deps.service('exportJob');

  async function* content(): AsyncGenerator<string> {
    yield writer.start();
    for await (const stored of collection
      .find(filter, { projection: { _outbox: 0 }, batchSize: 500 })
      .sort({ _id: 1 })) {
      if (isStopping()) throw new JobInterrupted();
      const view = service.view(stored);
      yield writer.record(mapper ? mapper.fromStored(view) : view);
      progress.exported += 1;
      if (progress.exported % REPORT_EVERY === 0) await deps.jobs.progress(jobs, job._id, progress);
    }
    yield writer.end();
  }

  await deps.places.write(String(job['url']), MEDIA_TYPE[format], content());
  return progress;
};

/** Every attribute that occurs among the selected resources, counted by the store: the header of a CSV file. */
const columnsOf = async (service: ResourceService, filter: Filter<StoredResource>): Promise<string[]> => {
  const names = await service.repository.collection
    .aggregate<{ _id: string }>([
      { $match: filter },
      { $project: { names: { $map: { input: { $objectToArray: '$$ROOT' }, in: '$$this.k' } } } },
      { $unwind: '$names' },
      { $group: { _id: '$names' } },
      { $sort: { _id: 1 } },
    ])
    .toArray();
  return ['id', ...names.map(({ _id }) => _id).filter((name) => !name.startsWith('_'))];
};
