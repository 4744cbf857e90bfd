import { Refusal, versionOf } from '@quotebridge/platform/core';
import {
  bulkRefusals,
  groupedInserts,
  isDuplicateKey,
  isTooLarge,
  OUTBOX,
  type ClientSession,
  type Collection,
  type GroupedCalls,
  type OutboxEvent,
  type Store,
} from '@quotebridge/platform/store';
import { withSpan, type Context } from '@quotebridge/platform/telemetry';
import type { FieldCipher } from './encryption/field-cipher';
import { insertTombstones, outgrows } from './event-overflow';
import { GROUP_LIMITS, groupedReads, mayGoTogether, WITHOUT_OUTBOX } from './grouped-access';
import { archivedRange, parseId, type StoredResource } from './stored';

const inSession = (session: ClientSession | undefined): { session?: ClientSession } =>
  session ? { session } : {};

/** A write that changes nothing would hold nothing. */
const HELD_ONCE_MORE = { _held: { $add: [{ $ifNull: ['$_held', 0] }, 1] } };

/**
 * One resource's collection. Each write carries its events; reads never see them. Fields that are declared so are sealed on
 * the way in and opened on the way out, the events that wait as well.
 */
export class ResourceRepository {
  /** As it is stored, sealed fields included; for filters and projections of what is never sealed. */
  readonly collection: Collection<StoredResource>;
  private readonly reads: ReturnType<typeof groupedReads>;
  private readonly inserts: GroupedCalls<StoredResource, void>;

  constructor(
    private readonly store: Store,
    readonly name: string,
    readonly cipher?: FieldCipher,
  ) {
    this.collection = store.collection<StoredResource>(name);
    this.reads = groupedReads(this.collection, this.opened);
    this.inserts = groupedInserts(this.collection, GROUP_LIMITS);
  }

  /** A stored document as its users know it. */
  readonly opened = (stored: StoredResource): StoredResource =>
    this.cipher === undefined ? stored : this.cipher.open(stored);

  async find(id: string, session?: ClientSession): Promise<StoredResource | null> {
    if (!session) return this.reads.call(id);
    const found = await this.collection.findOne({ _id: id }, { projection: WITHOUT_OUTBOX, session });
    return found && this.opened(found);
  }

  /** The document that a path or a reference names: `42:(version=1.0)` may be the latest or an archived one. */
  async findNamed(named: string): Promise<StoredResource | null> {
    const { id, version } = parseId(named);
    if (version === undefined) return this.find(named);
    const asLatest = async (): Promise<StoredResource | undefined> => {
      const latest = await this.find(id);
      return latest && versionOf(latest) === version ? latest : undefined;
    };
    // It may have become the latest meanwhile, as the one above it was removed.
    return (await asLatest()) ?? (await this.find(named)) ?? (await asLatest()) ?? null;
  }

  /** The latest and every archived version of an id. */
  async findVersions(id: string, session?: ClientSession): Promise<StoredResource[]> {
    const { from, to } = archivedRange(id);
    const found = await this.collection
      .find(
        { $or: [{ _id: id }, { _id: { $gte: from, $lt: to } }] },
        { projection: WITHOUT_OUTBOX, ...inSession(session) },
      )
      .sort({ _id: 1 })
      .toArray();
    return found.map(this.opened);
  }

  /**
   * Stores a new document with its events. Refuses with 409 when its id or an external identifier is taken and
   * with 413 when it is larger than the store holds.
   */
  async insert(document: StoredResource, session?: ClientSession, trace?: Context): Promise<void> {
    const stored = this.sealed(document);
    const { _outbox: events = [], ...bare } = stored;
    const write = async (): Promise<void> => {
      if (!session && mayGoTogether(stored)) await this.inserts.call(stored);
      else if (!outgrows(events)) await this.collection.insertOne(stored, inSession(session));
      else
        await this.together(session, async (inside) => {
          await this.collection.insertOne(bare, { session: inside });
          await insertTombstones(this.store, this.keyOf(document._id), events, inside);
        });
    };
    try {
      await this.spanned('insert', trace, write);
    } catch (thrown) {
      this.refuseTooLarge(thrown);
      if (!isDuplicateKey(thrown)) throw thrown;
      throw new Refusal(
        409,
        'alreadyExists',
        `A ${this.name} with the id ${document._id} or its external identifier exists already`,
        { cause: thrown },
      );
    }
  }

  /**
   * Stores new documents, each with its events, and gives the ids of those that were not stored: because their id is
   * taken, or they are too large for this way. In a transaction an id that is taken rejects: it ends the transaction.
   */
  async insertMany(given: readonly StoredResource[], session?: ClientSession): Promise<ReadonlySet<string>> {
    const documents = given.map(this.sealed);
    const large = documents.filter(({ _outbox: events = [] }) => outgrows(events));
    const left = new Set(large.map(({ _id }) => _id));
    const fitting = documents.filter(({ _id }) => !left.has(_id));
    if (fitting.length === 0) return left;
    try {
      await this.collection.insertMany([...fitting], { ordered: false, ...inSession(session) });
    } catch (thrown) {
      if (session) throw thrown;
      const refused = bulkRefusals(thrown);
      if (refused === undefined || ![...refused.values()].every(isDuplicateKey)) throw thrown;
      for (const index of refused.keys()) left.add(fitting[index]?._id ?? '');
    }
    return left;
  }

