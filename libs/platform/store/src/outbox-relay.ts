import type { Clock } from '@quotebridge/platform/core';
import { OUTBOX, OUTBOX_INDEX, TOMBSTONES, type OutboxEvent } from './outbox';
import type { Collection, Store, StoredDocument } from './store';

const BATCH = 256;

/** Hands one event to the broker; resolves when the broker has stored it. */
export type PublishEvent = (event: OutboxEvent, key: string) => Promise<void>;

/** What the relay tells its owner. */
export interface RelayObserver {
  /** Milliseconds from the write of an event to the broker's acknowledgement. */
  published(event: OutboxEvent, lagMs: number): void;
  failed(error: unknown): void;
}

interface Pending {
  readonly collection: Collection<StoredDocument>;
  readonly id: string;
  /** Events of one key leave in order, one at a time. */
  readonly key: string;
  readonly events: readonly OutboxEvent[];
  readonly tombstone: boolean;
}

/**
 * Moves pending events from the documents to the broker: in order within a document, in parallel across
 * documents, at least once. An event is removed only after the broker's acknowledgement and only by its id, so
 * one that is written meanwhile stays. Run it under a lease; two at once are correct but publish out of order.
 */
export class OutboxRelay {
  constructor(
    private readonly store: Store,
    private readonly collections: readonly string[],
    private readonly publish: PublishEvent,
    private readonly observer: RelayObserver,
    private readonly clock: Clock,
  ) {}

  /** One pass over all collections. Returns how many events it published; a full batch asks for another pass. */
  async pass(): Promise<{ published: number; more: boolean }> {
    // Documents before tombstones: an id that was deleted and made again shows its tombstone to a later read.
    const perCollection = await Promise.all(this.collections.map((name) => this.pendingOf(name, false)));
    const tombstones = await this.pendingOf(TOMBSTONES, true);
    const pending = [...tombstones, ...perCollection.flat()];
    if (pending.length === 0) return { published: 0, more: false };

    const byKey = new Map<string, Pending[]>();
    for (const entry of pending) {
      const chain = byKey.get(entry.key);
      if (chain) chain.push(entry);
      else byKey.set(entry.key, [entry]);
    }
    const done = (await Promise.all([...byKey.values()].map((chain) => this.publishChain(chain)))).flat();
    await this.clear(done);
    const published = done.reduce((sum, entry) => sum + entry.events.length, 0);
    const more = tombstones.length === BATCH || perCollection.some((list) => list.length === BATCH);
    return { published, more };
  }

  private async pendingOf(name: string, tombstone: boolean): Promise<Pending[]> {
    const collection = this.store.collection(name);
    const documents = await collection
      .find({ '_outbox.at': { $exists: true } })
      .project<{ _id: string; key?: string; _outbox?: OutboxEvent[] }>({ [OUTBOX]: 1, key: 1 })
      .hint(OUTBOX_INDEX.options?.name ?? '')
      .sort({ '_outbox.at': 1 })
      .limit(BATCH)
      .toArray();
    return documents.map((document) => ({
      collection,
      id: document._id,
      key: tombstone ? (document.key ?? document._id) : `${name}/${document._id}`,
      events: document._outbox ?? [],
      tombstone,
    }));
  }

  /** Publishes the events of one key in order and stops at the first that fails; returns what is done. */
  private async publishChain(chain: readonly Pending[]): Promise<Pending[]> {
    const done: Pending[] = [];
    for (const entry of chain) {
      const sent: OutboxEvent[] = [];
      try {
        for (const event of entry.events) {
          await this.publish(event, entry.key);
          sent.push(event);
          this.observer.published(event, this.clock.now() - event.at.getTime());
        }
      } catch (thrown) {
        this.observer.failed(thrown);
        if (sent.length > 0) done.push({ ...entry, events: sent, tombstone: false });
        return done;
      }
      done.push(entry);
    }
    return done;
  }

  private async clear(done: readonly Pending[]): Promise<void> {
    const groups = new Map<Collection<StoredDocument>, Pending[]>();
    for (const entry of done) {
      const group = groups.get(entry.collection);
      if (group) group.push(entry);
      else groups.set(entry.collection, [entry]);
    }
    await Promise.all([...groups].map(([collection, entries]) => clearCollection(collection, entries)));
  }
}

const clearCollection = async (
  collection: Collection<StoredDocument>,
  entries: readonly Pending[],
): Promise<void> => {
  const published = entries.flatMap((entry) => entry.events.map((event) => event.id));
  const single = entries
    .filter((entry) => entry.events.length === 1 && !entry.tombstone)
    .map((entry) => entry.id);
  const gone = entries.filter((entry) => entry.tombstone).map((entry) => entry.id);
  const rest = entries
    .filter((entry) => entry.events.length !== 1 && !entry.tombstone)
    .map((entry) => entry.id);
  if (gone.length > 0) await collection.deleteMany({ _id: { $in: gone } });
  if (single.length > 0) {
    const { modifiedCount } = await collection.updateMany(
      { _id: { $in: single }, '_outbox.id': { $in: published }, '_outbox.1': { $exists: false } },
      { $unset: { [OUTBOX]: 1 } },
    );
    // A document that got a further event meanwhile keeps it and loses only what was published.
    if (modifiedCount < single.length) rest.push(...single);
  }
  if (rest.length > 0) {
    await collection.updateMany({ _id: { $in: rest }, '_outbox.id': { $in: published } }, [
      {
        $set: {
          [OUTBOX]: { $filter: { input: `$${OUTBOX}`, cond: { $not: [{ $in: ['$$this.id', published] }] } } },
        },
      },
      { $set: { [OUTBOX]: { $cond: [{ $eq: [{ $size: `$${OUTBOX}` }, 0] }, '$$REMOVE', `$${OUTBOX}`] } } },
    ]);
  }
};
