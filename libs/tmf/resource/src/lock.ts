import type { ClientSession, Store } from '@quotebridge/platform/store';

const LOCKS = 'locks';

const locksOf = (store: Store) => store.collection<{ _id: string; taken: number }>(LOCKS);

/** Makes a lock, once, when the component starts: two transactions that both insert it would not wait for one another. */
export const ensureLock = async (store: Store, name: string): Promise<void> => {
  await locksOf(store).updateOne({ _id: name }, { $setOnInsert: { taken: 0 } }, { upsert: true });
};

const turns = new WeakMap<Store, Map<string, Promise<unknown>>>();

/**
 * Runs work for which a lock is needed when all work for it that this process began earlier is over. It is the lock
 * that excludes others; taking turns only spares transactions that would begin again and again.
 */
export const inTurn = async <T>(store: Store, name: string, work: () => Promise<T>): Promise<T> => {
  const tails = turns.get(store) ?? new Map<string, Promise<unknown>>();
  turns.set(store, tails);
  const result = (tails.get(name) ?? Promise.resolve()).then(work, work);
  const tail = result.catch(() => undefined);
  tails.set(name, tail);
  try {
    return await result;
  } finally {
    if (tails.get(name) === tail) tails.delete(name);
  }
};

/** The turn of writes that hold what they refer to: they meet where they refer to the same. */
export const REFERENCES_TURN = 'checked references';

/**
 * Takes a lock until the transaction ends. A second transaction that takes it meanwhile is begun again by the store
 * and then sees what the first one has written.
 */
export const takeLock = async (store: Store, name: string, session: ClientSession): Promise<void> => {
  const { matchedCount } = await locksOf(store).updateOne({ _id: name }, { $inc: { taken: 1 } }, { session });
  if (matchedCount === 0) throw new Error(`The lock ${name} was not made at start: call ensureLock.`);
};
