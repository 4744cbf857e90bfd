import { Refusal, type Fault } from '@quotebridge/platform/core';
import type { HookContext } from '@quotebridge/tmf/resource';
import type { Runtime } from './component';

/** A reference to something that the component itself keeps. */
export interface OwnReference {
  /** JSON Pointer of the id. */
  readonly path: string;
  readonly id: string;
  /** Resources that it may lead to, by v5 name. */
  readonly targets: readonly string[];
}

const missing = async (
  runtime: Runtime,
  references: readonly OwnReference[],
  { session }: Pick<HookContext, 'session'>,
): Promise<Fault[]> => {
  const targets = [...new Set(references.flatMap((reference) => reference.targets))];
  const known = new Map<string, ReadonlySet<string>>();
  // One after the other: a transaction does one thing at a time.
  for (const target of targets) {
    const wanted = references.filter((one) => one.targets.includes(target)).map(({ id }) => id);
    const ids = [...new Set(wanted)];
    const { repository } = runtime.service(target);
    // What is found stays: a removal at the same moment comes before this, or sees what refers to it.
    if (session) await repository.hold(ids, session);
    const found = await repository.collection
      .find({ _id: { $in: ids } }, { projection: { _id: 1 }, ...(session ? { session } : {}) })
      .toArray();
    known.set(target, new Set(found.map(({ _id }) => _id)));
  }
  return references
    .filter(({ id, targets: leads }) => !leads.some((target) => known.get(target)?.has(id)))
    .map(({ path, id, targets: leads }) => ({
      path,
      message: `there is no ${leads.join(' or ')} with the id ${id}`,
      code: 'brokenReference',
    }));
};

/**
 * Refuses with 422 references that lead nowhere, when the client asked for the check (`checkReferences=true`). One read
 * for each resource that they may lead to.
 */
export const refuseMissing = async (
  runtime: Runtime,
  references: readonly OwnReference[],
  context: HookContext,
): Promise<void> => {
  if (context.checkReferences !== true || references.length === 0) return;
  const faults = await missing(runtime, references, context);
  const [first] = faults;
  if (first) throw new Refusal(422, 'brokenReference', `${first.path}: ${first.message}`, { faults });
};

/** Where a resource may be referred to from: resource and path of the id. */
export type User = readonly [resource: string, path: string];

/** Refuses with 409 to remove what others refer to by one of these paths, and names the first of them. */
export const refuseUsed = async (
  runtime: Runtime,
  users: readonly User[],
  { id, session }: Pick<HookContext, 'id' | 'session'>,
): Promise<void> => {
  for (const [resource, path] of users) {
    const user = await runtime
      .service(resource)
      .repository.collection.findOne(
        { [path]: id, _id: { $ne: id } },
        { projection: { _id: 1 }, ...(session ? { session } : {}) },
      );
    if (user)
      throw new Refusal(409, 'inUse', `The ${resource} ${user._id} refers to it; change that one first`);
  }
};
