import {
  ensureCollection,
  type ClientSession,
  type Collection,
  type IndexSpec,
  type Store,
} from '@quotebridge/platform/store';

const KEEP_SECONDS = 90 * 24 * 3600;

/** A message that is to reach one receiver outside: sent again and again until it is taken, or dead. */
export interface Outgoing {
  readonly _id: string;
  /** Where it goes: an address of a webhook, or `mailto:` with an e-mail address. */
  readonly url: string;
  /** Who answers there; messages of an earlier version do not say it. */
  readonly receiver?: string;
  /** Of an e-mail. */
  readonly subject?: string;
  /** Exactly what is sent, and signed where it goes to a webhook. */
  readonly body: string;
  readonly state: 'waiting' | 'delivered' | 'dead';
  readonly attempts: number;
  readonly at: Date;
  /** Not to be sent before. */
  readonly dueAt: Date;
  readonly lastError?: string;
  readonly deliveredAt?: Date;
}

/** What a message is made of, with what its kind adds; the rest is how far its delivery has come. */
export type NewOutgoing = Pick<Outgoing, '_id' | 'url' | 'subject' | 'body'>;

/** Who is behind an address: addresses of one host are answered, or not, together. */
export const receiverOf = (url: string): string => (url.startsWith('mailto:') ? url : new URL(url).origin);

/** Messages that are being sent already, and receivers that get enough at the moment. */
interface Taken {
  readonly ids: readonly string[];
  readonly receivers: readonly string[];
}

/** An index that removes old documents by the time at `name`. */
export const oldBy = (name: string): IndexSpec => ({
  keys: { [name]: 1 },
  options: { expireAfterSeconds: KEEP_SECONDS },
});

/** Removes what was dead for as long: it was last due when it was tried for the last time. One that is sent again begins anew. */
const DEAD_BY: IndexSpec = {
  keys: { dueAt: 1 },
  options: { expireAfterSeconds: KEEP_SECONDS, partialFilterExpression: { state: 'dead' } },
};

/** Messages of one kind that are to be sent; they survive every restart. */
export class OutgoingStore<T extends Outgoing> {
  private constructor(private readonly messages: Collection<Outgoing>) {}

  static async open<T extends Outgoing>(
    store: Store,
    collection: string,
    indexes: readonly IndexSpec[] = [],
  ): Promise<OutgoingStore<T>> {
    await ensureCollection(store, collection, [
      { keys: { state: 1, dueAt: 1, receiver: 1 } },
      { keys: { at: -1 } },
      oldBy('deliveredAt'),
      DEAD_BY,
      ...indexes,
    ]);
    return new OutgoingStore<T>(store.collection<Outgoing>(collection));
  }

  /** Stores messages, each once by its id however often they are added. */
  async add(messages: readonly NewOutgoing[], at: Date, session?: ClientSession): Promise<void> {
    if (messages.length === 0) return;
    await this.messages.bulkWrite(
      messages.map(({ _id, ...message }) => {
        const begun: Omit<Outgoing, '_id'> = {
          ...message,
          receiver: receiverOf(message.url),
          state: 'waiting' as const,
          attempts: 0,
          at,
          dueAt: at,
        };
        return { updateOne: { filter: { _id }, update: { $setOnInsert: begun }, upsert: true } };
      }),
      { ordered: false, ...(session ? { session } : {}) },
    );
  }

  /** What is to be sent now, the longest due first, but for what `except` names. */
  due(now: Date, limit: number, except: Taken): Promise<Outgoing[]> {
    const { ids, receivers } = except;
    return this.messages
      .find({
        state: 'waiting',
        dueAt: { $lte: now },
        _id: { $nin: [...ids] },
        receiver: { $nin: [...receivers] },
      })
      .sort({ dueAt: 1 })
      .limit(limit)
      .toArray();
  }

  async list(filter: Readonly<Record<string, string>>, limit: number): Promise<T[]> {
    return (await this.messages.find(filter).sort({ at: -1 }).limit(limit).toArray()) as T[];
  }

  count(state: Outgoing['state']): Promise<number> {
    return this.messages.countDocuments({ state }, { limit: 100_000 });
  }

  async change(id: string, change: Partial<Outgoing>): Promise<void> {
    await this.messages.updateOne({ _id: id }, { $set: change });
  }

  /** Sends a dead one again from the beginning; false when there is none. */
  async revive(id: string, at: Date): Promise<boolean> {
    const { matchedCount } = await this.messages.updateOne(
      { _id: id, state: 'dead' },
      { $set: { state: 'waiting', attempts: 0, dueAt: at } },
    );
    return matchedCount > 0;
  }
}
