import { isJsonObject } from '@quotebridge/platform/core';
import type { mongo } from 'mongoose';
import { eventually } from '../../e2e/support';

/** A stored resource: which one it is, and how many times it was written. */
export interface StoredResource {
  /** Its kind and its id, such as `quote/…`. */
  readonly key: string;
  readonly revision: number;
}

interface Told {
  readonly type: string;
  /** The resource after the change. */
  readonly state: string;
}

/** Waits until every event of these databases is published, then gives all resources that are stored in them. */
export const settledResources = async (
  client: mongo.MongoClient,
  databases: readonly string[],
  withinMs: number,
): Promise<StoredResource[]> => {
  const found: StoredResource[] = [];
  for (const database of databases) {
    const db = client.db(database);
    for (const { name } of await db.listCollections({}, { nameOnly: true }).toArray()) {
      const waiting = name === 'tombstones' ? {} : { _outbox: { $exists: true } };
      await eventually(
        `all events of ${database}/${name} to be published`,
        async () => (await db.collection(name).countDocuments(waiting)) === 0,
        withinMs,
      );
      const documents = await db
        .collection(name)
        .find({ _rev: { $exists: true } }, { projection: { _rev: 1 } })
        .toArray();
      for (const { _id, _rev } of documents)
        found.push({ key: `${name}/${String(_id)}`, revision: Number(_rev) });
    }
  }
  return found;
};

const toldOf = (envelopes: readonly Readonly<Record<string, unknown>>[]): Map<string, Told[]> => {
  const seen = new Set<string>();
  const told = new Map<string, Told[]>();
  for (const { eventId, eventType, event } of envelopes) {
    // A copy that a sender without an answer sent again; whoever consumes it knows its id.
    if (seen.has(String(eventId)) || !isJsonObject(event)) continue;
    seen.add(String(eventId));
    for (const [name, resource] of Object.entries(event)) {
      const key = `${name}/${isJsonObject(resource) ? String(resource['id']) : ''}`;
      const one = { type: String(eventType), state: JSON.stringify(resource) };
      told.set(key, [...(told.get(key) ?? []), one]);
    }
  }
  return told;
};

/**
 * What is wrong between stored resources and the events of the stream; empty when each write of each resource was told
 * exactly once: one create event, then as many different states as there were writes, none twice by the same event.
 */
export const historyFaults = (
  resources: readonly StoredResource[],
  envelopes: readonly Readonly<Record<string, unknown>>[],
): string[] => {
  const told = toldOf(envelopes);
  const faults: string[] = [];
  for (const { key, revision } of resources) {
    const own = told.get(key) ?? [];
    const created = own.filter(({ type }) => type.endsWith('CreateEvent')).length;
    if (created !== 1) faults.push(`${key}: ${created} events tell that it was made`);
    const states = new Set(own.map(({ state }) => state)).size;
    if (states !== revision) faults.push(`${key}: ${revision} writes, ${states} of them told`);
    const kinds = new Set(own.map(({ type, state }) => `${type} ${state}`)).size;
    if (kinds !== own.length) faults.push(`${key}: ${own.length - kinds} events are there twice`);
  }
  const stored = new Set(resources.map(({ key }) => key));
  for (const [key, own] of told) {
    if (!stored.has(key) && own.at(-1)?.type.endsWith('DeleteEvent') !== true)
      faults.push(`${key}: told of, but not stored`);
  }
  return faults;
};
