import {
  ensureCollection,
  type ClientSession,
  type Collection,
  type Store,
} from '@quotebridge/platform/store';
import type { Subscription } from './subscription';

const COLLECTION = 'hub_subscriptions';
const NOT_ENDED = { state: { $ne: 'ended' } } as const;

/** The subscriptions of one component, in its database. */
export class SubscriptionStore {
  private constructor(private readonly collection: Collection<Subscription>) {}

  static async open(store: Store): Promise<SubscriptionStore> {
    await ensureCollection(store, COLLECTION, [{ keys: { state: 1, _id: 1 } }]);
    return new SubscriptionStore(store.collection<Subscription>(COLLECTION));
  }

  async insert(subscription: Subscription, session?: ClientSession): Promise<void> {
    await this.collection.insertOne(subscription, session ? { session } : {});
  }

  find(id: string): Promise<Subscription | null> {
    return this.collection.findOne({ _id: id, ...NOT_ENDED });
  }

  list(filter: Partial<Pick<Subscription, 'api' | 'version' | 'state'>>): Promise<Subscription[]> {
    return this.collection
      .find({ ...NOT_ENDED, ...filter })
      .sort({ _id: 1 })
      .toArray();
  }

  /** How many there are, parked ones included. */
  count(): Promise<number> {
    return this.collection.countDocuments(NOT_ENDED);
  }

  /** Nobody sees it any more; {@link remove} follows when its consumer is gone. */
  async end(id: string): Promise<void> {
    await this.collection.updateOne({ _id: id }, { $set: { state: 'ended' } });
  }

  async remove(id: string): Promise<void> {
    await this.collection.deleteOne({ _id: id });
  }

  async delivered(id: string, at: Date): Promise<void> {
    await this.collection.updateOne(
      { _id: id },
      { $set: { lastDeliveryAt: at }, $inc: { delivered: 1 }, $unset: { lastError: 1 } },
    );
  }

  async failed(id: string, reason: string): Promise<void> {
    await this.collection.updateOne({ _id: id }, { $set: { lastError: reason } });
  }

  async park(id: string, reason: string, at: Date): Promise<void> {
    await this.collection.updateOne(
      { _id: id, ...NOT_ENDED },
      { $set: { state: 'parked', lastError: reason, parkedAt: at } },
    );
  }

  async resume(id: string): Promise<void> {
    await this.collection.updateOne(
      { _id: id, ...NOT_ENDED },
      { $set: { state: 'active' }, $unset: { parkedAt: 1, lastError: 1 } },
    );
  }
}
