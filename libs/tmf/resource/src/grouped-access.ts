import {
  bodyLength,
  GroupedCalls,
  OUTBOX,
  type Collection,
  type GroupLimits,
} from '@quotebridge/platform/store';
import type { StoredResource } from './stored';

/** Reads never see the events that wait in a document. */
export const WITHOUT_OUTBOX = { [OUTBOX]: 0 } as const;

/** How reads, and inserts, of single documents go together. */
export const GROUP_LIMITS: GroupLimits = { largest: 64, underWay: 2 };
/** Characters of an event beyond which a document goes alone: a large one must not hold up the small ones. */
const ALONE_LENGTH = 64 * 1024;

/** Reads by id that are asked for at the same time, as one `find`. */
export const groupedReads = (
  collection: Collection<StoredResource>,
  open: (document: StoredResource) => StoredResource,
): GroupedCalls<string, StoredResource | null> =>
  new GroupedCalls(async (ids) => {
    const [only] = ids;
    const opened = (found: StoredResource | null): PromiseSettledResult<StoredResource | null> => {
      try {
        return done(found && open(found));
      } catch (reason) {
        // One that cannot be opened must not take the others of its group along.
        return { status: 'rejected', reason };
      }
    };
    if (ids.length === 1 && only !== undefined)
      return [opened(await collection.findOne({ _id: only }, { projection: WITHOUT_OUTBOX }))];
    const options = { projection: WITHOUT_OUTBOX, batchSize: ids.length + 1 };
    const found = await collection.find({ _id: { $in: [...new Set(ids)] } }, options).toArray();
    const byId = new Map(found.map((document) => [document._id, opened(document)]));
    const given = new Set<string>();
    return ids.map((id) => {
      const result = byId.get(id) ?? done(null);
      // Who asked for the same document gets one of his own.
      const isFirst = !given.has(id);
      given.add(id);
      return isFirst || result.status === 'rejected' ? result : done(structuredClone(result.value));
    });
  }, GROUP_LIMITS);

/** Small enough to share an operation with others. */
export const mayGoTogether = ({ [OUTBOX]: events = [] }: StoredResource): boolean =>
  events.every((event) => bodyLength(event) <= ALONE_LENGTH);

const done = <T>(value: T): PromiseFulfilledResult<T> => ({ status: 'fulfilled', value });
