import { versionOf, type JsonObject } from '@quotebridge/platform/core';
import type { Runtime } from '@quotebridge/tmf/component';
import { publicId, type HookContext } from '@quotebridge/tmf/resource';
import { idPathsOf, referrersOf, refersTo } from './references';

interface Target {
  readonly name: string;
  readonly id: string;
  readonly version: string;
  readonly isLatest: boolean;
}

const MAX_DEPTH = 8;

/**
 * Names something launched that refers to this version of an entity, directly or through bundles that are not
 * launched themselves; undefined when nothing does.
 */
export const launchedUser = async (
  name: string,
  resource: JsonObject,
  { id, session }: Pick<HookContext, 'id' | 'session'>,
  runtime: Runtime,
): Promise<string | undefined> => {
  const inSession = session ? { session } : {};
  const version = versionOf(resource);
  const latest = await runtime
    .service(name)
    .repository.collection.findOne({ _id: id }, { projection: { version: 1 }, ...inSession });
  const isLatest = latest !== null && versionOf(latest) === version;
  let level: Target[] = [{ name, id, version, isLatest }];
  const seen = new Set([`${name}/${id}`]);
  for (let depth = 0; level.length > 0 && depth < MAX_DEPTH; depth += 1) {
    const next: Target[] = [];
    for (const target of level) {
      for (const referrer of referrersOf(target.name)) {
        const { resource: user, attribute, part } = referrer;
        const ids = [target.id, `${target.id}:(version=${target.version})`];
        const users = runtime.service(user).repository.collection.find(
          {
            $or: idPathsOf(attribute).map((path) => ({ [path]: { $in: ids } })),
            ...(part ? {} : { lifecycleStatus: 'Launched' }),
          },
          { projection: { lifecycleStatus: 1, version: 1, [attribute]: 1 }, ...inSession },
        );
        for await (const { _id, ...document } of users) {
          const plain = publicId(_id);
          if (user === name && plain === id) continue;
          if (!refersTo(referrer, document as JsonObject, target)) continue;
          if (document['lifecycleStatus'] === 'Launched') return `${user} ${_id}`;
          const key = `${user}/${_id}`;
          if (seen.has(key)) continue;
          seen.add(key);
          next.push({ name: user, id: plain, version: versionOf(document), isLatest: plain === _id });
        }
      }
    }
    level = next;
  }
  return undefined;
};
