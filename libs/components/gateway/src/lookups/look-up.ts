import { isoNow, messageOf, Refusal, type JsonObject } from '@quotebridge/platform/core';
import { JsonText } from '../api/json-text';
import { ConcurrencyLimits } from './concurrency-limits';
import { KeptAnswers, type Kept, type KeptAnswersOptions } from './kept-answers';
import type { LiveAnswer } from './live-erp';
import type { LookedUp } from './looked-up';

/** How long answers are used again. */
export interface LookUpOptions extends KeptAnswersOptions {
  /** Milliseconds that an answer of the ERP is given again without asking. */
  readonly freshMs: number;
  /** So long the ERP is waited for alone where it answers all that is asked; then the master data are asked as well. Milliseconds. */
  readonly aloneMs: number;
  /** Longest time that anybody waits for an answer, milliseconds. */
  readonly deadlineMs: number;
}

/** What is asked: equal ones ask the same. The first word is the kind, of which there are few. */
export type LookUpQuestion = readonly [kind: string, ...words: readonly (string | undefined)[]];

/** What is to be found out: from whom, and how the one completes the other. */
export interface Sources {
  readonly live: () => Promise<LiveAnswer>;
  /** Throws a {@link Refusal}: below 500 it is a verdict (no such part), else the component is away. */
  readonly master: () => Promise<JsonObject | JsonText>;
  /** The ERP's answer with what only master data tell; `master` gives them when they are there soon enough. */
  readonly complete?: (
    live: JsonObject,
    master: () => Promise<JsonObject | undefined>,
  ) => Promise<JsonObject>;
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

/** What comes of it, when it is there within so many milliseconds. */
const within = async <T>(ms: number, work: Promise<T>): Promise<T | undefined> => {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
};

const soon = async (found: Promise<Settled<JsonObject | JsonText>>): Promise<JsonObject | undefined> => {
  const first = await within(SOON_MS, found);
  return first?.ok === true && !(first.value instanceof JsonText) ? first.value : undefined;
};

const refuse = (refusal: Refusal): never => {
  throw refusal;
};

const soonAgain = (code: string, message: string): Refusal =>
  new Refusal(503, code, `${message}; try again soon`, { headers: { 'Retry-After': '1' } });

/** What master data say, and when it was so: what they say of it, else the moment of asking. */
const known = (found: JsonObject | JsonText, now: string): Pick<LookedUp, 'text' | 'asOf'> => {
  if (found instanceof JsonText) return { text: found.text };
  const { asOf, ...value } = found;
  return { text: JSON.stringify(value), asOf: typeof asOf === 'string' ? asOf : now };
};

/**
 * Asks the ERP, and the master data beside it: at once where they complete its answer, else when it fails or takes long. The ERP's
 * answer is given when it comes, the master data stand in when it has none. When both fail, or take longer than the deadline, what was known before is given, with its age; an answer that comes
 * later is kept for who asks next. Equal questions at the same time are asked once, and of a kind whose answers come late only as
 * many as can be answered in time.
 */
export class LookUp {
  private readonly kept: KeptAnswers;
  private readonly underWay = new Map<string, Promise<LookedUp>>();
  private readonly limits: ConcurrencyLimits;

  constructor(private readonly options: LookUpOptions) {
    this.kept = new KeptAnswers(options);
    this.limits = new ConcurrencyLimits(options.deadlineMs);
  }

  /** Refuses with a 503 when nothing is known in time, and else as the master data do. */
  async answer(question: LookUpQuestion, sources: Sources): Promise<LookedUp> {
    const key = JSON.stringify(question);
    const kept = this.kept.get(key);
    if (kept && this.isFresh(kept)) return kept.answer;
    const asking = this.underWay.get(key);
    if (asking) return this.inTime(key, asking);
    const [kind] = question;
    if (!this.limits.isFull(kind)) return this.inTime(key, this.begin(kind, key, sources));
    const reason = 'too many questions of this kind are under way';
    return this.before(key, reason) ?? refuse(soonAgain('tooMuchToDo', `Now ${reason}`));
  }

  private begin(kind: string, key: string, sources: Sources): Promise<LookedUp> {
    const asking = this.limits.watch(kind, this.ask(key, sources)).finally(() => this.underWay.delete(key));
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
        else reject(soonAgain('noAnswerInTime', `Nothing is known yet after ${deadlineMs} ms`));
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
    const fromErp = live().catch((why: unknown): LiveAnswer => ({ ok: false, reason: messageOf(why) }));
    const early = complete === undefined ? await within(this.options.aloneMs, fromErp) : undefined;
    const fromMaster = early?.ok === true ? undefined : settled(master());
    const erp = await fromErp;
    if (erp.ok) {
      const value =
        complete === undefined || fromMaster === undefined
          ? erp.value
          : await complete(erp.value, () => soon(fromMaster));
      return this.kept.put(key, { text: JSON.stringify(value), source: 'erp', asOf: erp.asOf, stale: false });
    }
    const { reason } = erp;
    const found = await (fromMaster ?? settled(master()));
    if (found.ok) {
      const facts = known(found.value, isoNow(this.options.clock));
      return this.kept.put(key, { ...facts, source: 'masterData', stale: true, reason });
    }
    const isAway = !(found.why instanceof Refusal) || found.why.status >= 500;
    const old = isAway ? this.before(key, reason) : undefined;
    if (old) return old;
    throw found.why;
  }
}
