import type { Clock } from '@quotebridge/platform/core';
import type { Principal } from './principal';

/** A principal and the time (milliseconds since the epoch) until which it may be reused. */
export interface Checked {
  readonly principal: Principal;
  readonly until: number;
}

/**
 * Remembers checked credentials by digest, each until its own time and at most `capacity` of them (the oldest
 * goes first). Requests that bring the same new credential at once share one check; a failed check is never
 * remembered.
 */
export class PrincipalCache {
  private readonly entries = new Map<string, Checked>();
  private readonly pending = new Map<string, Promise<Principal>>();

  constructor(
    private readonly clock: Clock,
    private readonly capacity = 10_000,
  ) {}

  get(digest: string): Principal | undefined {
    const entry = this.entries.get(digest);
    return entry !== undefined && entry.until > this.clock.now() ? entry.principal : undefined;
  }

  load(digest: string, check: () => Promise<Checked>): Promise<Principal> {
    const running = this.pending.get(digest);
    if (running !== undefined) return running;
    const started = check()
      .then((checked) => this.remember(digest, checked))
      .finally(() => this.pending.delete(digest));
    this.pending.set(digest, started);
    return started;
  }

  private remember(digest: string, { principal, until }: Checked): Principal {
    this.entries.delete(digest);
    const oldest = this.entries.size >= this.capacity ? this.entries.keys().next().value : undefined;
    if (oldest !== undefined) this.entries.delete(oldest);
    this.entries.set(digest, { principal, until });
    return principal;
  }
}
