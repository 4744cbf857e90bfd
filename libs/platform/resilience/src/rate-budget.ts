import type { Clock } from '@quotebridge/platform/core';
import type { CallBudget, Grant, RateLimits } from './call-budget';
import { ToldUsage } from './told-usage';

const DAY_MS = 86_400_000;

/** A token bucket per second under a budget per day; one is shared by everything that calls as one account. */
export class RateBudget implements CallBudget {
  private tokens: number;
  private filledAt: number;
  private day: number;
  private usedToday = 0;
  private readonly told: ToldUsage;

  constructor(
    private readonly limits: RateLimits,
    private readonly clock: Clock,
  ) {
    const now = clock.now();
    this.told = new ToldUsage(clock);
    this.tokens = this.capacity;
    this.filledAt = now;
    this.day = Math.floor(now / DAY_MS);
  }

  take(): Grant {
    const now = this.clock.now();
    this.turn(now);
    const refusal = this.told.refusal();
    if (refusal !== undefined) return refusal;
    if (this.limits.perDay !== undefined && this.usedToday >= this.limits.perDay) {
      return { granted: false, waitMs: (this.day + 1) * DAY_MS - now, spent: 'day' };
    }
    const { perSecond } = this.limits;
    if (perSecond !== undefined) {
      if (this.tokens < 1) {
        return { granted: false, waitMs: Math.ceil(((1 - this.tokens) / perSecond) * 1000), spent: 'second' };
      }
      this.tokens -= 1;
    }
    this.usedToday += 1;
    this.told.count();
    return { granted: true };
  }

  observe(used: number, perDay: number): void {
    this.told.observe(used, perDay);
  }

  private get capacity(): number {
    return Math.max(1, this.limits.burst ?? this.limits.perSecond ?? 1);
  }

  private turn(now: number): void {
    const today = Math.floor(now / DAY_MS);
    if (today > this.day) {
      this.day = today;
      this.usedToday = 0;
    }
    // A clock that steps back must neither fill nor empty the bucket.
    const passed = Math.max(0, now - this.filledAt);
    this.filledAt = Math.max(now, this.filledAt);
    if (this.limits.perSecond !== undefined) {
      this.tokens = Math.min(this.capacity, this.tokens + (passed / 1000) * this.limits.perSecond);
    }
  }
}
