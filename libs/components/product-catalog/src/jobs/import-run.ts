import { isoNow, stableId, type Clock, type Fault, type JsonObject } from '@quotebridge/platform/core';
import type { RecordOutcome } from '@quotebridge/platform/events';
import {
  bindingOf,
  RecordApplier,
  type ResourceService,
  type StoredResource,
} from '@quotebridge/tmf/resource';
import { fieldAt, validatorFor, type ApiVersion } from '@quotebridge/tmf-specs';
import { formatOf } from './format';
import { noProgress, type JobStore, type Progress, type RecordError } from './job-store';
import type { JobPlaces } from './places';
import { readRecords, type FileRecord } from './record-reader';
import { targetOf, targetOfType } from './target';

const WINDOW = 64;

/** What an import works with. */
export interface ImportDependencies {
  readonly jobs: JobStore;
  readonly places: JobPlaces;
  readonly clock: Clock;
  readonly service: (resource: string) => ResourceService;
}

const versionOf = (job: StoredResource): ApiVersion =>
  /\/v4\//.test(String(job['path'] ?? '')) ? 'v4' : 'v5';

/** Takes one record in the way a POST would, but renews what exists. */
class RecordImporter {
  private readonly appliers = new Map<string, RecordApplier>();

  constructor(
    private readonly job: StoredResource,
    private readonly deps: ImportDependencies,
  ) {}

  async take(record: FileRecord): Promise<RecordOutcome> {
    const externalId = String(record.line);
    const reject = (faults: readonly Fault[]): RecordOutcome => ({ externalId, status: 'rejected', faults });
    if ('error' in record) return reject([{ path: '', message: record.error, code: 'unreadable' }]);
    const target = targetOf(this.job['path']) ?? targetOfType(record.value['@type']);
    if (target === undefined) {
      return reject([
        {
          path: '/@type',
          message: 'does not say which resource this is, and the job has no path',
          code: 'required',
        },
      ]);
    }
    const service = this.deps.service(target);
    const version = versionOf(this.job);
    const { schemas, mapper } = bindingOf(service.definition, version);
    const { href: _href, ...given } = record.value;
    const body: JsonObject = version === 'v5' ? { '@type': service.definition.eventName, ...given } : given;
    const faults = validatorFor('TMF620', version, schemas.create)(this.completed(body, version));
    if (faults.length > 0) return reject(faults);
    const resource = mapper ? mapper.toStored(body) : body;
    const id =
      typeof resource['id'] === 'string' ? resource['id'] : stableId('importJob', this.job._id, externalId);
    return this.applierOf(target, service).apply(
      { externalId, id, op: 'upsert', resource },
      `importJob:${this.job._id}`,
    );
  }

  /** What a file may leave out because the server sets it anyway; filled in for the check only. */
  private completed(value: JsonObject, version: ApiVersion): JsonObject {
    const { clock } = this.deps;
    if (version === 'v4') return value;
    return {
      lastUpdate: isoNow(clock),
      lifecycleStatus: 'In Study',
      ...value,
    };
  }

  private applierOf(target: string, service: ResourceService): RecordApplier {
    const applier = this.appliers.get(target) ?? new RecordApplier(service);
    this.appliers.set(target, applier);
    return applier;
  }
}

const isTextAttribute = (job: StoredResource): ((path: string) => boolean) => {
  const target = targetOf(job['path']) ?? 'productOffering';
  const schema = target.charAt(0).toUpperCase() + target.slice(1);
  return (path) => {
    const kind = fieldAt('TMF620', 'v5', schema, path)?.kind;
    return kind === 'string' || kind === 'date-time';
  };
};

/** Runs an import from its file to its counts. Throws when the file cannot be read; wrong records only count. */
export const runImport = async (
  job: StoredResource,
  deps: ImportDependencies,
  isStopping: () => boolean,
): Promise<Progress> => {
  const importer = new RecordImporter(job, deps);
  const service = deps.service('importJob');
  const progress = noProgress();
  const source = await deps.places.read(String(job['url']));
  let window: FileRecord[] = [];

  const flush = async (): Promise<void> => {
    const outcomes = await Promise.all(window.map((record) => importer.take(record)));
    const errors: RecordError[] = [];
    for (const { status, externalId, faults } of outcomes) {
      progress.read += 1;
      if (status !== 'deleted') progress[status] += 1;
      if (faults) errors.push({ line: Number(externalId), faults });
    }
    window = [];
    await deps.jobs.errors(job._id, errors);
    await deps.jobs.progress(service, job._id, progress);
  };

  try {
    for await (const record of readRecords(
      source,
      formatOf(job as JsonObject) ?? 'ndjson',
      isTextAttribute(job),
    )) {
      window.push(record);
      if (window.length >= WINDOW) await flush();
      if (isStopping()) throw new JobInterrupted();
    }
    await flush();
  } finally {
    source.destroy();
  }
  return progress;
};

/** The process ends while a job runs: it is taken again at the next start, nothing is counted twice. */
export class JobInterrupted extends Error {}
