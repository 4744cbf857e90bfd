import { hash } from 'node:crypto';
import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestBatch, IngestRecord } from '@quotebridge/platform/events';
import type { StoredResource } from '../stored';

/** What brought a resource into its present state, kept in the document: the audit of ingest, and what is newer. */
export interface IngestMark {
  readonly source: string;
  /** All sources that have it, when more than one has: the last to delete it removes it. */
  readonly sources?: readonly string[];
  readonly externalId?: string;
  readonly run?: string;
  readonly at?: Date;
  readonly digest: string;
  readonly modifiedAt?: string;
}

/** What of a batch goes with each of its records. */
export type Origin = Pick<IngestBatch, 'source'> &
  Partial<Pick<IngestBatch, 'run' | 'dryRun' | 'conflict' | 'ownedHere' | 'ownedThere'>>;

/** A text that changes with every value of the resource. */
export const digestOf = (resource: JsonObject): string => hash('sha1', JSON.stringify(resource), 'base64url');

/** The mark of a stored resource; undefined when no outside system has brought it. */
export const markOf = (
  stored: Pick<StoredResource, '_id'> & Record<string, unknown>,
): IngestMark | undefined => stored['_ingest'] as IngestMark | undefined;

/** Sources that have the resource. */
export const sourcesOf = (mark: IngestMark | undefined): readonly string[] =>
  mark === undefined ? [] : (mark.sources ?? [mark.source]);

/** The mark of a record that is being taken over what `before` brought. */
export const markFor = (
  record: IngestRecord,
  { source, run }: Origin,
  before: IngestMark | undefined,
  at: Date,
): IngestMark => {
  const sources = [...new Set([...sourcesOf(before), source])];
  return {
    source,
    ...(sources.length > 1 ? { sources } : {}),
    externalId: record.externalId,
    ...(run === undefined ? {} : { run }),
    at,
    digest: digestOf(record.resource),
    ...(record.modifiedAt === undefined ? {} : { modifiedAt: record.modifiedAt }),
  };
};
