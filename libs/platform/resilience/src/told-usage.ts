import type { Clock } from '@quotebridge/platform/core';
import type { Grant } from './call-budget';

/**
 * How long the vendor's word that nothing is left counts. Its day is often a rolling one, in which calls become free all the
 * time; one call now and then tells the new count.
 */
const TOLD_MS = 15 * 60_000;

/** The vendor's own count of calls, as it was told last, and what was called since. */
export class ToldUsage {
  private left = Infinity;
  private untilMs = 0;

  constructor(private readonly clock: Clock) {}

  observe(used: number, perDay: number): void {
    this.left = perDay - used;
    this.untilMs = this.clock.now() + TOLD_MS;
  }

  /** Why no call may be made now; undefined when one may. */
  refusal(): Extract<Grant, { granted: false }> | undefined {
    const waitMs = this.untilMs - this.clock.now();
    return waitMs > 0 && this.left < 1 ? { granted: false, waitMs, spent: 'day' } : undefined;
  }

  /** A call is made. */
  count(): void {
    this.left -= 1;
  }
}
