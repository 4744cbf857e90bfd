import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, type Clock, type JsonObject } from '@quotebridge/platform/core';
import type { KubeClient } from './kube-client';
import { isKubeError } from './kube-error';
import type { KubeObject, ResourceType } from './resource';

/** Leases, by which one of several replicas leads. */
export const LEASES: ResourceType = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
};

/** Times of the election, milliseconds. A dead leader is followed after `leaseMs` and at most `retryMs` more. */
export interface LeaderTimes {
  readonly leaseMs: number;
  /**
   * A leader that could not renew for this long gives up, whatever its requests wait for; less than `leaseMs`, so that two
   * never lead at once.
   */
  readonly renewMs: number;
  readonly retryMs: number;
}

/** Resolves after a time, or when the signal ends it. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** What an election is made of. */
export interface LeaderOptions {
  readonly client: Pick<KubeClient, 'get' | 'create' | 'replace'>;
  readonly namespace: string;
  readonly name: string;
  /** Who stands for election, unique per process. */
  readonly identity: string;
  readonly clock: Clock;
  readonly times: LeaderTimes;
  readonly random: () => number;
  /** Waits, less long when the signal says so; the timers of the process unless given. */
  readonly wait?: Wait;
  elected(): void;
  /** The lease could not be kept: whoever led must stop at once. */
  lost(reason: string): void;
  trouble(message: string): void;
}

const waitForReal: Wait = (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined);

const micro = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z');

/** Holds or waits for a Lease. Clocks of other machines are not trusted: what counts is how long it has not changed here. */
export class Leader {
  private leading = false;
  private renewedAt = 0;
  private seen: { readonly mark: string; readonly at: number } | undefined;
  private loop: Promise<void> | undefined;
  private readonly stopping = new AbortController();
  private readonly wait: Wait;

  constructor(private readonly options: LeaderOptions) {
    this.wait = options.wait ?? waitForReal;
  }

  get isLeading(): boolean {
    return this.leading;
  }

  start(): void {
    this.loop ??= this.run();
  }

  /** Ends the candidature; a leader gives its lease back, so that another need not wait. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
    if (!this.leading) return;
    this.leading = false;
    const { client, namespace, name, identity } = this.options;
    const lease = await client.get(LEASES, namespace, name).catch(() => undefined);
    if (lease?.spec?.['holderIdentity'] !== identity) return;
    const spec = { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1 };
    await client.replace(LEASES, { ...lease, spec }).catch(() => undefined);
  }

  private async run(): Promise<void> {
    const { times, random, trouble } = this.options;
    while (!this.stopping.signal.aborted) {
      if (this.leftMs() <= 0) {
        this.leading = false;
        this.options.lost(`the lease was not renewed for ${times.renewMs} ms`);
        return;
      }
      try {
        await this.tryInTime();
      } catch (thrown) {
        trouble(messageOf(thrown));
      }
      const pause = times.retryMs * (0.8 + 0.4 * random());
      await this.wait(Math.max(0, Math.min(pause, this.leftMs())), this.stopping.signal);
    }
  }

  /** How long a leader may still lead without a new renewal. */
  private leftMs(): number {
    const { times, clock } = this.options;
    return this.leading ? this.renewedAt + times.renewMs - clock.now() : Infinity;
  }

  /** Requests may hang for longer than anybody may lead without them: an attempt that is not over in time counts for nothing. */
  private async tryInTime(): Promise<void> {
    const ms = Math.min(this.leftMs(), this.options.times.renewMs);
    const over = new AbortController();
    const late = this.wait(ms, over.signal).then(() => {
      if (!over.signal.aborted) throw new Error(`the API server has not answered for ${ms} ms`);
    });
    try {
      await Promise.race([this.tryToHold(over.signal), late]);
    } finally {
      over.abort();
    }
  }

  private async tryToHold(over: AbortSignal): Promise<void> {
    const { client, namespace, name, clock } = this.options;
    const lease = await client.get(LEASES, namespace, name);
    if (over.aborted) return;
    // Counted from before the write: the others count from after it.
    const now = clock.now();
    try {
      if (lease === undefined) {
        await client.create(LEASES, namespace, {
          apiVersion: 'coordination.k8s.io/v1',
          kind: 'Lease',
          metadata: { name, namespace },
          spec: this.specOf(undefined, now),
        });
      } else {
        if (!this.mayTake(lease, now)) return this.resign(lease);
        await client.replace(LEASES, { ...lease, spec: this.specOf(lease.spec, now) });
      }
    } catch (thrown) {
      // Somebody else was faster; the next look tells who.
      if (isKubeError(thrown, 409)) return;
      throw thrown;
    }
    // It may be ours by now; the next look tells, and counts from then.
    if (over.aborted) return;
    this.renewedAt = now;
    if (this.leading) return;
    this.leading = true;
    this.options.elected();
  }

  private resign(lease: KubeObject): void {
    if (!this.leading) return;
    this.leading = false;
    this.options.lost(`${String(lease.spec?.['holderIdentity'])} has taken the lease`);
  }

  private mayTake({ spec = {} }: KubeObject, now: number): boolean {
    const holder = spec['holderIdentity'];
    if (holder === this.options.identity || holder === '' || holder === undefined) return true;
    const mark = `${String(holder)} ${String(spec['renewTime'])}`;
    if (this.seen?.mark !== mark) this.seen = { mark, at: now };
    return now - this.seen.at > this.options.times.leaseMs;
  }

  private specOf(before: JsonObject | undefined, now: number): JsonObject {
    const { identity, times } = this.options;
    const same = before?.['holderIdentity'] === identity;
    const turns = Number(before?.['leaseTransitions'] ?? 0);
    return {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(times.leaseMs / 1000),
      renewTime: micro(now),
      acquireTime: same ? before['acquireTime'] : micro(now),
      leaseTransitions: same || before === undefined ? turns : turns + 1,
    };
  }
}
