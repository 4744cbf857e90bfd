import { ensureCollection } from './indexes';
import { isDuplicateKey, type ClientSession, type Store } from './store';

const COLLECTION = 'processed_events';
const KEEP_SECONDS = 30 * 24 * 3600;

class AlreadyApplied extends Error {}

/**
 * Remembers which events a consumer has applied. The mark and the effect are one transaction, so that a crash
 * between them cannot happen: an event delivered twice changes the store once. The transaction of a killed process
 * holds its event until MongoDB gives it up (`transactionLifetimeLimitSeconds`, 60 by default); then it is applied.
 */
export class Inbox {
  private constructor(private readonly store: Store) {}

  static async open(store: Store): Promise<Inbox> {
    await ensureCollection(store, COLLECTION, [
      { keys: { at: 1 }, options: { expireAfterSeconds: KEEP_SECONDS } },
    ]);
    return new Inbox(store);
  }

  /** Runs `effect` unless `consumer` has applied `eventId` before. Returns whether it ran. */
  async applyOnce(
    consumer: string,
    eventId: string,
    effect: (session: ClientSession) => Promise<void>,
  ): Promise<boolean> {
    const _id = `${consumer}|${eventId}`;
    try {
      await this.store.transaction(async (session) => {
        try {
          await this.store.collection(COLLECTION).insertOne({ _id, at: new Date() }, { session });
        } catch (thrown) {
          throw isDuplicateKey(thrown) ? new AlreadyApplied() : thrown;
        }
        await effect(session);
      });
      return true;
    } catch (thrown) {
      if (thrown instanceof AlreadyApplied) return false;
      throw thrown;
    }
  }
}
