import { isTransientStoreError } from './store';
import type { Lease } from './lease';
import type { OutboxRelay, RelayObserver } from './outbox-relay';

/** How often the relay looks by itself and how long it waits after a failure, in milliseconds. */
export interface RelayLoopOptions {
  readonly pollMs: number;
  readonly failureBackoffMs: number;
  readonly leaseRenewMs: number;
}

/**
 * Runs the relay while this process holds the lease. `wake()` after a commit makes it look at once; the poll
 * finds what other processes wrote and what a crash left behind.
 */
export class RelayLoop {
  private running = false;
  private woken = false;
  private loop: Promise<void> | undefined;
  private interrupt: (() => void) | undefined;
  private renewAt = 0;
  private deafUntil = 0;

  constructor(
    private readonly relay: OutboxRelay,
    private readonly lease: Lease,
    private readonly observer: Pick<RelayObserver, 'failed'>,
    private readonly options: RelayLoopOptions = { pollMs: 100, failureBackoffMs: 500, leaseRenewMs: 3_000 },
  ) {}

  start(): void {
    if (this.running) return;
    this.running = true;
    this.loop = this.run();
  }

  /** Tells the loop that something was committed. Costs nothing when it is busy already. */
  wake(): void {
    this.woken = true;
    if (performance.now() >= this.deafUntil) this.interrupt?.();
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
      this.woken = false;
      const pauseMs = await this.round();
      const called = this.woken && performance.now() >= this.deafUntil;
      if (this.running && pauseMs > 0 && !called) await this.pause(pauseMs);
    }
  }

  /** One look, with the time to wait until the next. */
  private async round(): Promise<number> {
    const { pollMs, failureBackoffMs } = this.options;
    try {
      // Another process has the lease: what this one wrote is found by its poll.
      if (!(await this.mayRun())) return this.deaf(this.options.leaseRenewMs / 3);
      const { published, failed, more } = await this.relay.pass(() => this.lease.held);
      // One event that the broker never takes must not slow the others down.
      if (failed > 0 && published === 0) return this.deaf(failureBackoffMs);
      return more || this.woken ? 0 : pollMs;
    } catch (thrown) {
      this.observer.failed(thrown);
      return this.deaf(isTransientStoreError(thrown) ? failureBackoffMs : failureBackoffMs * 4);
    }
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

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.interrupt = undefined;
        resolve();
      };
      const timer = setTimeout(finish, ms);
      this.interrupt = finish;
    });
  }
}
