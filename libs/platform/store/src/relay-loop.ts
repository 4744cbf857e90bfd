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
    this.interrupt?.();
  }

  /** Publishes what is pending, gives the lease up and ends. */
  async stop(): Promise<void> {
    this.running = false;
    this.interrupt?.();
    await this.loop;
    await this.lease.release().catch((thrown: unknown) => this.observer.failed(thrown));
  }

  private async run(): Promise<void> {
    let last = false;
    while (!last) {
      last = !this.running;
      let pauseMs = this.options.pollMs;
      try {
        if (await this.mayRun()) {
          this.woken = false;
          const { more } = await this.relay.pass();
          if (more || this.woken) pauseMs = 0;
        }
      } catch (thrown) {
        this.observer.failed(thrown);
        pauseMs = isTransientStoreError(thrown)
          ? this.options.failureBackoffMs
          : this.options.failureBackoffMs * 4;
        this.woken = false;
      }
      if (!last && pauseMs > 0 && !this.woken) await this.pause(pauseMs);
    }
  }

  private async mayRun(): Promise<boolean> {
    const now = performance.now();
    if (this.lease.held && now < this.renewAt) return true;
    this.renewAt = now + this.options.leaseRenewMs;
    return this.lease.acquire();
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
