import { systemClock, type Clock } from '@quotebridge/platform/core';
import { backoffMs } from '@quotebridge/platform/resilience';

/** What a finished piece of work wants next: to be looked at again after a while, or only when something changes. */
export interface Next {
  readonly afterMs?: number;
}

/** What the queue is made of. */
export interface WorkQueueOptions {
  /** Does the work of a key from scratch, reading whatever it needs: the queue knows no more than the key. */
  work(key: string): Promise<Next>;
  /** Told of every failure; the queue tries again by itself. */
  failed(key: string, thrown: unknown, attempt: number, waitMs: number): void;
  readonly workers: number;
  readonly backoff: { readonly baseMs: number; readonly maxMs: number };
  readonly random: () => number;
  readonly clock?: Clock;
}

const retryAfterOf = (thrown: unknown): number => {
  const wait: unknown =
    typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'retryAfterMs') : 0;
  return typeof wait === 'number' ? wait : 0;
};

/**
 * Keys that wait to be worked on. A key waits once, however often it is added; it is never worked on twice at a
 * time; one that is added during its work is worked on again. Failures are repeated with growing, jittered pauses,
 * counted per key and forgotten at the first success.
 */
export class WorkQueue {
  private readonly ready = new Set<string>();
  private readonly working = new Set<string>();
  private readonly again = new Set<string>();
  private readonly failures = new Map<string, number>();
  private readonly delayed = new Map<string, { readonly at: number; readonly timer: NodeJS.Timeout }>();
  private readonly clock: Clock;
  private running = false;
  private ended = false;
  private idle: (() => void) | undefined;

  constructor(private readonly options: WorkQueueOptions) {
    this.clock = options.clock ?? systemClock;
  }

  /** Keys that wait now, without those that are to be looked at later. */
  get depth(): number {
    return this.ready.size + this.again.size;
  }

  /** Begins to work; what was added before waits until then. One that was stopped stays so. */
  start(): void {
    if (this.ended) return;
    this.running = true;
    this.pump();
  }

  /** Work on the key as soon as a worker is free. */
  add(key: string): void {
    if (this.working.has(key)) this.again.add(key);
    else this.ready.add(key);
    this.pump();
  }

  /** Work on the key after a while; the earlier of two such wishes counts. */
  addAfter(key: string, ms: number): void {
    const at = this.clock.now() + ms;
    const known = this.delayed.get(key);
    if (known !== undefined) {
      if (known.at <= at) return;
      clearTimeout(known.timer);
    }
    const timer = setTimeout(() => {
      this.delayed.delete(key);
      this.add(key);
    }, ms);
    this.delayed.set(key, { at, timer });
  }

  /** Takes no new work and waits for what is in work. */
  async stop(): Promise<void> {
    this.ended = true;
    this.running = false;
    for (const { timer } of this.delayed.values()) clearTimeout(timer);
    this.delayed.clear();
    this.ready.clear();
    this.again.clear();
    if (this.working.size > 0) await new Promise<void>((resolve) => (this.idle = resolve));
  }

  private pump(): void {
    while (this.running && this.working.size < this.options.workers) {
      const [key] = this.ready;
      if (key === undefined) return;
      this.ready.delete(key);
      this.working.add(key);
      void this.run(key);
    }
  }

  private async run(key: string): Promise<void> {
    this.forgetDelay(key);
    try {
      const { afterMs } = await this.options.work(key);
      this.failures.delete(key);
      if (afterMs !== undefined && this.running) this.addAfter(key, afterMs);
    } catch (thrown) {
      const attempt = (this.failures.get(key) ?? 0) + 1;
      this.failures.set(key, attempt);
      const pause = backoffMs(attempt, this.options.backoff, this.options.random());
      const waitMs = Math.max(pause, retryAfterOf(thrown));
      this.options.failed(key, thrown, attempt, waitMs);
      if (this.running) this.addAfter(key, waitMs);
    }
    this.working.delete(key);
    if (this.again.delete(key)) this.ready.add(key);
    if (this.working.size === 0) this.idle?.();
    this.pump();
  }

  private forgetDelay(key: string): void {
    const known = this.delayed.get(key);
    if (known === undefined) return;
    clearTimeout(known.timer);
    this.delayed.delete(key);
  }
}
