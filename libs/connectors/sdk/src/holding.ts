import type { WorkLease } from './ports';

/**
 * Does `work` while holding a lease, renewing it meanwhile; undefined when another process has it. The signal aborts
 * when the lease is lost.
 */
export const whileHolding = async <T>(
  lease: WorkLease,
  ttlMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> => {
  if (!(await lease.acquire())) return undefined;
  const lost = new AbortController();
  const keep = setInterval(() => {
    lease.acquire().then(
      (held) => (held ? undefined : lost.abort(new Error('another process took over'))),
      (thrown: unknown) => lost.abort(thrown),
    );
  }, ttlMs / 3);
  try {
    return await work(lost.signal);
  } finally {
    clearInterval(keep);
    // A store that is away lets the lease lapse by itself.
    await lease.release().catch(() => undefined);
  }
};
