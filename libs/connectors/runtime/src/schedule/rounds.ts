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
 * while nobody ran, and again when the process that did it died on the way. Tells how long to wait until the next look.
 */
export class RoundKeeper {
  private tries = 0;
  private notBefore = 0;
  private known: { readonly doneMs: number; readonly dueMs: number } | undefined;

  constructor(
    private readonly round: Round,
    private readonly deps: RoundDeps,
  ) {}

  /** Looks whether the round is due and does it. Resolves with the milliseconds until the next look. */
  async look(): Promise<number> {
    const { clock, memory } = this.deps;
    const name = [...this.round.streams][0] ?? '';
    if (clock.now() < this.notBefore) return Math.min(LOOK_MS, this.notBefore - clock.now());
    const due = await this.due();
    if (due > clock.now()) return Math.min(LOOK_MS, due - clock.now());
    const waitMs = await whileHolding(memory.lease(`round/${name}`), this.deps.leaseMs, async () => {
      // Another replica may have done it between the look and the lease.
      const still = await this.due();
      return still > clock.now() ? 0 : this.perform(still);
    });
    return waitMs ?? Math.min(LOOK_MS, this.deps.leaseMs);
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
    const isLate = dueMs > 0 && this.tries === 0 && beganMs - dueMs > LATE_MS;
    const records = await run({ trigger: isLate ? 'catchUp' : 'schedule' }, this.round.streams);
    const last = records.at(-1);
    if (last === undefined || last.state === 'interrupted' || last.state === 'skipped')
      return this.again(Math.min(LOOK_MS, this.deps.leaseMs));
    if (last.state === 'paused') {
      const untilMs = last.resumesAt === undefined ? clock.now() + PAUSE_MS : Date.parse(last.resumesAt);
      return this.again(Math.max(1_000, untilMs - clock.now()));
    }
    if (last.state === 'failed') {
      const wait = RETRY_MS[this.tries];
      this.tries += 1;
      if (wait !== undefined) return this.again(wait);
      await this.deps.alert(last, this.tries);
    }
    this.tries = 0;
    const { schedule, streams } = this.round;
    await this.deps.memory.setDone(streams, schedule.kind === 'every' ? clock.now() : beganMs);
    return 0;
  }

  private again(waitMs: number): number {
    this.notBefore = this.deps.clock.now() + waitMs;
    return Math.min(LOOK_MS, waitMs);
  }
}
