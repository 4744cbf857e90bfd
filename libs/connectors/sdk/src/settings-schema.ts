import type { JsonObject } from '@quotebridge/platform/core';
import type { RateLimits } from '@quotebridge/platform/resilience';

/** Schema of a text that is not empty. `rest` adds keywords: `default`, `pattern`. */
export const text = (description: string, rest: JsonObject = {}): JsonObject => ({
  type: 'string',
  minLength: 1,
  description,
  ...rest,
});

/** Schema of a whole number within bounds. */
export const whole = (
  description: string,
  minimum: number,
  maximum: number,
  rest: JsonObject = {},
): JsonObject => ({ type: 'integer', minimum, maximum, description, ...rest });

/** Schema of an http or https address. */
export const address = (description: string, rest: JsonObject = {}): JsonObject =>
  text(description, { format: 'uri', pattern: '^https?://', ...rest });

/** Settings that every connector which calls over HTTP has: overlap of deltas, patience, call budget. */
export const callSettings: JsonObject = {
  overlapSeconds: whole('How far a delta reaches back before the checkpoint.', 0, 86_400, { default: 300 }),
  attemptSeconds: whole('Longest wait for one answer.', 1, 300, { default: 30 }),
  callsAtOnce: whole('Most calls, and most effects of events, at the same time.', 1, 128, { default: 8 }),
  perSecond: whole('Most calls per second.', 1, 1000),
  perDay: whole('Most calls per day (UTC).', 1, 10_000_000),
};

/** The budget of calls in the settings. */
export const limitsOf = ({ perSecond, perDay }: CallSettings): RateLimits => ({
  ...(perSecond === undefined ? {} : { perSecond }),
  ...(perDay === undefined ? {} : { perDay }),
});

/** What the settings say of single calls, as the HTTP client takes it; tries of one call last four attempts together. */
export const callsOf = ({ attemptSeconds, callsAtOnce }: CallSettings) => ({
  attemptMs: attemptSeconds * 1_000,
  deadlineMs: attemptSeconds * 4_000,
  concurrency: callsAtOnce,
});

/** The values of {@link callSettings}. */
export interface CallSettings {
  readonly overlapSeconds: number;
  readonly attemptSeconds: number;
  readonly callsAtOnce: number;
  readonly perSecond?: number;
  readonly perDay?: number;
}
