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
  /** Nobody answered in time now: this was known before. */
  readonly isOld?: true;
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

/** What is to be found out: from whom, and how the one completes the other. */
export interface Sources {
  readonly live: () => Promise<LiveAnswer>;
  /** Throws a {@link Refusal}: below 500 it is a verdict (no such part), else the component is away. */
  readonly master: () => Promise<JsonObject>;
  /** The ERP's answer with what only master data tell; `master` gives them when they are there soon enough. */
  readonly complete?: (
    live: JsonObject,
    master: () => Promise<JsonObject | undefined>,
  ) => Promise<JsonObject>;
}

interface Kept {
  readonly answer: LookedUp;
  readonly at: number;
}

/** An answer from master data is given again for this part of the time only: the ERP may be back. */
const STALE_PART = 5;
/** So long an answer of the ERP waits for what master data add to it, milliseconds. */
const SOON_MS = 20;
/** Nobody is given an answer that is older than this, milliseconds. */
const OLDEST_MS = 3_600_000;

type Settled<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: unknown };

const settled = <T>(work: Promise<T>): Promise<Settled<T>> =>
  work.then(
    (value) => ({ ok: true, value }),
    (why: unknown) => ({ ok: false, why }),
  );

/** What comes of it, when it is there soon. */
const soon = async (found: Promise<Settled<JsonObject>>): Promise<JsonObject | undefined> => {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), SOON_MS);
  });
  const first = await Promise.race([found, over]);
  clearTimeout(timer);
  return first?.ok === true ? first.value : undefined;
};

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

  /** Equal keys ask the same. */
  async answer(key: string, sources: Sources): Promise<LookedUp> {
    const kept = this.kept.get(key);
    if (kept && this.isFresh(kept)) return kept.answer;
    const asking = this.underWay.get(key) ?? this.begin(key, sources);
    return this.inTime(key, asking);
  }

  private begin(key: string, sources: Sources): Promise<LookedUp> {
    const asking = this.ask(key, sources).finally(() => this.underWay.delete(key));
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
    return { ...old.answer, stale: true, reason, isOld: true };
  }

  private async ask(key: string, { live, master, complete }: Sources): Promise<LookedUp> {
    const [fromErp, fromMaster] = [settled(live()), settled(master())];
    const asked = await fromErp;
    const erp: LiveAnswer = asked.ok ? asked.value : { ok: false, reason: messageOf(asked.why) };
    if (erp.ok) {
      const value = complete === undefined ? erp.value : await complete(erp.value, () => soon(fromMaster));
      return this.keep(key, { value, source: 'erp', asOf: erp.asOf, stale: false });
    }
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
