import { Refusal } from '@quotebridge/platform/core';
import { requireScope } from '@quotebridge/platform/security';
import type { FastifyInstance } from 'fastify';
import type { ResourceService } from '../service';
import type { StoredResource } from '../stored';
import { KEY_OF } from './field-cipher';

const AT_ONCE = 16;

/** Documents by the id of the key they are sealed with; those that were stored before there was one are `none`. */
const countsOf = async ({ repository }: ResourceService): Promise<Readonly<Record<string, number>>> => {
  const groups = await repository.collection
    .aggregate<{ _id: string | null; count: number }>([{ $group: { _id: `$${KEY_OF}`, count: { $sum: 1 } } }])
    .toArray();
  return Object.fromEntries(groups.map(({ _id, count }) => [_id ?? 'none', count]));
};

/** Seals with the current key what is not; a document that changes meanwhile is sealed by that change. */
const resealAll = async ({ repository }: ResourceService, keyId: string): Promise<number> => {
  let sealed = 0;
  let group: StoredResource[] = [];
  const flush = async (): Promise<void> => {
    const done = await Promise.all(group.map((stored) => repository.sealAgain(repository.opened(stored))));
    sealed += done.filter(Boolean).length;
    group = [];
  };
  const outdated = repository.collection.find({ [KEY_OF]: { $ne: keyId } }, { projection: { _outbox: 0 } });
  for await (const stored of outdated) {
    group.push(stored);
    if (group.length === AT_ONCE) await flush();
  }
  await flush();
  return sealed;
};

/** `/operations/encryption`: which keys are in use, and sealing everything with the current one. */
export const encryptionRoutes = (scope: FastifyInstance, services: readonly ResourceService[]): void => {
  const sealing = services.filter(({ repository }) => repository.cipher !== undefined);
  if (sealing.length === 0) return;
  const each = async <T>(work: (service: ResourceService) => Promise<T>): Promise<Record<string, T>> => {
    const entries: [string, T][] = [];
    for (const service of sealing) entries.push([service.definition.name, await work(service)]);
    return Object.fromEntries(entries);
  };
  const keyId = (): string | undefined => sealing[0]?.repository.cipher?.keyId;
  scope.get('/encryption', async (request) => {
    requireScope(request.qbPrincipal, 'encryption', 'read');
    return { currentKey: keyId() ?? null, documents: await each(countsOf) };
  });
  scope.post('/encryption/reseal', async (request) => {
    requireScope(request.qbPrincipal, 'encryption', 'admin');
    const current = keyId();
    if (current === undefined)
      throw new Refusal(409, 'noKeys', 'There are no FIELD_KEYS: nothing can be sealed');
    return { currentKey: current, sealed: await each((service) => resealAll(service, current)) };
  });
};
