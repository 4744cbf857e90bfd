import { messageOf, Refusal, type Clock } from '@quotebridge/platform/core';
import type { Context } from '@quotebridge/platform/telemetry';
import type { Buyers } from './buyers';

/** How it is found out whether a customer is known. */
export interface KnownCustomersOptions {
  readonly buyers: Pick<Buyers, 'of'>;
  readonly clock: Clock;
  /** Longest wait for the answer, milliseconds. */
  readonly deadlineMs: number;
  readonly maxEntries: number;
  /** Told when it cannot be found out; once until it can. */
  readonly noteAway: (reason: string) => void;
}

/** Customers stay: who was there is not asked for again for so long, milliseconds. */
const KNOWN_FOR = 600_000;
/** Nobody asks for so long after a question that failed, milliseconds: orders do not wait for it one after another. */
const PAUSE = 5_000;

/**
 * Tells customers that are not known here. That is certain only when the customer component says so: while it cannot be asked
 * everybody may order.
 */
export class KnownCustomers {
  private readonly seen = new Map<string, number>();
  private pausedUntil = Number.NEGATIVE_INFINITY;
  private isAway = false;

  constructor(private readonly options: KnownCustomersOptions) {}

  /** True when there certainly is no customer with this id or number. */
  async isUnknown(customer: string, trace?: Context): Promise<boolean> {
    const { buyers, clock, deadlineMs, noteAway } = this.options;
    const now = clock.now();
    const at = this.seen.get(customer);
    if (at !== undefined && now - at < KNOWN_FOR) return false;
    if (now < this.pausedUntil) return false;
    try {
      const signal = AbortSignal.timeout(deadlineMs);
      const { isKnown } = await buyers.of(customer, { signal, ...(trace === undefined ? {} : { trace }) });
      this.isAway = false;
      if (isKnown) this.remember(customer, now);
      return !isKnown;
    } catch (thrown) {
      // Several customers of one number, or a number that cannot be asked for, are for the ERP to judge.
      if (!(thrown instanceof Refusal)) throw thrown;
      if (thrown.status < 500) return false;
      this.pausedUntil = clock.now() + PAUSE;
      if (!this.isAway) noteAway(messageOf(thrown));
      this.isAway = true;
      return false;
    }
  }

  private remember(customer: string, now: number): void {
    this.seen.delete(customer);
    this.seen.set(customer, now);
    for (const oldest of this.seen.keys()) {
      if (this.seen.size <= this.options.maxEntries) break;
      this.seen.delete(oldest);
    }
  }
}
