import type { Dispatcher } from 'undici';

/** Of a longer body the rest is not read: its connection is closed. */
const MOST_BYTES = 128 * 1024;

/**
 * Reads an answer away of which only the status counts, so that its connection can be used again; never throws. One that goes
 * on for longer than `withinMs` is cut off: who answers may write for ever, and never be silent long enough for a time limit.
 */
export const discard = async (body: Dispatcher.ResponseData['body'], withinMs: number): Promise<void> => {
  // However it ended, the answer has been given.
  await body.dump({ limit: MOST_BYTES, signal: AbortSignal.timeout(withinMs) }).catch(() => undefined);
};
