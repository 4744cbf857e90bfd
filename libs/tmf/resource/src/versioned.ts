import { compareVersions, Refusal, versionOf, type JsonObject } from '@quotebridge/platform/core';
import type { ClientSession, OutboxEvent } from '@quotebridge/platform/store';
import type { ResourceRepository } from './repository';
import { archivedId, archivedRange, parseId, type StoredResource } from './stored';

const refuse = (message: string): never => {
  throw new Refusal(409, 'alreadyExists', message, {
    faults: [{ path: '/version', message, code: 'alreadyExists' }],
  });
};

/** Builds the pending events of a document as it is going to be stored. */
type EventsOf = (stored: StoredResource) => OutboxEvent[];

/** A document and where it goes; `latest` is the one whose place it takes. */
const addedVersion = (
  document: StoredResource,
  versions: readonly StoredResource[],
): { stored: StoredResource; latest?: StoredResource } => {
  const id = document._id;
  const version = versionOf(document);
  if (versions.some((other) => versionOf(other) === version))
    refuse(`Version ${version} of ${id} exists already`);
  const latest = versions.find((other) => other._id === id);
  if (!latest) return { stored: document };
  if (compareVersions(version, versionOf(latest)) < 0)
    return { stored: { ...document, _id: archivedId(id, version) } };
  return { stored: { ...document, _rev: latest._rev + 1, _at: latest._at }, latest };
};

/**
 * Stores a further version of an id (TMF620 user guide, versioning). `/{id}` is always the highest one; a version
 * that is overtaken stays under `{id}:(version=…)`. Refuses with 409 a version that exists.
 */
export const addVersion = async (
  repository: ResourceRepository,
  document: StoredResource,
  eventsOf: EventsOf,
  session: ClientSession,
): Promise<StoredResource> => {
  const versions = await repository.findVersions(document._id, session);
  const { stored, latest } = addedVersion(document, versions);
  const events = eventsOf(stored);
  if (!latest) {
    const isBeside = stored._id !== document._id;
    // A removal of all versions at the same moment would not see this one, and leave it without a latest.
    if (isBeside) await repository.hold([document._id], session);
    await repository.insert({ ...stored, _outbox: events }, session);
    return stored;
  }
  if (!(await overtake(repository, latest, stored, events, session))) refuseOvertaken(stored._id);
  return stored;
};

/** Stores the next version in the place of the latest, which stays archived. False when somebody else was faster. */
export const overtake = async (
  repository: ResourceRepository,
  latest: StoredResource,
  next: StoredResource,
  events: readonly OutboxEvent[],
  session: ClientSession,
): Promise<boolean> => {
  if (!(await repository.replace(next, latest._rev, events, session))) return false;
  await repository.insert({ ...latest, _id: archivedId(latest._id, versionOf(latest)) }, session);
  return true;
};

/**
 * Removes one version. When it was the latest, the next lower one takes its place under `/{id}`; the last one leaves
 * nothing behind.
 */
export const removeOneVersion = async (
  repository: ResourceRepository,
  current: StoredResource,
  event: OutboxEvent,
  session: ClientSession,
): Promise<boolean> => {
  const { id, version } = parseId(current._id);
  if (version !== undefined) return repository.remove(current, [event], session);
  const [next] = (await repository.findVersions(id, session))
    .filter((other) => other._id !== id)
    .sort((a, b) => compareVersions(versionOf(b), versionOf(a)));
  if (!next) return repository.remove(current, [event], session);
  if (!(await repository.remove(next, [], session))) return false;
  // Its own address must not show an ETag again that it had while it was archived.
  const _rev = Math.max(current._rev, next._rev) + 1;
  const promoted = { ...next, _id: id, _rev, _at: current._at };
  return repository.replace(promoted, current._rev, [event], session);
};

/** Refuses with 409 a change of the version number that would make two of one number or change their order. */
export const checkVersionChange = async (
  repository: ResourceRepository,
  current: StoredResource,
  after: JsonObject,
  session: ClientSession | undefined,
): Promise<void> => {
  const wanted = versionOf(after);
  if (wanted === versionOf(current)) return;
  const { id, version } = parseId(current._id);
  if (version !== undefined) refuse('The number of a version that is not the latest cannot be changed');
  const { from, to } = archivedRange(id);
  const range = { _id: { $gte: from, $lt: to } };
  const others = await repository.collection
    .find(range, { projection: { version: 1 }, ...(session ? { session } : {}) })
    .toArray();
  const higher = others.find((other) => compareVersions(wanted, versionOf(other)) <= 0);
  if (higher) refuse(`Version ${versionOf(higher)} exists; the latest version must have a higher number`);
};

const refuseOvertaken = (id: string): never => {
  throw new Refusal(409, 'concurrentChange', `${id} was changed meanwhile; try again`);
};
