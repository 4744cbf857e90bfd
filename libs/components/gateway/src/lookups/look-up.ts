import { isoNow, Refusal, type Clock, type JsonObject } from '@quotebridge/platform/core';
import type { LiveAnswer } from './live-erp';

/** An answer with where it comes from and how old it is. */
export interface LookedUp {
  readonly value: JsonObject;
  readonly source: 'erp' | 'masterData';
  readonly asOf: string;
  /** True when the ERP should have been asked and could not be. */
  readonly stale: boolean;
  /** Why it is not from the ERP. */
  readonly reason?: string;
}

/** How long answers are used again. */
export interface LookUpOptions {
  readonly clock: Clock;
  /** Milliseconds that an answer of the ERP is given again without asking. */
  readonly freshMs: number;
  /** Most answers that are kept. */
  readonly maxEntries: number;
}

interface Kept {
  readonly answer: LookedUp;
  readonly at: number;
}

/** An answer from master data is given again for this part of the time only: the ERP may be back. */
const STALE_PART = 5;
/** Nobody is given an answer that is older than this, milliseconds. */
const OLDEST_MS = 3_600_000;

/**
 * Asks the ERP and the master data at once: the ERP's answer counts, the master data stand in when it has none. When both fail,
 * what was known before is given, with its age. Equal questions at the same time are asked once.
 */
export class LookUp {
  private readonly kept = new Map<string, Kept>();
  private readonly underWay = new Map<string, Promise<LookedUp>>();

  constructor(private readonly options: LookUpOptions) {}

  /** `master` throws a {@link Refusal}: below 500 it is a verdict (no such part), else the component is away. */
  answer(key: string, live: () => Promise<LiveAnswer>, master: () => Promise<JsonObject>): Promise<LookedUp> {
    const kept = this.kept.get(key);
    if (kept && this.isFresh(kept)) return Promise.resolve(kept.answer);
    const running = this.underWay.get(key);
    if (running) return running;
    const asking = this.ask(key, live, master).finally(() => this.underWay.delete(key));
    this.underWay.set(key, asking);
    return asking;
  }

  private isFresh({ answer, at }: Kept): boolean {
    const { clock, freshMs } = this.options;
    return clock.now() - at < (answer.stale ? freshMs / STALE_PART : freshMs);
  }

  private async ask(
    key: string,
    live: () => Promise<LiveAnswer>,
    master: () => Promise<JsonObject>,
  ): Promise<LookedUp> {
    const [fromErp, fromMaster] = await Promise.allSettled([live(), master()]);
    const erp: LiveAnswer =
      fromErp.status === 'fulfilled' ? fromErp.value : { ok: false, reason: String(fromErp.reason) };
    if (erp.ok) return this.keep(key, { value: erp.value, source: 'erp', asOf: erp.asOf, stale: false });
    const { reason } = erp;
    if (fromMaster.status === 'fulfilled') {
      const asOf = isoNow(this.options.clock);
      return this.keep(key, { value: fromMaster.value, source: 'masterData', asOf, stale: true, reason });
    }
    const why: unknown = fromMaster.reason;
    const old = this.kept.get(key);
    const isAway = !(why instanceof Refusal) || why.status >= 500;
    if (isAway && old && this.options.clock.now() - old.at < OLDEST_MS)
      return { ...old.answer, stale: true, reason };
    throw why;
  }

  private keep(key: string, answer: LookedUp): LookedUp {
    this.kept.delete(key);
    this.kept.set(key, { answer, at: this.options.clock.now() });
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= this.options.maxEntries) break;
      this.kept.delete(oldest);
    }
    return answer;
  }
}
