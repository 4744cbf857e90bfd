import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import { allOf, condition, type Row, type Tables } from '@quotebridge/sandbox/core';
import type { Cursors } from './cursors';
import { describe } from './describe';
import { refused } from './errors';
import { fieldNamed, allObjects, type SObject } from './model';
import {
  createRecord,
  deleteRecord,
  objectAt,
  recordAt,
  updateRecord,
  upsertRecord,
  type WriteScope,
} from './records';
import { parseSoql } from './soql/parse';
import { shown, type Org } from './soql/resolve';
import { attributesOf, isDeleted, runSoql } from './soql/run';

/** One call behind `/services/data/vNN.0`, from HTTP or from inside a composite. */
export interface ApiCall {
  readonly method: string;
  /** Decoded steps behind the version, for example `['sobjects', 'Opportunity', '006…']`. */
  readonly steps: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** An answer of the API; no body with 204. */
export interface ApiAnswer {
  readonly status: number;
  readonly body?: Json;
  /** Instead of a JSON body. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const SUCCESS = { success: true, errors: [] as Json[] };

const gone = (): Error => refused(404, 'NOT_FOUND', 'The requested resource does not exist');

/** The REST resources of one org and one API version. */
export class RestApi {
  constructor(
    private readonly tables: Tables,
    private readonly now: () => number,
    private readonly base: string,
    private readonly cursors: Cursors,
  ) {}

  /** Answers a call; refusals are thrown. A failed write leaves nothing behind. */
  answer(call: ApiCall): ApiAnswer {
    const [resource = '', ...rest] = call.steps;
    if (resource === 'query' || resource === 'queryAll')
      return this.query(call, resource === 'queryAll', rest[0]);
    if (resource === 'sobjects') return this.tables.transaction(() => this.sobjects(call, rest));
    throw gone();
  }

  private get org(): Org {
    return { tables: this.tables, now: this.now(), base: this.base };
  }

  private get scope(): WriteScope {
    return { tables: this.tables, now: this.now() };
  }

  private query(call: ApiCall, all: boolean, locator: string | undefined): ApiAnswer {
    if (call.method !== 'GET')
      throw refused(405, 'METHOD_NOT_ALLOWED', 'HTTP Method not allowed. Allowed are GET');
    const size = batchSize(call.headers['sforce-query-options']);
    if (locator !== undefined) return { status: 200, body: this.cursors.next(this.base, locator, size) };
    const text = call.query.get('q');
    if (text === null) throw refused(400, 'MALFORMED_QUERY', 'A query string has to be specified');
    const query = parseSoql(text);
    const found = runSoql(this.org, query, all);
    if (query.counting) return { status: 200, body: { totalSize: found.size, done: true, records: [] } };
    return { status: 200, body: this.cursors.page(this.base, found, size) };
  }

  private sobjects(call: ApiCall, steps: readonly string[]): ApiAnswer {
    const [name, second, third] = steps;
    if (name === undefined) {
      return {
        status: 200,
        body: {
          sobjects: allObjects(this.tables).map((object) => ({
            name: object.name,
            keyPrefix: object.prefix,
          })),
        },
      };
    }
    const object = objectAt(this.tables, name);
    if (second === undefined) return this.collection(call, object);
    if (second === 'describe') return { status: 200, body: describe(object) };
    if (second === 'deleted') return { status: 200, body: this.deleted(object, call.query) };
    if (third !== undefined) return this.byExternalId(call, object, second, third);
    return this.record(call, object, recordAt(this.tables, object, second));
  }

  private collection(call: ApiCall, object: SObject): ApiAnswer {
    if (call.method !== 'POST')
      throw refused(405, 'METHOD_NOT_ALLOWED', 'HTTP Method not allowed. Allowed are POST');
    const id = createRecord(this.scope, object, call.body);
    return {
      status: 201,
      body: { id, ...SUCCESS },
      headers: { location: `${this.base}/sobjects/${object.name}/${id}` },
    };
  }

