/** Something that happens again and again until it is stopped. */
export interface Schedule {
  stop(): Promise<void>;
}

/** Does `work` now and then `everyMs` after it ended, so that it never overlaps itself. `work` must not reject. */
export const repeat = (everyMs: number, work: () => Promise<void>): Schedule => {
  let stopped = false;
  let wake: () => void = () => undefined;
  const loop = (async () => {
    while (!stopped) {
      await work();
      if (stopped) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, everyMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      wake();
      await loop;
    },
  };
};
