import { stableId } from '@quotebridge/platform/core';
import { ensureCollection, type Collection, type Store } from '@quotebridge/platform/store';
import type { Progress } from './progress';

const NOTICES = 'confirmations';
const CALLBACKS = 'callbacks';
const KEEP_SECONDS = 90 * 24 * 3600;

/** A confirmation for one receiver. */
export interface Notice {
  readonly _id: string;
  readonly orderId: string;
  readonly url: string;
  readonly status: Progress['status'];
  /** Exactly what is sent and signed. */
  readonly body: string;
  readonly state: 'waiting' | 'delivered' | 'dead';
  readonly attempts: number;
  readonly at: Date;
  /** Not to be sent before. */
  readonly dueAt: Date;
  readonly lastError?: string;
  readonly deliveredAt?: Date;
}

interface Callback {
  _id: string;
  url: string;
  at: Date;
}

/** Confirmations that are to be sent, and where each order wants them. */
export class NoticeStore {
  private constructor(
    private readonly notices: Collection<Notice>,
    private readonly callbacks: Collection<Callback>,
  ) {}

  static async open(store: Store): Promise<NoticeStore> {
    const old = (name: string) => ({
      keys: { [name]: 1 } as const,
      options: { expireAfterSeconds: KEEP_SECONDS },
    });
    await ensureCollection(store, NOTICES, [
      { keys: { state: 1, dueAt: 1 } },
      { keys: { orderId: 1 } },
      old('deliveredAt'),
    ]);
    await ensureCollection(store, CALLBACKS, [old('at')]);
    return new NoticeStore(store.collection<Notice>(NOTICES), store.collection<Callback>(CALLBACKS));
  }

  /** Notes where an order wants its confirmation; before the order is placed. */
  async register(orderId: string, url: string, at: Date): Promise<void> {
    await this.callbacks.updateOne({ _id: orderId }, { $setOnInsert: { url, at } }, { upsert: true });
  }

  async callbackOf(orderId: string): Promise<string | undefined> {
    return (await this.callbacks.findOne({ _id: orderId }))?.url;
  }

  /** Stores what is to be told to these receivers, each news once however often it is heard. */
  async add(progress: Progress, urls: readonly string[], at: Date): Promise<void> {
    if (urls.length === 0) return;
    await this.notices.bulkWrite(
      urls.map((url) => {
        const _id = stableId('gateway', 'confirmation', progress.id, progress.status, url);
        const body = JSON.stringify({
          event: `order.${progress.status}`,
          eventId: _id,
          at: at.toISOString(),
          ...progress,
        });
        const notice = {
          orderId: progress.id,
          url,
          status: progress.status,
          body,
          state: 'waiting' as const,
          attempts: 0,
          at,
          dueAt: at,
        };
        return { updateOne: { filter: { _id }, update: { $setOnInsert: notice }, upsert: true } };
      }),
      { ordered: false },
    );
  }

  due(now: Date, limit: number): Promise<Notice[]> {
    return this.notices
      .find({ state: 'waiting', dueAt: { $lte: now } })
      .sort({ dueAt: 1 })
      .limit(limit)
      .toArray();
  }

  list(filter: Partial<Pick<Notice, 'state' | 'orderId'>>, limit: number): Promise<Notice[]> {
    return this.notices.find(filter).sort({ at: -1 }).limit(limit).toArray();
  }

  count(state: Notice['state']): Promise<number> {
    return this.notices.countDocuments({ state }, { limit: 100_000 });
  }

  async change(id: string, change: Partial<Notice>): Promise<void> {
    await this.notices.updateOne({ _id: id }, { $set: change });
  }

  /** Sends a dead one again from the beginning; false when there is none. */
  async revive(id: string, at: Date): Promise<boolean> {
    const { matchedCount } = await this.notices.updateOne(
      { _id: id, state: 'dead' },
      { $set: { state: 'waiting', attempts: 0, dueAt: at } },
    );
    return matchedCount > 0;
  }
}
