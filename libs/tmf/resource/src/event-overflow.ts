import {
  bodyLength,
  OUTBOX,
  TOMBSTONES,
  type ClientSession,
  type OutboxEvent,
  type Store,
} from '@quotebridge/platform/store';

/** Characters of event bodies that may live inside their document: MongoDB holds 16 MB of both together. */
const EMBEDDED_LENGTH = 4 * 1024 * 1024;

/** True when events are too large to be kept inside the document that they tell of. */
export const outgrows = (events: readonly OutboxEvent[]): boolean =>
  events.reduce((sum, event) => sum + bodyLength(event), 0) > EMBEDDED_LENGTH;

/** Events in groups that each fit into one document, in their order. */
export const inGroups = (events: readonly OutboxEvent[]): OutboxEvent[][] => {
  const groups: OutboxEvent[][] = [];
  for (const event of events) {
    const last = groups[groups.length - 1];
    if (last && !outgrows([...last, event])) last.push(event);
    else groups.push([event]);
  }
  return groups;
};

/**
 * Keeps pending events outside of their document, because it is removed or full. The relay sends them before those
 * inside documents of the same key.
 */
export const insertTombstones = async (
  store: Store,
  key: string,
  events: readonly OutboxEvent[],
  session: ClientSession,
): Promise<void> => {
  for (const group of inGroups(events)) {
    const tombstone = { _id: `${key}/${group[0]?.id ?? ''}`, key, [OUTBOX]: group };
    await store.collection(TOMBSTONES).insertOne(tombstone, { session });
  }
};