  /**
   * Replaces the attributes when the revision is still the one that was read, and adds the events to those that
   * wait: one atomic operation. False when somebody else was faster; 413 when the document gets too large.
   */
  async replace(
    given: StoredResource,
    expectedRevision: number,
    told: readonly OutboxEvent[],
    session?: ClientSession,
    trace?: Context,
  ): Promise<boolean> {
    const document = this.sealed(given);
    const events = this.sealedEvents(told);
    const write = async (): Promise<boolean> => {
      if (outgrows(events)) return this.replaceLarge(document, expectedRevision, events, session);
      try {
        return await this.replaceEmbedded(document, expectedRevision, events, session);
      } catch (thrown) {
        // Events that wait for a broker that is away can fill a document. A failed statement ends a transaction.
        if (session || !isTooLarge(thrown)) throw thrown;
        return this.replaceLarge(document, expectedRevision, events, session);
      }
    };
    try {
      return await this.spanned('update', trace, write);
    } catch (thrown) {
      this.refuseTooLarge(thrown);
      throw thrown;
    }
  }

  /**
   * Removes a document in the state that was read; its pending events and the ones of the removal stay behind until
   * they are published. False when somebody else was faster.
   */
  async remove(
    document: StoredResource,
    events: readonly OutboxEvent[],
    session: ClientSession,
  ): Promise<boolean> {
    const removed = await this.collection.findOneAndDelete(
      { _id: document._id, _rev: document._rev, _at: document._at },
      { session, projection: { [OUTBOX]: 1 } },
    );
    if (!removed) return false;
    const waiting = [...(removed._outbox ?? []), ...this.sealedEvents(events)];
    await insertTombstones(this.store, this.keyOf(document._id), waiting, session);
    return true;
  }

  /**
   * Holds documents until the transaction ends: whoever changes or removes one in a transaction of his own comes before
   * this one or after it. Their state, and so their ETag, stays as it is.
   */
  async hold(ids: readonly string[], session: ClientSession): Promise<void> {
    await this.collection.updateMany({ _id: { $in: [...ids] } }, [{ $set: HELD_ONCE_MORE }], { session });
  }

  /** Seals a document anew that is still as it was read; nobody is told, since nothing of it has changed. */
  async sealAgain(document: StoredResource): Promise<boolean> {
    return this.replaceEmbedded(this.sealed(document), document._rev, [], undefined);
  }

  private readonly sealed = (document: StoredResource): StoredResource =>
    this.cipher === undefined ? document : this.cipher.seal(document);

  private sealedEvents(events: readonly OutboxEvent[]): readonly OutboxEvent[] {
    return this.cipher === undefined ? events : this.cipher.sealEvents(events);
  }

  private async replaceEmbedded(
    document: StoredResource,
    expectedRevision: number,
    events: readonly OutboxEvent[],
    session: ClientSession | undefined,
  ): Promise<boolean> {
    // $literal keeps names and values of the document from being read as operators.
    const outbox = { $concatArrays: [{ $ifNull: [`$${OUTBOX}`, []] }, { $literal: events }] };
    const { matchedCount } = await this.collection.updateOne(
      { _id: document._id, _rev: expectedRevision, _at: document._at },
      [{ $replaceWith: { $mergeObjects: [{ $literal: document }, { [OUTBOX]: outbox }] } }],
      inSession(session),
    );
    return matchedCount === 1;
  }

  /** The same for what does not fit into one document: all pending events move out, which keeps their order. */
  private replaceLarge(
    document: StoredResource,
    expectedRevision: number,
    events: readonly OutboxEvent[],
    session: ClientSession | undefined,
  ): Promise<boolean> {
    return this.together(session, async (inside) => {
      const before = await this.collection.findOneAndUpdate(
        { _id: document._id, _rev: expectedRevision, _at: document._at },
        [{ $replaceWith: { $literal: document } }],
        { session: inside, projection: { [OUTBOX]: 1 }, returnDocument: 'before' },
      );
      if (!before) return false;
      const waiting = [...(before._outbox ?? []), ...events];
      await insertTombstones(this.store, this.keyOf(document._id), waiting, inside);
      return true;
    });
  }

  private keyOf(id: string): string {
    return `${this.name}/${id}`;
  }

  private together<T>(
    session: ClientSession | undefined,
    work: (session: ClientSession) => Promise<T>,
  ): Promise<T> {
    return session ? work(session) : this.store.transaction(work);
  }

  private refuseTooLarge(thrown: unknown): void {
    if (!isTooLarge(thrown)) return;
    throw new Refusal(413, 'resourceTooLarge', `The ${this.name} is larger than the store holds (16 MB)`, {
      cause: thrown,
    });
  }

  /** A client span around a write, named as the conventions for databases ask. */
  private spanned<T>(operation: string, trace: Context | undefined, run: () => Promise<T>): Promise<T> {
    if (!trace) return run();
    const attributes = {
      'db.system.name': 'mongodb',
      'db.namespace': this.collection.dbName,
      'db.operation.name': operation,
      'db.collection.name': this.name,
    };
    return withSpan(`${operation} ${this.name}`, 'client', attributes, trace, run);
  }
}
