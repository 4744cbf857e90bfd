import type { Fault, JsonObject } from '@quotebridge/platform/core';
import { LIST_ONLY, matchAll, misplaced, parseListQuery, toMongoFilter } from '@quotebridge/tmf/query';
import { bindingOf, filteredStore, storedFilter, type ResourceService } from '@quotebridge/tmf/resource';
import { fieldAt, type ApiVersion } from '@quotebridge/tmf-specs';
import { confidentialNames } from '../confidential';
import { schemaOf, targetOf, V4_SHAPES } from './target';

/** The version of the API whose shape the file of a job has: v4 when its path says so. */
export const versionOfJob = (job: Readonly<Record<string, unknown>>): ApiVersion =>
  /\/v4\//.test(String(job['path'] ?? '')) ? 'v4' : 'v5';

const parsed = (job: Readonly<Record<string, unknown>>) => {
  const target = targetOf(job['path']) ?? 'productOffering';
  const version = versionOfJob(job);
  const mapper = version === 'v4' ? V4_SHAPES[target]?.mapper : undefined;
  return parseListQuery(String(job['query'] ?? ''), {
    resolve: (path) => {
      if (path === 'id') return { storagePath: '_id', kind: 'string' };
      if (confidentialNames(target).includes(path.split('.')[0] ?? '')) return undefined;
      const field = fieldAt('TMF620', version, schemaOf(target, version), path);
      return (
        field && {
          storagePath: mapper ? mapper.storedPath(path) : path,
          kind: field.kind,
          ...(field.array === undefined ? {} : { array: field.array }),
        }
      );
    },
  });
};

/** A file holds whole resources, all that are selected. */
const MEANINGLESS = [...LIST_ONLY, 'fields'];

/** Faults of the query of an export job; it has the grammar of the filter of a list. */
export const checkExportQuery = (job: JsonObject): Fault[] => {
  if (job['query'] === undefined) return [];
  const query = parsed(job);
  const faults = query.ok ? misplaced(String(job['query']), MEANINGLESS, 'an export') : query.error;
  return faults.map(({ message, code }) => ({ path: '/query', message, code: code ?? 'invalidQuery' }));
};

/** What the query of an export job selects, for the store, as a list would. Throws when it cannot be read. */
export const exportFilter = (
  job: Readonly<Record<string, unknown>>,
  service: ResourceService,
): Record<string, unknown> => {
  const query = parsed(job);
  if (!query.ok) throw new Error(`its query cannot be read: ${query.error[0]?.message ?? ''}`);
  const { filter } = query.value;
  if (filter === matchAll) return {};
  const { mapper } = bindingOf(service.definition, versionOfJob(job));
  return toMongoFilter(storedFilter(filteredStore(service, mapper), filter));
};
