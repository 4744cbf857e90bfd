import type { Clock } from '@quotebridge/platform/core';
import { bodyLength, OUTBOX, OUTBOX_INDEX, TOMBSTONES, type OutboxEvent } from './outbox';
import { SWEEP, type RelayWork } from './relay-work';
import type { Collection, Store, StoredDocument } from './store';

const BATCH = 256;
/** Characters of event bodies read at once from a collection; a batch of large resources must fit in memory. */
const BATCH_LENGTH = 16 * 1024 * 1024;

/** Hands one event to the broker; resolves when the broker has stored it. */
export type PublishEvent = (event: OutboxEvent, key: string) => Promise<void>;

/** What came of one pass. */
export interface PassResult {
  readonly published: number;
  /** Events that the broker did not take. */
  readonly failed: number;
  /** There was more than one batch: ask for another pass. */
  readonly more: boolean;
}

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

interface Batch {
  readonly entries: readonly Pending[];
  readonly full: boolean;
}

/**
 * Moves pending events from the documents to the broker: in order within a document, in parallel across
 * documents, at least once. An event is removed only after the broker's acknowledgement and only by its id, so
 * one that is written meanwhile stays. Run it under a lease; two at once are correct but publish out of order.
 */
export class OutboxRelay {
  /** Ids of the events that the last pass published. */
  private published: ReadonlySet<string> = new Set();
  /** Keys that have an event which cannot be opened: this process never will, and many of them must not fill its batches. */
  private readonly unreadable = new Set<string>();

  constructor(
    private readonly store: Store,
    private readonly collections: readonly string[],
    private readonly publish: PublishEvent,
    private readonly observer: RelayObserver,
    private readonly clock: Clock,
    /** Makes of an event that waited in the store what is published; one that cannot be opened stays, with those behind it. */
    private readonly opened: (event: OutboxEvent) => OutboxEvent = (event) => event,
  ) {}

  /**
   * One pass over what `work` names, all collections unless given, as long as `mayGoOn` (the lease may be lost on the
   * way).
   */
  async pass(mayGoOn: () => boolean = () => true, work: RelayWork = SWEEP): Promise<PassResult> {
    const { pending, more } = await this.pendingFor(work);
    if (pending.length === 0) return { published: 0, failed: 0, more };

    const byKey = new Map<string, Pending[]>();
    for (const entry of pending) {
      const chain = byKey.get(entry.key);
      if (chain) chain.push(entry);
      else byKey.set(entry.key, [entry]);
    }
    const chains = [...byKey.values()];
    const results = await Promise.all(chains.map((chain) => this.publishChain(chain, mayGoOn)));
    const done = results.flatMap((result) => result.done);
    this.published = new Set(done.flatMap(({ events }) => events.map(({ id }) => id)));
    await this.clear(done);
    return {
      published: done.reduce((sum, entry) => sum + entry.events.length, 0),
      failed: results.filter((result) => result.failed).length,
      more,
    };
  }

  private async pendingFor({
    collections,
    fresh,
  }: RelayWork): Promise<{ pending: Pending[]; more: boolean }> {
    const names =
      collections === undefined ? this.collections : this.collections.filter((name) => collections.has(name));
    const isRead =
      names.length > 0 || collections?.has(TOMBSTONES) === true || fresh.some((one) => one.fresh.given);
    // Documents before tombstones: an id that was deleted and made again shows its tombstone to a later read.
    const batches = await Promise.all(names.map((name) => this.pendingOf(name, false)));
    const tombstones = isRead ? await this.pendingOf(TOMBSTONES, true) : { entries: [], full: false };
    // A tombstone beyond a full batch may have to leave before a document that was read: documents wait for it.
    const documents = tombstones.full ? [] : batches.flatMap((one) => one.entries);
    const read = new Set(documents.map(({ key }) => key));
    const buried = new Set(tombstones.entries.flatMap(({ events }) => events.map(({ id }) => id)));
    const unread = fresh
      .filter((one) => !(tombstones.full && one.fresh.given))
      .map((one) => this.freshOf(one))
      .filter((one) => this.isNews(one, read, buried));
    return {
      pending: [...tombstones.entries, ...documents, ...unread],
      more: tombstones.full || batches.some(({ full }) => full),
    };
  }

  private freshOf({ collection, fresh: { id, events } }: RelayWork['fresh'][number]): Pending {
    const key = `${collection}/${id}`;
    return { collection: this.store.collection(collection), id, key, events, tombstone: false };
  }

  /** A document that was read, or is gone, has its events there; what the last pass read and published is done. */
  private isNews(
    { key, events: [first] }: Pending,
    read: ReadonlySet<string>,
    buried: ReadonlySet<string>,
  ): boolean {
    return first !== undefined && !read.has(key) && !buried.has(first.id) && !this.published.has(first.id);
  }

  private async pendingOf(name: string, tombstone: boolean): Promise<Batch> {
    const collection = this.store.collection(name);
    const documents = collection
      .find({ '_outbox.at': { $exists: true }, ...this.withoutUnreadable(name, tombstone) })
      .project<{ _id: string; key?: string; _outbox?: OutboxEvent[] }>({ [OUTBOX]: 1, key: 1 })
      .hint(OUTBOX_INDEX.options?.name ?? '')
      .sort({ '_outbox.at': 1 })
      .limit(BATCH);
    const entries: Pending[] = [];
    let length = 0;
    for await (const { _id: id, key, _outbox: events = [] } of documents) {
      entries.push({ collection, id, key: tombstone ? (key ?? id) : `${name}/${id}`, events, tombstone });
      length += events.reduce((sum, event) => sum + bodyLength(event), 0);
      if (length >= BATCH_LENGTH) break;
    }
    return { entries, full: entries.length === BATCH || length >= BATCH_LENGTH };
  }

  private withoutUnreadable(name: string, tombstone: boolean): object {
    const keys = [...this.unreadable];
    if (keys.length === 0) return {};
    if (tombstone) return { key: { $nin: keys } };
    const own = keys.filter((key) => key.startsWith(`${name}/`));
    return { _id: { $nin: own.map((key) => key.slice(name.length + 1)) } };
  }

  /** Publishes the events of one key in order and stops at the first that fails; tells what is done. */
  private async publishChain(
    chain: readonly Pending[],
    mayGoOn: () => boolean,
  ): Promise<{ done: Pending[]; failed: boolean }> {
    const done: Pending[] = [];
    for (const entry of chain) {
      const sent: OutboxEvent[] = [];
      const failed = await this.publishEvents(entry, sent, mayGoOn);
      if (sent.length === entry.events.length) done.push(entry);
      else if (sent.length > 0) done.push({ ...entry, events: sent, tombstone: false });
      if (sent.length < entry.events.length) return { done, failed };
    }
    return { done, failed: false };
  }

  private async publishEvents(entry: Pending, sent: OutboxEvent[], mayGoOn: () => boolean): Promise<boolean> {
    try {
      for (const event of entry.events) {
        if (!mayGoOn()) return false;
        await this.publish(this.open(event, entry.key), entry.key);
        sent.push(event);
        this.observer.published(event, this.clock.now() - event.at.getTime());
      }
      return false;
    } catch (thrown) {
      this.observer.failed(thrown);
      return true;
    }
  }

  private open(event: OutboxEvent, key: string): OutboxEvent {
    try {
      return this.opened(event);
    } catch (thrown) {
      this.unreadable.add(key);
      throw thrown;
    }
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
