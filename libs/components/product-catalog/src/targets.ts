import { versionOf, type JsonObject } from '@quotebridge/platform/core';
import type { ClientSession } from '@quotebridge/platform/store';
import type { Runtime } from '@quotebridge/tmf/component';
import { publicId } from '@quotebridge/tmf/resource';
import { REFERENCES, type Found, type ReadTargets } from './references';

/** Finds the archived versions of an id. */
export const VERSIONS_OF = (id: string) => ({ _id: { $gte: `${id}:(version=`, $lt: `${id}:(version>` } });

/** Reads what references lead to from the store, all versions of each id. */
export const targetReader =
  (runtime: Runtime, session?: ClientSession): ReadTargets =>
  async (resource, ids) => {
    const attributes = ['lifecycleStatus', 'version', ...Object.keys(REFERENCES[resource] ?? {})];
    const documents = await runtime
      .service(resource)
      .repository.collection.find(
        { $or: [{ _id: { $in: [...ids] } }, ...ids.map(VERSIONS_OF)] },
        {
          projection: Object.fromEntries(attributes.map((name) => [name, 1])),
          ...(session ? { session } : {}),
        },
      )
      .sort({ _id: 1 })
      .toArray();
    const found = new Map<string, Found[]>();
    for (const { _id, ...document } of documents) {
      const versions = found.get(publicId(_id)) ?? [];
      versions.push({ version: versionOf(document), resource: document as JsonObject });
      found.set(publicId(_id), versions);
    }
    return found;
  };
