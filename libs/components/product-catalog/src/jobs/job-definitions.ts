import { isoNow, Refusal, type Fault, type JsonObject } from '@quotebridge/platform/core';
import type { ResourceDefinition } from '@quotebridge/tmf/resource';
import { exportJobMapper, importJobMapper } from '../versions';
import { formatOf } from './format';
import { checkExportQuery } from './export-filter';
import { jobState } from './job-states';
import type { JobStore } from './job-store';
import type { JobPlaces } from './places';
import { targetOf } from './target';

const SERVER_SET = ['href', 'status', 'creationDate', 'completionDate', 'errorLog', 'progress'];

const jobFaults = async (job: JsonObject, places: JobPlaces): Promise<Fault[]> => {
  const place = await places.check(String(job['url'] ?? ''));
  return [
    ...(place.ok ? [] : [{ path: '/url', message: place.error, code: 'place' }]),
    ...(formatOf(job)
      ? []
      : [
          {
            path: '/contentType',
            message: 'must be application/x-ndjson, application/json or text/csv',
            code: 'enum',
          },
        ]),
    ...(job['path'] === undefined || targetOf(job['path'])
      ? []
      : [{ path: '/path', message: 'must name a resource, for example /productOffering', code: 'enum' }]),
    ...checkExportQuery(job),
  ];
};

const job = (
  name: 'importJob' | 'exportJob',
  schema: 'ImportJob' | 'ExportJob',
  places: JobPlaces,
  jobs: JobStore,
): ResourceDefinition => ({
  api: 'TMF620',
  name,
  eventName: schema,
  domain: 'ProductCatalog',
  versions: {
    v4: {
      name,
      basePath: '/tmf-api/productCatalogManagement/v4',
      schemas: { create: `${schema}_Create`, response: schema },
      serverSet: SERVER_SET,
      nonPatchable: [],
      mapper: name === 'importJob' ? importJobMapper : exportJobMapper,
    },
    v5: {
      name,
      basePath: '/tmf-api/productCatalogManagement/v5',
      schemas: { create: `${schema}_FVO`, response: schema },
      serverSet: SERVER_SET,
      nonPatchable: [],
    },
  },
  operations: ['list', 'create', 'get', 'delete'],
  state: jobState,
  indexes: [{ keys: { status: 1, creationDate: 1 } }],
  hooks: {
    prepareCreate: async (draft, context) => {
      const faults = await jobFaults(draft, places);
      const [first] = faults;
      if (first) throw new Refusal(400, 'invalidBody', `${first.path}: ${first.message}`, { faults });
      return { ...draft, creationDate: isoNow(context.clock) };
    },
    beforeRemove: (_before, context) => jobs.forget(context.id, context.session),
  },
});

/** The two task resources of TMF620. */
export const jobResources = (places: JobPlaces, jobs: JobStore): ResourceDefinition[] => [
  job('importJob', 'ImportJob', places, jobs),
  job('exportJob', 'ExportJob', places, jobs),
];
