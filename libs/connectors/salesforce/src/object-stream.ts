import { textAt, type Notes, type Stream } from '@quotebridge/connectors/sdk';
import type { Clock, JsonObject } from '@quotebridge/platform/core';
import { BulkJobs } from './bulk/bulk-jobs';
import { bulkRecords } from './bulk/bulk-read';
import { selectOf, type Fields } from './fields';
import { readChanges } from './read-changes';
import type { RestClient } from './rest-client';
import type { SalesforceSettings } from './settings';
import { positionOf, soqlTime } from './soql';

/** What the streams of master data share. */
export interface ObjectDeps {
  readonly settings: SalesforceSettings;
  readonly client: RestClient;
  readonly notes: Notes;
  readonly clock: Clock;
}

/** A stream of all records of one object; `entity` is the object. */
export interface ObjectStream extends Omit<
  Stream,
  'overlapMs' | 'identity' | 'position' | 'read' | 'readAll'
> {
  readonly fields: Fields;
  /** Told what deltas read, after it was taken. */
  readonly seen?: (records: readonly JsonObject[]) => Promise<void>;
}

/** All records by a bulk job, unless the instance is told not to; changes and deletions by time of change. */
export const objectStream = (
  { fields, seen, ...stream }: ObjectStream,
  { settings, client, notes, clock }: ObjectDeps,
): Stream => {
  const { name, entity: object } = stream;
  const query = (since: string | undefined): string =>
    selectOf(
      object,
      fields,
      `${since === undefined ? '' : `WHERE SystemModstamp >= ${soqlTime(since)} `}ORDER BY SystemModstamp, Id`,
    );
  const deps = { jobs: new BulkJobs(client, clock, settings.bulkRows), notes, clock };
  return {
    ...stream,
    overlapMs: settings.overlapSeconds * 1000,
    identity: (record) => textAt(record, 'Id'),
    position: positionOf,
    read: async function* (from, signal, { dryRun }) {
      for await (const page of readChanges(client, query, from, signal)) {
        yield page;
        if (!dryRun) await seen?.(page);
      }
    },
    ...(settings.bulk
      ? {
          readAll: (signal, progress) =>
            bulkRecords(deps, { stream: name, object, fields }, signal, progress),
        }
      : {}),
  };
};
