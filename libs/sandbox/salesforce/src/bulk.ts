import type { Json, JsonObject } from '@quotebridge/platform/core';
import type { Faults, FaultTarget } from '@quotebridge/sandbox/core';
import { stringify } from 'csv-stringify/sync';
import { objectBody, type ApiAnswer, type ApiCall } from './api';
import { refused } from './errors';
import { parseSoql, type Query } from './soql/parse';
import { resolve, objectOf, type Org } from './soql/resolve';
import { runSoql, type Found } from './soql/run';

type JobState = 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';

interface Job {
  readonly id: string;
  readonly operation: 'query' | 'queryAll';
  readonly object: string;
  readonly version: string;
  readonly createdAt: number;
  readonly fields: readonly string[];
  readonly found: Found;
  readonly state: JobState;
}

const MOST_JOBS = 50;
const PAGE = 50_000;

const NEXT: Readonly<Partial<Record<JobState, JobState>>> = {
  UploadComplete: 'InProgress',
  InProgress: 'JobComplete',
};

const cell = (record: JsonObject, path: string): string => {
  const value = path
    .split('.')
    .reduce<Json | undefined>(
      (inner, step) =>
        typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? inner[step] : undefined,
      record,
    );
  if (value === undefined || value === null) return '';
  // Bulk results tell times with a Z, other than the REST API.
  return typeof value === 'string' ? value.replace(/\+0000$/, 'Z') : String(value);
};

/** Bulk API 2.0 query jobs: made, polled until they are complete, read in pages by locator. */
export class BulkJobs {
  private readonly jobs = new Map<string, Job>();
  private serial = 0;

  clear(): void {
    this.jobs.clear();
  }

  /** Answers a call below `/jobs/query`. `rest` are the steps behind it. */
  answer(
    call: ApiCall,
    rest: readonly string[],
    org: Org,
    { faults, request }: { readonly faults: Faults; readonly request: FaultTarget },
  ): ApiAnswer {
    const [id, results] = rest;
    if (id === undefined) {
      if (call.method !== 'POST') throw refused(405, 'METHOD_NOT_ALLOWED', 'HTTP Method not allowed.');
      return { status: 200, body: this.shown(this.create(call, org, faults, request)) };
    }
    const job = this.jobs.get(id);
    if (job === undefined) throw refused(404, 'NOT_FOUND', 'The requested resource does not exist');
    if (results === 'results') return this.results(job, call, org, faults, request);
    if (call.method === 'DELETE') {
      this.jobs.delete(id);
      return { status: 204 };
    }
    if (call.method === 'PATCH') return { status: 200, body: this.shown(this.moved(job, 'Aborted')) };
    return { status: 200, body: this.shown(this.polled(job, faults, request)) };
  }

  private create(call: ApiCall, org: Org, faults: Faults, request: FaultTarget): Job {
    const body = objectBody(call.body);
    const operation = body['operation'];
    if (operation !== 'query' && operation !== 'queryAll')
      throw refused(400, 'INVALIDJOB', 'Unable to parse Job: operation must be query or queryAll');
    const query: Query = parseSoql(String(body['query'] ?? ''));
    if (query.subqueries.length > 0 || query.counting)
      throw refused(400, 'API_ERROR', 'Nested queries and aggregates are not supported by Bulk API 2.0');
    const object = objectOf(org, query.from);
    query.fields.forEach((path) => resolve(org, object, path));
    this.serial += 1;
    const job: Job = {
      id: `750QB${String(this.serial).padStart(10, '0')}AAA`,
      operation,
      object: object.name,
      version: org.base.slice(org.base.lastIndexOf('/') + 2),
      createdAt: org.now,
      fields: query.fields,
      found: runSoql(org, query, operation === 'queryAll'),
      state: 'UploadComplete',
    };
    if (faults.take('bulkJobAborted', request) !== undefined) return this.moved(job, 'Aborted');
    this.jobs.set(job.id, job);
    const [oldest] = this.jobs.keys();
    if (this.jobs.size > MOST_JOBS && oldest !== undefined) this.jobs.delete(oldest);
    return job;
  }

  private polled(job: Job, faults: Faults, request: FaultTarget): Job {
    const next = NEXT[job.state];
    if (next === undefined) return job;
    return this.moved(job, faults.take('bulkJobFailed', request) === undefined ? next : 'Failed');
  }

  private moved(job: Job, state: JobState): Job {
    const moved = { ...job, state };
    this.jobs.set(job.id, moved);
    return moved;
  }

  private results(job: Job, call: ApiCall, org: Org, faults: Faults, request: FaultTarget): ApiAnswer {
    if (job.state !== 'JobComplete')
      throw refused(400, 'INVALIDJOBSTATE', `The results of a job in state ${job.state} cannot be read`);
    if (!org.base.endsWith(`v${job.version}`))
      throw refused(409, 'API_ERROR', 'The API version is not the one the job was made with');
    const locator = call.query.get('locator');
    const at = locator === null ? 0 : Number(/^QB(\d+)$/.exec(atob(locator))?.[1] ?? NaN);
    if (!(at <= job.found.size) || faults.take('bulkLocatorLost', request) !== undefined)
      throw refused(400, 'INVALID_LOCATOR', 'The locator is not valid');
    const size = Math.max(1, Math.min(PAGE, Number(call.query.get('maxRecords') ?? PAGE)));
    const page = job.found.page(at, size);
    const end = at + page.length;
    const rows = page.map((record) => job.fields.map((path) => cell(record, path)));
    return {
      status: 200,
      text: stringify([[...job.fields], ...rows], { quoted: true }),
      headers: {
        'content-type': 'text/csv; charset=UTF-8',
        'sforce-locator': end < job.found.size ? btoa(`QB${end}`) : 'null',
        'sforce-numberofrecords': String(page.length),
      },
    };
  }

  private shown({ found: _found, fields: _fields, createdAt, version, ...job }: Job): JsonObject {
    return {
      ...job,
      createdDate: new Date(createdAt).toISOString().replace('Z', '+0000'),
      apiVersion: Number(version),
      concurrencyMode: 'Parallel',
      contentType: 'CSV',
      lineEnding: 'LF',
      columnDelimiter: 'COMMA',
      ...(job.state === 'Failed' ? { errorMessage: 'InternalServerError : the job ran too long' } : {}),
    };
  }
}
