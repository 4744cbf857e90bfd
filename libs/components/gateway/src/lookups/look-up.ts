import { isoNow, messageOf, Refusal, type Clock, type JsonObject } from '@quotebridge/platform/core';
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
  /** Longest time that anybody waits for an answer, milliseconds. */
  readonly deadlineMs: number;
}

interface Kept {
  readonly answer: LookedUp;
  readonly at: number;
}

/** An answer from master data is given again for this part of the time only: the ERP may be back. */
const STALE_PART = 5;
/** Nobody is given an answer that is older than this, milliseconds. */
const OLDEST_MS = 3_600_000;

type Settled<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: unknown };

const settled = <T>(work: Promise<T>): Promise<Settled<T>> =>
  work.then(
    (value) => ({ ok: true, value }),
    (why: unknown) => ({ ok: false, why }),
  );

const late = (deadlineMs: number): Refusal =>
  new Refusal(503, 'noAnswerInTime', `Nothing is known yet after ${deadlineMs} ms; try again soon`, {
    headers: { 'Retry-After': '1' },
  });

/** When the master data were so: what the component says of them, else the moment of asking. */
const ageOf = ({ asOf, ...value }: JsonObject, now: string): { asOf: string; value: JsonObject } => ({
  value,
  asOf: typeof asOf === 'string' ? asOf : now,
});

/**
 * Asks the ERP and the master data at once. The ERP's answer is given when it comes, the master data stand in when it has
 * none. When both fail, or take longer than the deadline, what was known before is given, with its age; an answer that comes
 * later is kept for who asks next. Equal questions at the same time are asked once.
 */
export class LookUp {
  private readonly kept = new Map<string, Kept>();
  private readonly underWay = new Map<string, Promise<LookedUp>>();

  constructor(private readonly options: LookUpOptions) {}

  /** `master` throws a {@link Refusal}: below 500 it is a verdict (no such part), else the component is away. */
  async answer(
    key: string,
    live: () => Promise<LiveAnswer>,
    master: () => Promise<JsonObject>,
  ): Promise<LookedUp> {
    const kept = this.kept.get(key);
    if (kept && this.isFresh(kept)) return kept.answer;
    const asking = this.underWay.get(key) ?? this.begin(key, live, master);
    return this.inTime(key, asking);
  }

  private begin(
    key: string,
    live: () => Promise<LiveAnswer>,
    master: () => Promise<JsonObject>,
  ): Promise<LookedUp> {
    const asking = this.ask(key, live, master).finally(() => this.underWay.delete(key));
    // Who asked may have left already.
    asking.catch(() => undefined);
    this.underWay.set(key, asking);
    return asking;
  }

  private async inTime(key: string, asking: Promise<LookedUp>): Promise<LookedUp> {
    const { deadlineMs } = this.options;
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<LookedUp>((resolve, reject) => {
      timer = setTimeout(() => {
        const old = this.before(key, `no answer within ${deadlineMs} ms`);
        if (old) resolve(old);
        else reject(late(deadlineMs));
      }, deadlineMs);
    });
    try {
      return await Promise.race([asking, over]);
    } finally {
      clearTimeout(timer);
    }
  }

  private isFresh({ answer, at }: Kept): boolean {
    const { clock, freshMs } = this.options;
    return clock.now() - at < (answer.stale ? freshMs / STALE_PART : freshMs);
  }

  /** What was known before, marked; nothing when it is too old to be told. */
  private before(key: string, reason: string): LookedUp | undefined {
    const old = this.kept.get(key);
    if (old === undefined || this.options.clock.now() - old.at >= OLDEST_MS) return undefined;
    return { ...old.answer, stale: true, reason };
  }

  private async ask(
    key: string,
    live: () => Promise<LiveAnswer>,
    master: () => Promise<JsonObject>,
  ): Promise<LookedUp> {
    const [fromErp, fromMaster] = [settled(live()), settled(master())];
    const asked = await fromErp;
    const erp: LiveAnswer = asked.ok ? asked.value : { ok: false, reason: messageOf(asked.why) };
    if (erp.ok) return this.keep(key, { value: erp.value, source: 'erp', asOf: erp.asOf, stale: false });
    const { reason } = erp;
    const found = await fromMaster;
    if (found.ok) {
      const { value, asOf } = ageOf(found.value, isoNow(this.options.clock));
      return this.keep(key, { value, source: 'masterData', asOf, stale: true, reason });
    }
    const isAway = !(found.why instanceof Refusal) || found.why.status >= 500;
    const old = isAway ? this.before(key, reason) : undefined;
    if (old) return old;
    throw found.why;
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
