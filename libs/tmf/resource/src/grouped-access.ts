import {
  bodyLength,
  bulkRefusals,
  GroupedCalls,
  OUTBOX,
  type Collection,
  type GroupLimits,
} from '@quotebridge/platform/store';
import type { StoredResource } from './stored';

/** Reads never see the events that wait in a document. */
export const WITHOUT_OUTBOX = { [OUTBOX]: 0 } as const;

const LIMITS: GroupLimits = { largest: 64, underWay: 2 };
/** Characters of an event beyond which a document goes alone: a large one must not hold up the small ones. */
const ALONE_LENGTH = 64 * 1024;

/** Reads by id that are asked for at the same time, as one `find`. */
export const groupedReads = (
  collection: Collection<StoredResource>,
  open: (document: StoredResource) => StoredResource,
): GroupedCalls<string, StoredResource | null> =>
  new GroupedCalls(async (ids) => {
    const [only] = ids;
    if (ids.length === 1 && only !== undefined) {
      const found = await collection.findOne({ _id: only }, { projection: WITHOUT_OUTBOX });
      return [done(found && open(found))];
    }
    const options = { projection: WITHOUT_OUTBOX, batchSize: ids.length + 1 };
    const found = await collection.find({ _id: { $in: [...new Set(ids)] } }, options).toArray();
    const byId = new Map(found.map((document) => [document._id, open(document)]));
    const given = new Set<string>();
    return ids.map((id) => {
      const document = byId.get(id) ?? null;
      // Who asked for the same document gets one of his own.
      if (document === null || !given.has(id)) return done((given.add(id), document));
      return done(structuredClone(document));
    });
  }, LIMITS);

/** Inserts of single documents that come at the same time, as one `insertMany`; each fails by itself. */
export const groupedInserts = (collection: Collection<StoredResource>): GroupedCalls<StoredResource, void> =>
  new GroupedCalls(async (documents) => {
    const [only] = documents;
    if (documents.length === 1 && only) {
      await collection.insertOne(only);
      return [DONE];
    }
    try {
      await collection.insertMany([...documents], { ordered: false });
      return documents.map(() => DONE);
    } catch (thrown) {
      const refused = bulkRefusals(thrown);
      if (refused === undefined) throw thrown;
      return documents.map((_, index) => {
        const reason = refused.get(index);
        return reason === undefined ? DONE : { status: 'rejected', reason };
      });
    }
  }, LIMITS);

/** Small enough to share an operation with others. */
export const mayGoTogether = ({ [OUTBOX]: events = [] }: StoredResource): boolean =>
  events.every((event) => bodyLength(event) <= ALONE_LENGTH);

const done = <T>(value: T): PromiseFulfilledResult<T> => ({ status: 'fulfilled', value });
const DONE: PromiseSettledResult<void> = done(undefined);
