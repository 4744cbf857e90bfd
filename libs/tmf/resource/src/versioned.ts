import { Refusal } from '@quotebridge/platform/core';
import type { WriteContext } from './definition';
import type { ResourceService } from './service';
import { archivedId, type StoredResource } from './stored';

const versionOf = (document: StoredResource): string =>
  typeof document['version'] === 'string' ? document['version'] : '1.0';

/** Orders version numbers by their parts: 1.9 before 1.10, numbers before words. */
export const compareVersions = (a: string, b: string): number =>
  a.localeCompare(b, 'en', { numeric: true, sensitivity: 'base' });

/**
 * Stores a further version of an id (TMF620 user guide, versioning). `/{id}` is always the highest one; a version
 * that is overtaken stays under `{id}:(version=…)`. Refuses with 409 a version that exists.
 */
export const addVersion = async (
  service: ResourceService,
  document: StoredResource,
  context: WriteContext,
): Promise<StoredResource> => {
  const { repository, deps } = service;
  const id = document._id;
  const version = versionOf(document);
  const stored = await deps.store.transaction(async (session) => {
    const versions = await repository.findVersions(id, session);
    if (versions.some((other) => versionOf(other) === version)) {
      throw new Refusal(
        409,
        'alreadyExists',
        `Version ${version} of ${service.definition.name} ${id} exists already`,
      );
    }
    const latest = versions.find((other) => other._id === id);
    if (!latest) {
      await repository.insert(document, session);
      return document;
    }
    if (compareVersions(version, versionOf(latest)) < 0) {
      const archived = { ...document, _id: archivedId(id, version) };
      await repository.insert(archived, session);
      return archived;
    }
    await repository.insert({ ...latest, _id: archivedId(id, versionOf(latest)) }, session);
    const { _outbox: events = [], ...attributes } = document;
    const next: StoredResource = {
      ...attributes,
      _id: id,
      _rev: latest._rev + 1,
      _at: latest._at,
      _by: context.actor,
    };
    if (!(await repository.replace(next, latest._rev, events, session))) {
      throw new Refusal(
        409,
        'concurrentChange',
        `${service.definition.name} ${id} was changed meanwhile; try again`,
      );
    }
    return next;
  });
  deps.wake();
  return stored;
};
