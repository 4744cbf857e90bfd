import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than the disk of a busy machine stands still. */
const PATIENCE_MS = 60_000;

/**
 * Tries `look` until it gives something other than undefined and false, and gives that. After `timeoutMs` it
 * rejects, naming `what` was waited for.
 */
export const eventually = async <T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = PATIENCE_MS,
): Promise<T> => {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > end) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.`);
    await sleep(20);
  }
};
