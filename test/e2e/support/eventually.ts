import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Tries `look` until it gives something other than undefined and false, and gives that. After `timeoutMs` it
 * rejects, naming `what` was waited for.
 */
export const eventually = async <T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 10_000,
): Promise<T> => {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > end) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.`);
    await sleep(20);
  }
};
