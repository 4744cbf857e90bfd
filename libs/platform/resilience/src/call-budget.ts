/** How many calls a system allows. Absent = no limit of that kind. */
export interface RateLimits {
  readonly perSecond?: number;
  /** Calls that may come at once after a quiet time; default: one second's worth. */
  readonly burst?: number;
  /** Calls per day; the day ends at midnight UTC. */
  readonly perDay?: number;
}

/** Answer of {@link CallBudget.take}: go, or how long until it makes sense to ask again. */
export type Grant =
  | { readonly granted: true }
  | { readonly granted: false; readonly waitMs: number; readonly spent: 'second' | 'day' };

/** Something calls are taken from before they are made. */
export interface CallBudget {
  /** Takes one call, or says how long to wait. Nothing is taken when it is not granted. */
  take(): Grant | Promise<Grant>;
  /** Takes over the vendor's own count of the calls of its day, whenever it tells (other clients share the budget). */
  observe(used: number, perDay: number): void;
}
