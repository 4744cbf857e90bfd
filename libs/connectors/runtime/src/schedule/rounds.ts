import type { Clock } from '@quotebridge/platform/core';
import {
  dueAfter,
  whileHolding,
  type RunAsk,
  type RunRecord,
  type Schedule,
  type WorkLease,
} from '@quotebridge/connectors/sdk';

/** Streams that run together, in their order. */
export interface Round {
  readonly schedule: Schedule;
  readonly streams: ReadonlySet<string>;
}

/** When the last round of a stream was, epoch milliseconds; shared by the replicas. */
export interface RoundMemory {
  doneMs(stream: string): Promise<number | undefined>;
  setDone(streams: Iterable<string>, atMs: number): Promise<void>;
  lease(name: string): WorkLease;
}

/** What a round needs. */
export interface RoundDeps {
  readonly memory: RoundMemory;
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly run: (ask: RunAsk, streams: ReadonlySet<string>) => Promise<readonly RunRecord[]>;
  /** Called when the automatic tries of a round are used up, with the run that failed. */
  readonly alert: (record: RunRecord, tries: number) => Promise<void>;
}

/** Longest time between two looks: another replica may have stopped in the middle of a round. */
const LOOK_MS = 10_000;
/** A round that begins later than this after its time was missed. */
const LATE_MS = 60_000;
/** Waits before a failed round is tried again; after the last try somebody is told. */
const RETRY_MS: readonly number[] = [60_000, 300_000, 900_000];
/** Wait of a paused run that does not say until when. */
const PAUSE_MS = 900_000;

/**
 * Lets a round of streams run when it is due: once, however many replicas there are, however many times were missed
 * while nobody ran, and again when the process that did it died on the way. The one whose try failed keeps the round until the
 * next try, so that the others do not try in between. Tells how long to wait until the next look.
 */
export class RoundKeeper {
  private tries = 0;
  /** The due time of the round that the tries are of: another replica may have ended it. */
  private triedMs: number | undefined;
  private notBefore = 0;
  /** The next try is this replica's. */
  private keeps = false;
  private known: { readonly doneMs: number; readonly dueMs: number } | undefined;

  constructor(
    private readonly round: Round,
    private readonly deps: RoundDeps,
  ) {}

  /** Looks whether the round is due and does it. Resolves with the milliseconds until the next look. */
  async look(): Promise<number> {
    const { clock, memory, leaseMs } = this.deps;
    const name = [...this.round.streams][0] ?? '';
    const lease = memory.lease(`round/${name}`);
    if (clock.now() < this.notBefore) return this.rest(lease);
    const due = await this.due();
    if (due > clock.now()) return Math.min(LOOK_MS, due - clock.now());
    const waitMs = await whileHolding(lease, leaseMs, async () => {
      // Another replica may have done it between the look and the lease.
      const still = await this.due();
      return still > clock.now() ? 0 : this.perform(still);
    });
    if (clock.now() < this.notBefore) return this.rest(lease);
    return waitMs ?? Math.min(LOOK_MS, leaseMs);
  }

  /** Waits for the next try; one that keeps the round looks often enough for that. */
  private async rest(lease: WorkLease): Promise<number> {
    if (this.keeps) await lease.acquire();
    const { clock, leaseMs } = this.deps;
    return Math.min(LOOK_MS, leaseMs / 3, this.notBefore - clock.now());
  }

  /** When the next round is due; at once for streams that never ran. */
  private async due(): Promise<number> {
    if (this.round.schedule.kind === 'event') return Infinity;
    const times = await Promise.all([...this.round.streams].map((stream) => this.deps.memory.doneMs(stream)));
    const first = times.includes(undefined);
    return first ? 0 : this.dueSince(Math.min(...times.map((time) => time ?? 0)));
  }

  /** Reckoned once for each round: it takes a millisecond, and there is a look every ten seconds. */
  private dueSince(doneMs: number): number {
    if (this.known?.doneMs !== doneMs) this.known = { doneMs, dueMs: dueAfter(this.round.schedule, doneMs) };
    return this.known.dueMs;
  }

  private async perform(dueMs: number): Promise<number> {
    const { clock, run } = this.deps;
    const beganMs = clock.now();
    if (this.triedMs !== dueMs) this.tries = 0;
    this.triedMs = dueMs;
    const isLate = dueMs > 0 && this.tries === 0 && beganMs - dueMs > LATE_MS;
    const records = await run({ trigger: isLate ? 'catchUp' : 'schedule' }, this.round.streams);
    const last = records.at(-1);
    if (last === undefined || last.state === 'interrupted' || last.state === 'skipped')
      return this.again(Math.min(LOOK_MS, this.deps.leaseMs), false);
    if (last.state === 'paused') {
      const untilMs = last.resumesAt === undefined ? clock.now() + PAUSE_MS : Date.parse(last.resumesAt);
      return this.again(Math.max(1_000, untilMs - clock.now()), true);
    }
    if (last.state === 'failed') {
      const wait = RETRY_MS[this.tries];
      this.tries += 1;
      if (wait !== undefined) return this.again(wait, true);
      await this.deps.alert(last, this.tries);
    }
    this.tries = 0;
    const { schedule, streams } = this.round;
    await this.deps.memory.setDone(streams, schedule.kind === 'every' ? clock.now() : beganMs);
    return 0;
  }

  private again(waitMs: number, keeps: boolean): number {
    this.keeps = keeps;
    this.notBefore = this.deps.clock.now() + waitMs;
    return Math.min(LOOK_MS, waitMs);
  }
}
