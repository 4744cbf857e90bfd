import type { NatsConnection } from '@nats-io/nats-core';
import { BrokerUnavailable } from './delivery';

/**
 * Knows whether the broker is there. The client keeps what is sent while it is away in memory without bound and
 * the caller waits in vain, so whatever waits for an answer asks here first.
 */
export class Link {
  private up = true;
  private readonly returns = new Set<() => void>();

  constructor(private readonly connection: NatsConnection) {
    void this.follow();
  }

  /** Calls `listener` each time that the broker comes back, until the function returned is called. */
  onReturn(listener: () => void): () => void {
    this.returns.add(listener);
    return () => this.returns.delete(listener);
  }

  /** Throws {@link BrokerUnavailable} while the broker is away. */
  require(): void {
    if (!this.up) throw new BrokerUnavailable('NATS is away; the connection is being made again');
  }

  get isUp(): boolean {
    return this.up;
  }

  private async follow(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (type === 'disconnect' || type === 'close') this.up = false;
      if (type !== 'reconnect') continue;
      this.up = true;
      for (const listener of this.returns) listener();
    }
    this.up = false;
  }
}