  private record(call: ApiCall, object: SObject, row: Row): ApiAnswer {
    if (call.method === 'GET')
      return { status: 200, body: this.presented(object, row, call.query.get('fields')) };
    if (call.method === 'PATCH') {
      updateRecord(this.scope, object, row, call.body);
      return { status: 204 };
    }
    if (call.method !== 'DELETE')
      throw refused(405, 'METHOD_NOT_ALLOWED', 'HTTP Method not allowed. Allowed are GET,PATCH,DELETE');
    deleteRecord(this.scope, object, row);
    return { status: 204 };
  }

  private byExternalId(call: ApiCall, object: SObject, field: string, value: string): ApiAnswer {
    if (call.method === 'GET') {
      const found = fieldNamed(object, field);
      const rows = this.tables
        .where(object.name, found?.name ?? '', value)
        .filter((row) => row['IsDeleted'] !== true);
      const row = found?.field.externalId === true ? rows[0] : undefined;
      if (row === undefined) throw gone();
      return rows.length > 1
        ? this.severalMatches(
            object,
            rows.map((one) => String(one['Id'])),
          )
        : { status: 200, body: this.presented(object, row, null) };
    }
    if (call.method !== 'PATCH')
      throw refused(405, 'METHOD_NOT_ALLOWED', 'HTTP Method not allowed. Allowed are GET,PATCH');
    const done = upsertRecord(this.scope, object, field, value, call.body);
    if ('matches' in done) return this.severalMatches(object, done.matches);
    return { status: done.created ? 201 : 200, body: { id: done.id, ...SUCCESS, created: done.created } };
  }

  private severalMatches(object: SObject, ids: readonly string[]): ApiAnswer {
    return { status: 300, body: ids.map((id) => `${this.base}/sobjects/${object.name}/${id}`) };
  }

  private presented(object: SObject, row: Row, only: string | null): JsonObject {
    const names = only === null ? Object.keys(object.fields) : only.split(',').map((name) => name.trim());
    const values = names.map((name): [string, Json] => {
      const found = fieldNamed(object, name);
      if (found === undefined)
        throw refused(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`);
      return [found.name, shown(found.field, row[found.name])];
    });
    return { attributes: attributesOf(this.org, object, row), ...Object.fromEntries(values) };
  }

  private deleted(object: SObject, query: URLSearchParams): JsonObject {
    const moment = (name: string): number => {
      const time = Date.parse(query.get(name) ?? '');
      if (Number.isNaN(time))
        throw refused(400, 'INVALID_REPLICATION_DATE', `Invalid or missing parameter ${name}`);
      return time;
    };
    const [start, end] = [moment('start'), moment('end')];
    if (start >= end) throw refused(400, 'INVALID_REPLICATION_DATE', 'startDate must be before endDate');
    const iso = (time: number): string => new Date(time).toISOString().replace('Z', '+0000');
    const stamp = (row: Row): number => Number(row['SystemModstamp']);
    const within = condition(['SystemModstamp'], (row) => stamp(row) >= start && stamp(row) < end, [
      { from: start, to: end, toOpen: true },
    ]);
    const rows = this.tables.select(object.name, allOf([isDeleted, within]));
    return {
      deletedRecords: [...rows].map((row) => ({ id: row['Id'] ?? '', deletedDate: iso(stamp(row)) })),
      earliestDateAvailable: iso(start),
      latestDateCovered: iso(Math.min(end, this.now())),
    };
  }
}

/** Page size from `Sforce-Query-Options: batchSize=N`; the real org takes 200 to 2,000, here 1 is enough for tests. */
const batchSize = (header: string | string[] | undefined): number => {
  const size = Number(/batchSize=(\d+)/i.exec(String(header ?? ''))?.[1] ?? 2000);
  return Math.min(2000, Math.max(1, size));
};

/** The JSON object of a body, or a refusal. */
export const objectBody = (body: unknown): JsonObject => {
  if (isJsonObject(body)) return body;
  throw refused(400, 'JSON_PARSER_ERROR', 'The HTTP entity body is required and must be a JSON object.');
};
