import { messageOf, Refusal, type JsonObject } from '@quotebridge/platform/core';
import type { Running } from '@quotebridge/platform/events';
import type { Runtime } from '@quotebridge/tmf/component';
import { attributesOf } from '@quotebridge/tmf/resource';
import { whyNotValid } from './guards';
import { quoteMachine, type QuoteState } from './states';

/** State of a quote whose validity has ended → state that it gets. States that are not named stay. */
export type ExpiryRules = ReadonlyMap<QuoteState, QuoteState>;

/** Reason of a state that the end of the validity led to. */
const EXPIRED = 'expired';

const BATCH = 100;
/** Date-times are texts and may carry an offset: none is further from UTC than this. */
const OFFSET_MS = 14 * 3_600_000;

/** Rules from settings, `<state>:<state>`. Throws a sentence that names the wrong entry. */
export const readExpiryRules = (entries: readonly string[]): ExpiryRules =>
  new Map(
    entries.map((text): [QuoteState, QuoteState] => {
      const [from, to, ...rest] = text.split(':').map((part) => part.trim());
      if (!quoteMachine.isState(from) || !quoteMachine.isState(to) || rest.length > 0) {
        throw new Error(
          `The expiry rule '${text}' is not <state>:<state> of a quote, for example approved:rejected.`,
        );
      }
      const step = quoteMachine.check(from, to, { before: {}, after: {}, now: 0 });
      if (!step.ok) throw new Error(`The expiry rule '${text}' is no step of a quote: ${step.error.reason}`);
      return [from, to];
    }),
  );

/** The quote as its expiry leaves it; the same when it is valid or no rule is for its state. Pure. */
export const expired = (quote: JsonObject, rules: ExpiryRules, now: number): JsonObject => {
  const { state } = quote;
  const next = quoteMachine.isState(state) ? rules.get(state) : undefined;
  const isOver = whyNotValid(quote, now)?.includes('expired') === true;
  return next === undefined || !isOver ? quote : { ...quote, state: next, stateReason: EXPIRED };
};

/** Looks for quotes whose validity has ended and gives them the state that the rules say. One replica does it. */
export class Expiry {
  private stopped = false;
  private wake: (() => void) | undefined;
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly runtime: Runtime,
    private readonly rules: ExpiryRules,
    private readonly intervalMs: number,
  ) {}

  start(): Promise<Running> {
    this.stopped = false;
    this.loop = this.rules.size === 0 ? Promise.resolve() : this.run();
    return Promise.resolve({
      stop: async () => {
        this.stopped = true;
        this.wake?.();
        await this.loop;
      },
    });
  }

  private async round(): Promise<void> {
    const { service, clock, logger } = this.runtime;
    const { collection } = service('quote').repository;
    const filter = {
      state: { $in: [...this.rules.keys()] },
      'validFor.endDateTime': { $lt: new Date(clock.now() + OFFSET_MS).toISOString() },
    };
    for (let last = ''; !this.stopped;) {
      const page = await collection
        .find({ ...filter, _id: { $gt: last } })
        .sort({ _id: 1 })
        .limit(BATCH)
        .toArray();
      for (const found of page) {
        if (expired(attributesOf(found), this.rules, clock.now())['stateReason'] !== EXPIRED) continue;
        await service('quote')
          .change(found._id, (current) => expired(attributesOf(current), this.rules, clock.now()), {
            actor: 'rule:expiry',
            origin: 'event',
          })
          .catch((thrown: unknown) => {
            if (!(thrown instanceof Refusal) || thrown.status >= 500) throw thrown;
            logger.warn({ quote: found._id, reason: thrown.message }, 'A quote could not expire');
          });
      }
      if (page.length < BATCH) break;
      last = page.at(-1)?._id ?? '';
    }
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await this.round().catch((thrown: unknown) =>
        this.runtime.logger.warn({ reason: messageOf(thrown) }, 'Expired quotes could not be looked at'),
      );
      if (!this.stopped) await this.pause();
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.intervalMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
