import { Refusal, versionOf, type Fault, type JsonObject } from '@quotebridge/platform/core';
import {
  attributesOf,
  type ResourceService,
  type StoredResource,
  type WriteContext,
} from '@quotebridge/tmf/resource';
import type { ReadyRecord } from './import-record';

/** What became of a record. */
export interface Outcome {
  readonly line: number;
  readonly status: 'created' | 'updated' | 'unchanged' | 'rejected';
  readonly faults?: readonly Fault[];
}

/** What a job did to a document, kept in the document: a job that is taken up again counts it once. */
interface Mark {
  readonly source: string;
  readonly line: number;
  readonly did: 'created' | 'updated';
}

const markOf = (stored: StoredResource): Mark | undefined => stored['_ingest'] as Mark | undefined;

const contextOf = (source: string, record: ReadyRecord, did: Mark['did']): WriteContext => ({
  actor: source,
  origin: 'ingest',
  system: { _ingest: { source, line: record.line, did } satisfies Mark },
});

const rejected = (line: number, thrown: unknown): Outcome => {
  if (!(thrown instanceof Refusal) || thrown.status >= 500) throw thrown;
  const { faults, message, code } = thrown;
  return { line, status: 'rejected', faults: faults.length > 0 ? faults : [{ path: '', message, code }] };
};

/** The stored document that a record renews: the version it names, the latest when it names none. */
const currentOf = (
  versions: readonly StoredResource[],
  { attributes }: ReadyRecord,
): StoredResource | undefined =>
  attributes['version'] === undefined
    ? versions[0]
    : versions.find((stored) => versionOf(stored) === versionOf(attributes));

/** Stores one record: creates, renews or leaves what is there. */
const applyOne = async (service: ResourceService, source: string, record: ReadyRecord): Promise<Outcome> => {
  const { line, id, attributes } = record;
  try {
    const versions = await service.repository.findVersions(id);
    const current = currentOf(versions, record);
    if (!current) {
      await service.create({ ...attributes, id }, contextOf(source, record, 'created'));
      return { line, status: 'created' };
    }
    const mark = markOf(current);
    // Taken already, by a run of this job that was interrupted before it could count.
    if (mark?.source === source && mark.line === line) return { line, status: mark.did };
    const { changed } = await service.change(
      current._id,
      (stored) => merged(attributesOf(stored), attributes),
      contextOf(source, record, 'updated'),
    );
    return { line, status: changed ? 'updated' : 'unchanged' };
  } catch (thrown) {
    return rejected(line, thrown);
  }
};

/** A file says when something changed, but the server keeps that time itself. */
const merged = (current: JsonObject, { lastUpdate: _lastUpdate, ...incoming }: JsonObject): JsonObject => ({
  ...current,
  ...incoming,
});

/** The ids of those that exist already. */
const existing = async (
  service: ResourceService,
  records: readonly ReadyRecord[],
): Promise<ReadonlySet<string>> => {
  const found = await service.repository.collection
    .find({ _id: { $in: records.map(({ id }) => id) } }, { projection: { _id: 1 } })
    .toArray();
  return new Set(found.map(({ _id }) => _id));
};

/**
 * Stores records of one resource with ids that differ from one another: new ones together, others one by one. What
 * is refused together is tried once more alone, since it may refer to another record of the same window.
 */
export const applyWindow = async (
  service: ResourceService,
  source: string,
  records: readonly ReadyRecord[],
): Promise<Outcome[]> => {
  const known = await existing(service, records);
  const fresh = records.filter(({ id }) => !known.has(id));
  const stored = await service.createMany(
    fresh.map((record) => ({
      draft: { ...record.attributes, id: record.id },
      context: contextOf(source, record, 'created'),
    })),
  );
  const outcomes: Outcome[] = fresh
    .filter((_, at) => stored[at])
    .map(({ line }) => ({ line, status: 'created' }));
  const alone = [...records.filter(({ id }) => known.has(id)), ...fresh.filter((_, at) => !stored[at])];
  const parallel = 32;
  for (let from = 0; from < alone.length; from += parallel) {
    const some = alone.slice(from, from + parallel);
    outcomes.push(...(await Promise.all(some.map((record) => applyOne(service, source, record)))));
  }
  return outcomes;
};
