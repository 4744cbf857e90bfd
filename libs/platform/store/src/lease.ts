import type { Clock } from '@quotebridge/platform/core';
import { isDuplicateKey, type Store } from './store';

const COLLECTION = 'leases';

interface LeaseDocument {
  _id: string;
  holder: string;
  /** By the clock of the database, so that clocks of the holders need not agree. */
  until: Date;
}

/** What a lease needs to know. */
export interface LeaseOptions {
  readonly name: string;
  /** Unique for this process. */
  readonly holder: string;
  /** How long the lease lasts without a renewal, in milliseconds. */
  readonly ttlMs: number;
  readonly clock: Clock;
}

/**
 * A named right that one process holds at a time. Correctness never rests on it (work done under it is
 * idempotent); it keeps order and saves double work. Lost when not renewed within `ttlMs`.
 */
export class Lease {
  private heldUntil = 0;

  constructor(
    private readonly store: Store,
    private readonly options: LeaseOptions,
  ) {}

  /** True while this process may act on the lease. */
  get held(): boolean {
    return this.options.clock.now() < this.heldUntil;
  }

  /** Takes or renews the lease; false when another process has it. */
  async acquire(): Promise<boolean> {
    const { name, holder, ttlMs, clock } = this.options;
    const askedAt = clock.now();
    const free = {
      $or: [{ $eq: ['$holder', { $literal: holder }] }, { $lte: [{ $ifNull: ['$until', null] }, '$$NOW'] }],
    };
    const take = { holder: { $literal: holder }, until: { $add: ['$$NOW', ttlMs] } };
    const keep = { holder: '$holder', until: '$until' };
    try {
      const now = await this.store
        .collection<LeaseDocument>(COLLECTION)
        .findOneAndUpdate(
          { _id: name },
          [{ $replaceWith: { $mergeObjects: ['$$ROOT', { $cond: [free, take, keep] }] } }],
          { upsert: true, returnDocument: 'after' },
        );
      this.heldUntil = now?.holder === holder ? askedAt + ttlMs : 0;
    } catch (thrown) {
      // Two made the lease at once and the other one was faster.
      if (!isDuplicateKey(thrown)) throw thrown;
      this.heldUntil = 0;
    }
    return this.held;
  }

  /** Gives the lease up so that another process need not wait for it to lapse. */
  async release(): Promise<void> {
    this.heldUntil = 0;
    const { name, holder } = this.options;
    await this.store.collection<LeaseDocument>(COLLECTION).deleteOne({ _id: name, holder });
  }
}

/** Who holds the leases whose names begin like this, by the clock of the database; sorted. */
export const leaseHolders = async (store: Store, beginning: string): Promise<readonly string[]> => {
  const held = await store
    .collection<LeaseDocument>(COLLECTION)
    .find({
      _id: { $gte: beginning, $lt: `${beginning}\uffff` },
      $expr: { $gt: [{ $ifNull: ['$until', null] }, '$$NOW'] },
    })
    .toArray();
  return held.map(({ holder }) => holder).sort();
};
