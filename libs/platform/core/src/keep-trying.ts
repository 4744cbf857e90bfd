import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from './errors';

/** How long, and how often, something is tried. */
export interface KeepTryingOptions {
  /** No try begins later, by the clock of `performance.now()`; the first one always does. */
  readonly until: number;
  /** Milliseconds between a try that failed and the next; a second unless given. */
  readonly everyMs?: number;
  /** Is told why it is not there yet: each reason once, and again when another one was between. */
  readonly waiting?: (reason: string) => void;
}

/** Tries until an attempt succeeds and gives what came of it. When the time is over, it rejects as the last attempt did. */
export const keepTrying = async <T>(
  attempt: () => Promise<T>,
  { until, everyMs = 1_000, waiting }: KeepTryingOptions,
): Promise<T> => {
  let told: string | undefined;
  for (;;) {
    try {
      return await attempt();
    } catch (thrown) {
      if (performance.now() + everyMs > until) throw thrown;
      const reason = messageOf(thrown);
      if (reason !== told) waiting?.(reason);
      told = reason;
    }
    await sleep(everyMs);
  }
};
