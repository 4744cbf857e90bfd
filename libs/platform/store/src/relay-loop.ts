import { isTransientStoreError } from './transient';
import type { Lease } from './lease';
import type { OutboxRelay, RelayObserver } from './outbox-relay';
import { RelayQueue, type Committed } from './relay-work';

/** How often the relay looks by itself and how long it waits, in milliseconds. */
export interface RelayLoopOptions {
  /** Between two looks at everything. */
  readonly pollMs: number;
  /** Between two passes, so that commits under load go together. */
  readonly gatherMs: number;
  readonly failureBackoffMs: number;
  readonly leaseRenewMs: number;
}

const DEFAULTS: RelayLoopOptions = {
  pollMs: 1_000,
  gatherMs: 5,
  failureBackoffMs: 500,
  leaseRenewMs: 3_000,
};
/** Least time between two calls to the process that holds the lease. */
const CALL_MS = 20;

/**
 * Runs the relay while this process holds the lease. `wake()` after a commit makes it look at once where something
 * was committed; a process without the lease calls the one that has it. The poll finds what a crash left behind.
 */
export class RelayLoop {
  private running = false;
  private readonly queue = new RelayQueue();
  private woken = false;
  private sweepAt = 0;
  private callAt = 0;
  private loop: Promise<void> | undefined;
  private interrupt: (() => void) | undefined;
  private renewAt = 0;
  private deafUntil = 0;

  constructor(
    private readonly relay: OutboxRelay,
    private readonly lease: Lease,
    private readonly observer: Pick<RelayObserver, 'failed'>,
    private readonly options: RelayLoopOptions = DEFAULTS,
    /** Reaches the loop of the process that holds the lease, as far as possible; its `answer()` is to be called. */
    private readonly callHolder: () => void = () => undefined,
  ) {}

  start(): void {
    if (this.running) return;
    this.running = true;
    this.loop = this.run();
  }

  /** Tells the loop what was committed; without an argument it looks everywhere. Costs nothing when it is busy. */
  wake(committed?: Committed): void {
    if (!this.lease.held) return this.call();
    this.queue.add(committed);
    this.woken = true;
    if (performance.now() >= this.deafUntil) this.interrupt?.();
  }

  /** Another process calls; only the one with the lease has to look. */
  answer(): void {
    if (this.lease.held) this.wake();
  }

  /** What this process committed is not its to publish. */
  private call(): void {
    const now = performance.now();
    if (!this.running || now < this.callAt) return;
    this.callAt = now + CALL_MS;
    // A little later, so that what is committed until the next call is allowed is not left to the poll.
    setTimeout(this.callHolder, CALL_MS).unref();
  }

  /** Publishes what is pending, gives the lease up and ends. */
  async stop(): Promise<void> {
    this.running = false;
    this.interrupt?.();
    await this.loop;
    await this.lease.release().catch((thrown: unknown) => this.observer.failed(thrown));
  }

  private async run(): Promise<void> {
    for (let last = false; !last;) {
      last = !this.running;
      const pauseMs = await this.round(last);
      const called = this.woken && performance.now() >= this.deafUntil;
      if (this.running && pauseMs > 0 && !called) await this.pause(pauseMs);
      else if (this.running) await this.pause(this.options.gatherMs, false);
    }
  }

  /** One look, with the time to wait until the next. */
  private async round(last: boolean): Promise<number> {
    const { pollMs, failureBackoffMs } = this.options;
    try {
      if (!(await this.mayRun())) {
        // The process that has the lease finds what this one wrote.
        this.queue.clear();
        return this.deaf(this.options.leaseRenewMs / 3);
      }
      const now = performance.now();
      if (last || now >= this.sweepAt) {
        this.queue.add();
        this.sweepAt = now + pollMs;
      }
      this.woken = false;
      const work = this.queue.take();
      const { published, failed, more } = await this.relay.pass(() => this.lease.held, work);
      if (failed > 0 || more) this.queue.addAgain(work);
      // One event that the broker never takes must not slow the others down.
      if (failed > 0 && published === 0) return this.deaf(failureBackoffMs);
      if (more || this.woken) return 0;
      return failed > 0 ? Math.min(failureBackoffMs, this.untilSweep()) : this.untilSweep();
    } catch (thrown) {
      this.sweepAt = 0;
      this.observer.failed(thrown);
      return this.deaf(isTransientStoreError(thrown) ? failureBackoffMs : failureBackoffMs * 4);
    }
  }

  private untilSweep(): number {
    return Math.max(1, this.sweepAt - performance.now());
  }

  /** A wait that `wake()` does not cut short. */
  private deaf(ms: number): number {
    this.deafUntil = performance.now() + ms;
    return ms;
  }

  private async mayRun(): Promise<boolean> {
    const now = performance.now();
    if (this.lease.held && now < this.renewAt) return true;
    const mine = await this.lease.acquire();
    this.renewAt = now + this.options.leaseRenewMs;
    return mine;
  }

  private pause(ms: number, interruptible = true): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.interrupt = undefined;
        resolve();
      };
      const timer = setTimeout(finish, ms);
      if (interruptible) this.interrupt = finish;
    });
  }
}
