import { messageOf, Rounds, type JsonObject } from '@quotebridge/platform/core';
import type { Running } from '@quotebridge/platform/events';
import type { Runtime } from '@quotebridge/tmf/component';
import { attributesOf } from '@quotebridge/tmf/resource';
import { eachQuote } from './each-quote';
import { whyNotValid } from './guards';
import { quoteMachine, type QuoteState } from './states';

/** State of a quote whose validity has ended → state that it gets. States that are not named stay. */
export type ExpiryRules = ReadonlyMap<QuoteState, QuoteState>;

/** Reason of a state that the end of the validity led to. */
const EXPIRED = 'expired';

/** Date-times are texts and may carry an offset: none is further from UTC than this. */
const OFFSET_MS = 14 * 3_600_000;

/** The only entry where no state is to change. */
const NONE = 'none';

/** Rules from settings, `<state>:<state>`, or `none`. Throws a sentence that names the wrong entry. */
export const readExpiryRules = (entries: readonly string[]): ExpiryRules =>
  new Map(
    (entries.join() === NONE ? [] : entries).map((text): [QuoteState, QuoteState] => {
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
  constructor(
    private readonly runtime: Runtime,
    private readonly rules: ExpiryRules,
    private readonly intervalMs: number,
  ) {}

  start(): Promise<Running> {
    if (this.rules.size === 0) return Promise.resolve({ stop: () => Promise.resolve() });
    const rounds = new Rounds({
      round: (stopping) => this.round(stopping),
      pauseMs: this.intervalMs,
      onError: (thrown) =>
        this.runtime.logger.warn({ reason: messageOf(thrown) }, 'Expired quotes could not be looked at'),
    });
    return Promise.resolve(rounds);
  }

  private round(stopping: AbortSignal): Promise<void> {
    const { service, clock } = this.runtime;
    const filter = {
      state: { $in: [...this.rules.keys()] },
      'validFor.endDateTime': { $lt: new Date(clock.now() + OFFSET_MS).toISOString() },
    };
    return eachQuote(this.runtime, filter, stopping, (id) =>
      service('quote').change(id, (current) => expired(attributesOf(current), this.rules, clock.now()), {
        actor: 'rule:expiry',
        origin: 'event',
      }),
    );
  }
}
