import { Refusal } from '@quotebridge/platform/core';
import {
  isDuplicateKey,
  OUTBOX,
  TOMBSTONES,
  type ClientSession,
  type Collection,
  type OutboxEvent,
  type Store,
} from '@quotebridge/platform/store';
import { withSpan, type Context } from '@quotebridge/platform/telemetry';
import { archivedRange, type StoredResource } from './stored';

const WITHOUT_OUTBOX = { [OUTBOX]: 0 } as const;

const inSession = (session: ClientSession | undefined): { session?: ClientSession } =>
  session ? { session } : {};

/** One resource's collection. Each write carries its events; reads never see them. */
export class ResourceRepository {
  readonly collection: Collection<StoredResource>;

  constructor(
    private readonly store: Store,
    readonly name: string,
  ) {
    this.collection = store.collection<StoredResource>(name);
  }

  find(id: string, session?: ClientSession): Promise<StoredResource | null> {
    return this.collection.findOne({ _id: id }, { projection: WITHOUT_OUTBOX, ...inSession(session) });
  }

  /** The latest and every archived version of an id. */
  findVersions(id: string, session?: ClientSession): Promise<StoredResource[]> {
    const { from, to } = archivedRange(id);
    return this.collection
      .find(
        { $or: [{ _id: id }, { _id: { $gte: from, $lt: to } }] },
        { projection: WITHOUT_OUTBOX, ...inSession(session) },
      )
      .sort({ _id: 1 })
      .toArray();
  }

  /** Stores a new document with its events. Refuses with 409 when its id or an external identifier is taken. */
  async insert(document: StoredResource, session?: ClientSession, trace?: Context): Promise<void> {
    try {
      await this.spanned('insert', trace, () => this.collection.insertOne(document, inSession(session)));
    } catch (thrown) {
      if (!isDuplicateKey(thrown)) throw thrown;
      throw new Refusal(
        409,
        'alreadyExists',
        `A ${this.name} with the id ${document._id} or its external identifier exists already`,
        {
          cause: thrown,
        },
      );
    }
  }

  /**
   * Replaces the attributes when the revision is still the one that was read, and adds the events to those that
   * wait: one atomic operation. False when somebody else was faster.
   */
  async replace(
    document: StoredResource,
    expectedRevision: number,
    events: readonly OutboxEvent[],
    session?: ClientSession,
    trace?: Context,
  ): Promise<boolean> {
    // $literal keeps names and values of the document from being read as operators.
    const update = () =>
      this.collection.updateOne(
        { _id: document._id, _rev: expectedRevision, _at: document._at },
        [
          {
            $replaceWith: {
              $mergeObjects: [
                { $literal: document },
                { [OUTBOX]: { $concatArrays: [{ $ifNull: [`$${OUTBOX}`, []] }, { $literal: events }] } },
              ],
            },
          },
        ],
        inSession(session),
      );
    const { matchedCount } = await this.spanned('update', trace, update);
    return matchedCount === 1;
  }

  /** Removes a document; its pending events and the ones of the removal stay behind until they are published. */
  async remove(
    document: StoredResource,
    events: readonly OutboxEvent[],
    tombstoneId: string,
    session: ClientSession,
  ): Promise<boolean> {
    const removed = await this.collection.findOneAndDelete(
      { _id: document._id, _rev: document._rev, _at: document._at },
      { session, projection: { [OUTBOX]: 1 } },
    );
    if (!removed) return false;
    await this.store.collection(TOMBSTONES).insertOne(
      {
        _id: tombstoneId,
        key: `${this.name}/${document._id}`,
        [OUTBOX]: [...(removed._outbox ?? []), ...events],
      },
      { session },
    );
    return true;
  }

  /** A client span around a write, named as the conventions for databases ask. */
  private spanned<T>(operation: string, trace: Context | undefined, run: () => Promise<T>): Promise<T> {
    if (!trace) return run();
    const attributes = {
      'db.system.name': 'mongodb',
      'db.operation.name': operation,
      'db.collection.name': this.name,
    };
    return withSpan(`${operation} ${this.name}`, 'client', attributes, trace, run);
  }
}
