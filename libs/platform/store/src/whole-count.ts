import type { Clock } from '@quotebridge/platform/core';

/** What a {@link WholeCount} asks of the server. */
export interface CountSource {
  /** Grows whenever another server process may be the one that answers. */
  changes(): number;
  /** The same number as before as long as this process has begun no transaction; NaN while one is open. */
  quiet(): number;
  /** Is a transaction open on the server, of this process or another one of its kind? */
  transactionOpen(): Promise<boolean>;
  /** The number of documents that the server keeps, and the moment up to which it has taken writes in. */
  told(): Promise<{ readonly count: number; readonly moment: string }>;
  /** How many documents there were at a moment, counted one by one. */
  countedAt(moment: string): Promise<number>;
  /** How many documents there are, counted one by one; rejects when that takes longer. */
  counted(maxTimeMs: number): Promise<number>;
}

/** What is known of the number that a server process keeps. */
interface Known {
  readonly changes: number;
  /** What has to be added to that number. */
  readonly drift: number;
  readonly atMs: number;
  /** How often it has been looked at. */
  readonly looks: number;
}

/** The number kept has a write a moment before others can read it; within two of these pauses, in milliseconds, they can. */
const SETTLED_MS = 5;
const BETWEEN_TRIES_MS = 100;
const MAX_TRIES = 50;
/** Comparisons in a row that must agree. */
const AGREEING = 2;
/**
 * When it is looked at again: soon, then when transactions of a process that was killed are over (a minute), then from
 * time to time, since the number can be put right on the server (`validate`).
 */
const LOOK_AGAIN_MS = [5_000, 70_000, 600_000];

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

/**
 * The number of all documents of a collection without counting them each time (docs/adr/0028). MongoDB keeps such a number, but
 * after it was killed the number may be off for good. So it is compared, once for each server process, with a count of
 * one moment; what they differ by is added from then on. Until then documents are counted.
 */
export class WholeCount {
  private known: Known | undefined;
  private isLearning = false;

  constructor(
    private readonly source: CountSource,
    private readonly clock: Clock,
  ) {}

  /** Rejects when the documents have to be counted and that takes longer than `maxTimeMs`. */
  async count(maxTimeMs: number): Promise<number> {
    const { known, source } = this;
    if (known?.changes === source.changes()) {
      if (this.isDue(known)) void this.learn();
      const { count } = await source.told();
      if (known.changes === source.changes()) return count + known.drift;
    }
    void this.learn();
    return source.counted(maxTimeMs);
  }

  private isDue({ looks, atMs }: Known): boolean {
    const wait = LOOK_AGAIN_MS[Math.min(looks, LOOK_AGAIN_MS.length) - 1] ?? 0;
    return this.clock.now() - atMs > wait;
  }

  /** Goes on until comparisons in a row agree: one in which a transaction came and went that nobody saw may be off. */
  private async learn(): Promise<void> {
    if (this.isLearning) return;
    this.isLearning = true;
    const changes = this.source.changes();
    let seen: number | undefined;
    let agreed = 0;
    try {
      for (let tries = 0; tries < MAX_TRIES && agreed < AGREEING; tries += 1) {
        if (tries > 0) await pause(BETWEEN_TRIES_MS);
        const drift = await this.drift();
        if (drift === undefined) continue;
        agreed = drift === seen ? agreed + 1 : 1;
        seen = drift;
      }
      if (agreed >= AGREEING && seen !== undefined && changes === this.source.changes()) {
        const looks = this.known?.changes === changes ? this.known.looks + 1 : 1;
        this.known = { changes, drift: seen, atMs: this.clock.now(), looks };
      }
    } catch {
      // The server is away or busy: the next one who counts begins again.
    } finally {
      this.isLearning = false;
    }
  }

  /**
   * By how much the number kept is off; undefined when the collection was written to while it was looked at, or a transaction was open
   * before or after: the number has its writes already. What others write is no hindrance: a server that is never quiet could not be compared.
   */
  private async drift(): Promise<number | undefined> {
    const { source } = this;
    const quiet = source.quiet();
    if (await source.transactionOpen()) return undefined;
    const first = await source.told();
    await pause(SETTLED_MS);
    const second = await source.told();
    await pause(SETTLED_MS);
    const { count, moment } = await source.told();
    const isOpen = await source.transactionOpen();
    const isQuiet = quiet === source.quiet() && first.count === count && second.count === count;
    return isQuiet && !isOpen ? (await source.countedAt(moment)) - count : undefined;
  }
}
