import type { Decision } from './decision';

/** How often and how patiently a call is repeated. Times in milliseconds. */
export interface RetryLimits {
  /** Tries in all, the first included. */
  readonly attempts: number;
  readonly baseMs: number;
  readonly maxMs: number;
  /** Longest wait that a call itself sits out; longer ones are handed to the caller. */
  readonly maxWaitMs: number;
}

/** Sensible for vendor APIs: four tries within about ten seconds. */
export const defaultRetryLimits: RetryLimits = { attempts: 4, baseMs: 250, maxMs: 10_000, maxWaitMs: 30_000 };

/** Exponential back-off with full jitter: somewhere between half of the step and the step. `random` in [0, 1). */
export const backoffMs = (
  attempt: number,
  { baseMs, maxMs }: Pick<RetryLimits, 'baseMs' | 'maxMs'>,
  random: number,
): number => {
  const step = Math.min(maxMs, baseMs * 2 ** Math.min(30, Math.max(0, attempt - 1)));
  return Math.round(step / 2 + (step / 2) * random);
};

/** What the caller of a finished try does next. */
export type RetryPlan =
  { readonly next: 'done' } | { readonly next: 'wait'; readonly ms: number } | { readonly next: 'give-up' };

/**
 * Repeat or give up after try number `attempt` (from 1). `leftMs` is what remains of the deadline: a wait that
 * would outlive it is not begun.
 */
export const planRetry = (
  decision: Decision,
  attempt: number,
  leftMs: number,
  limits: RetryLimits,
  random: number,
): RetryPlan => {
  if (decision.kind === 'succeed') return { next: 'done' };
  if (decision.kind !== 'retryAfter' || attempt >= limits.attempts) return { next: 'give-up' };
  const ms = decision.waitMs ?? backoffMs(attempt, limits, random);
  return ms > limits.maxWaitMs || ms >= leftMs ? { next: 'give-up' } : { next: 'wait', ms };
};
