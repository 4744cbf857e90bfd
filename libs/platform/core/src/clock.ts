/** Where the time comes from; injected so that tests can move it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** The clock's time as TMF date-time text: UTC, milliseconds, `Z`. */
export const isoNow = (clock: Clock): string => new Date(clock.now()).toISOString();
