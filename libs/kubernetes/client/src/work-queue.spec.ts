import fc from 'fast-check';
import { WorkQueue, type WorkQueueOptions } from './work-queue';

const queueOf = (work: WorkQueueOptions['work'], options: Partial<WorkQueueOptions> = {}): WorkQueue =>
  new WorkQueue({
    work,
    failed: () => undefined,
    workers: 4,
    backoff: { baseMs: 100, maxMs: 10_000 },
    random: () => 1,
    ...options,
  });

const settle = async (): Promise<void> => {
  for (let i = 0; i < 50; i += 1) await Promise.resolve();
};

describe('WorkQueue', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] }));
  afterEach(() => jest.useRealTimers());

  it('works on a key once, however often it was added before', async () => {
    const done: string[] = [];
    const queue = queueOf(async (key) => {
      done.push(key);
      return {};
    });
    for (let i = 0; i < 100; i += 1) queue.add('a');
    queue.add('b');
    expect(queue.depth).toBe(2);
    queue.start();
    await settle();
    expect(done).toEqual(['a', 'b']);
  });

  it('never works on a key twice at a time, never loses the last wish, and keeps to its workers', async () => {
    jest.useRealTimers();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.boolean()), { maxLength: 60 }),
        async (steps) => {
          const version: Record<string, number> = {};
          const seen: Record<string, number> = {};
          const inWork = new Set<string>();
          let most = 0;
          let overlapped = false;
          const queue = queueOf(
            async (key) => {
              overlapped ||= inWork.has(key);
              inWork.add(key);
              most = Math.max(most, inWork.size);
              seen[key] = version[key] ?? 0;
              await Promise.resolve();
              inWork.delete(key);
              return {};
            },
            { workers: 2 },
          );
          queue.start();
          for (const [key, breathe] of steps) {
            version[key] = (version[key] ?? 0) + 1;
            queue.add(key);
            if (breathe) await Promise.resolve();
          }
          await new Promise((resolve) => setImmediate(resolve));
          expect(seen).toEqual(version);
          expect(overlapped).toBe(false);
          expect(most).toBeLessThanOrEqual(2);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('repeats failures with pauses that double up to a limit, and forgets them at the first success', async () => {
    let fails = true;
    const waits: number[] = [];
    const queue = queueOf(
      async () => {
        if (fails) throw new Error('no');
        return {};
      },
      { failed: (_key, _thrown, _attempt, waitMs) => waits.push(waitMs) },
    );
    queue.start();
    queue.add('a');
    for (let i = 0; i < 9; i += 1) await jest.advanceTimersByTimeAsync(10_000);
    expect(waits.slice(0, 9)).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
    fails = false;
    await jest.advanceTimersByTimeAsync(10_000);
    fails = true;
    waits.length = 0;
    queue.add('a');
    await settle();
    expect(waits).toEqual([100]);
  });

  it('waits as long as the server asks, when that is longer', async () => {
    const waits: number[] = [];
    const queue = queueOf(() => Promise.reject(Object.assign(new Error('busy'), { retryAfterMs: 5_000 })), {
      failed: (_key, _thrown, _attempt, waitMs) => waits.push(waitMs),
    });
    queue.start();
    queue.add('a');
    await settle();
    expect(waits).toEqual([5_000]);
    await queue.stop();
  });

  it('looks again when asked to, at the earlier of two times', async () => {
    const at: number[] = [];
    const start = Date.now();
    const queue = queueOf(async () => {
      at.push(Date.now() - start);
      return {};
    });
    queue.start();
    queue.addAfter('a', 5_000);
    queue.addAfter('a', 1_000);
    queue.addAfter('a', 9_000);
    await jest.advanceTimersByTimeAsync(20_000);
    expect(at).toEqual([1_000]);
  });

  it('ends when what is in work has ended, and begins nothing more', async () => {
    let release: () => void = () => undefined;
    const done: string[] = [];
    const queue = queueOf(
      async (key) => {
        await new Promise<void>((resolve) => (release = resolve));
        done.push(key);
        return { afterMs: 1 };
      },
      { workers: 1 },
    );
    queue.start();
    queue.add('a');
    queue.add('b');
    let stopped = false;
    const stopping = queue.stop().then(() => (stopped = true));
    await settle();
    expect(stopped).toBe(false);
    release();
    await stopping;
    await jest.advanceTimersByTimeAsync(10_000);
    expect(done).toEqual(['a']);
  });

  it('one that was stopped is not started again: who is elected while it ends does nothing any more', async () => {
    const done: string[] = [];
    const queue = queueOf(async (key) => {
      done.push(key);
      return {};
    });
    await queue.stop();
    queue.start();
    queue.add('a');
    queue.addAfter('b', 1);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(done).toEqual([]);
  });
});
