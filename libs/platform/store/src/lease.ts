import type { Clock } from '@quotebridge/platform/core';
import { isDuplicateKey, type Store } from './store';

const COLLECTION = 'leases';

interface LeaseDocument {
  _id: string;
  holder: string;
  until: number;
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
    const now = clock.now();
    const until = now + ttlMs;
    try {
      await this.store
        .collection<LeaseDocument>(COLLECTION)
        .updateOne(
          { _id: name, $or: [{ holder }, { until: { $lte: now } }] },
          { $set: { holder, until } },
          { upsert: true },
        );
    } catch (thrown) {
      if (!isDuplicateKey(thrown)) throw thrown;
      this.heldUntil = 0;
      return false;
    }
    this.heldUntil = until;
    return true;
  }

  /** Gives the lease up so that another process need not wait for it to lapse. */
  async release(): Promise<void> {
    this.heldUntil = 0;
    const { name, holder } = this.options;
    await this.store.collection<LeaseDocument>(COLLECTION).deleteOne({ _id: name, holder });
  }
}
