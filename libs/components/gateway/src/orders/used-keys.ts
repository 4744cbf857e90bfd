import { createHash } from 'node:crypto';
import { Refusal } from '@quotebridge/platform/core';
import {
  ensureCollection,
  groupedInserts,
  isDuplicateKey,
  type Collection,
  type GroupedCalls,
  type Store,
} from '@quotebridge/platform/store';

const COLLECTION = 'used_keys';
const KEEP_SECONDS = 24 * 3600;

interface KeyDocument {
  _id: string;
  at: Date;
  digest: string;
}

/** The refusal of a key that stands for another order. */
export const keyReused = (): Refusal =>
  new Refusal(
    409,
    'idempotencyKeyReused',
    'This Idempotency-Key was used with another order; take a new key',
  );

/**
 * Remembers for a day which order an Idempotency-Key stood for. Carrying an order out twice has the same effect as once, so a
 * key is only needed to tell that it now comes with another order.
 */
export class UsedKeys {
  private readonly inserts: GroupedCalls<KeyDocument, void>;

  private constructor(private readonly collection: Collection<KeyDocument>) {
    this.inserts = groupedInserts(collection, { largest: 128, underWay: 2 });
  }

  static async open(store: Store): Promise<UsedKeys> {
    await ensureCollection(store, COLLECTION, [
      { keys: { at: 1 }, options: { expireAfterSeconds: KEEP_SECONDS } },
    ]);
    return new UsedKeys(store.collection<KeyDocument>(COLLECTION));
  }

  /** Takes the key for what `digest` stands for; 409 when it stands for something else already. */
  async claim(caller: string, key: string, digest: string, at: Date): Promise<void> {
    const _id = createHash('sha256')
      .update(JSON.stringify([caller, key]))
      .digest('base64url');
    try {
      await this.inserts.call({ _id, at, digest });
    } catch (thrown) {
      if (!isDuplicateKey(thrown)) throw thrown;
      const known = await this.collection.findOne({ _id });
      if (known?.digest === digest) return;
      throw keyReused();
    }
  }
}
