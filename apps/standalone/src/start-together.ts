/** Notes how to end what was just started. */
export type AtTheEnd = (close: () => Promise<unknown>) => void;

/**
 * Starts several things one after the other. Closing ends them in the opposite order; when one cannot start, those
 * before it are ended at once.
 */
export const startTogether = async <T extends object>(
  start: (atTheEnd: AtTheEnd) => Promise<T>,
): Promise<T & { close(): Promise<void> }> => {
  const steps: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of steps.reverse()) await step();
  };
  try {
    return { ...(await start((step) => void steps.push(step))), close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
};
