import { isDeepStrictEqual } from 'node:util';
import { Refusal, type JsonObject } from '@quotebridge/platform/core';
import type { StoredResource } from './stored';

/** What a client edits, without the identity that the store keeps apart. */
export const stripIdentity = ({ id: _id, href: _href, ...attributes }: JsonObject): JsonObject => attributes;

/** System fields beyond the common ones (an ingest's source, for example) survive a change. */
export const systemOnly = (stored: StoredResource): Record<string, unknown> =>
  Object.fromEntries(Object.entries(stored).filter(([name]) => name.startsWith('_') && name !== '_outbox'));

/** Names of the attributes that differ. */
export const changedNames = (before: JsonObject, after: JsonObject): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => !isDeepStrictEqual(before[name], after[name]),
  );

/** What an edit was first made from, and the attributes that it changed. */
export interface EditBase {
  readonly before: JsonObject;
  readonly touched: readonly string[];
}

/** Refuses with 409 an edit of attributes that another writer has changed since they were read. */
export const refuseOverlap = (base: EditBase | undefined, now: JsonObject): void => {
  const overlap = base?.touched.filter((name) => !isDeepStrictEqual(base.before[name], now[name])) ?? [];
  if (overlap.length > 0) {
    throw new Refusal(
      409,
      'concurrentChange',
      `Another request changed ${overlap.join(', ')} meanwhile; read the resource again`,
      {
        faults: overlap.map((name) => ({
          path: `/${name}`,
          message: 'was changed by another request',
          code: 'concurrentChange',
        })),
      },
    );
  }
};
