import { Rounds } from '@quotebridge/platform/core';
import type { Running } from '@quotebridge/platform/events';
import type { Lease } from '@quotebridge/platform/store';

const RENEW_MS = 3_000;

/**
 * Runs work on one replica at a time: the one that holds the lease. Consumers keep the order of events only when
 * a single process works on a durable consumer.
 */
export class LeasedWork {
  private running: Running[] = [];
  private rounds: Rounds | undefined;

  constructor(
    private readonly lease: Lease,
    private readonly starters: readonly (() => Promise<Running>)[],
    private readonly onError: (thrown: unknown) => void,
  ) {}

  start(): void {
    this.rounds = new Rounds({
      round: () => this.round(),
      pauseMs: RENEW_MS,
      onError: this.onError,
    });
  }

  async stop(): Promise<void> {
    await this.rounds?.stop();
    await this.stopAll();
    await this.lease.release().catch(this.onError);
  }

  private async round(): Promise<void> {
    try {
      const mine = await this.lease.acquire();
      if (mine && this.running.length === 0) await this.startAll();
      else if (!mine) await this.stopAll();
    } catch (thrown) {
      this.onError(thrown);
      if (!this.lease.held) await this.stopAll();
    }
  }

  private async startAll(): Promise<void> {
    try {
      for (const start of this.starters) this.running.push(await start());
    } catch (thrown) {
      // All or nothing: what did start is stopped, and everything is tried again with the next renewal.
      await this.stopAll();
      throw thrown;
    }
  }

  private async stopAll(): Promise<void> {
    const running = this.running;
    this.running = [];
    await Promise.all(running.map((one) => one.stop().catch(this.onError)));
  }
}
