import { isoNow, Refusal, type JsonObject } from '@quotebridge/platform/core';
import { mergeIdentifiers, type HookContext, type ResourceHooks } from '@quotebridge/tmf/resource';
import { authorizationsFor, type Threshold } from './authorization';
import { refuseStrangers } from './approver';
import { CatalogAway } from '@quotebridge/tmf/client';
import { versionOf } from './guards';
import { requestsOnly } from './item-price';
import { completeItems, itemFaults, mapItems } from './items';
import { MARGIN } from './margin';
import { withoutStructure } from './item-structure';
import { priceQuote, type Pricing } from './price-quote';
import { withStructures, type Structures } from './structures';
import { itemStateFor, isConsistent, quoteMachine, UPDATABLE, type QuoteState } from './states';
import { isNewVersion, needsPricing, refuseFrozen } from './updatable';

/** How the house quotes. */
export interface QuotePolicy {
  readonly pricing: Pricing;
  /** Where items get the structures from that they stand for; none when they get none. */
  readonly structures?: Structures | undefined;
  readonly thresholds: readonly Threshold[];
  /** Length of the validity period of a new quote, milliseconds. */
  readonly validityMs: number;
  /** The state of the stored quote with this id, if there is one: a new version may only follow a rejected one. */
  readonly currentState: (id: string) => Promise<unknown>;
}

/** Behaviour of a quote: pricing, authorizations, consistent items, frozen content (TMF648 user guide, FACTS 3). */
export const quoteHooks = (policy: QuotePolicy): ResourceHooks => ({
  prepareCreate: async (draft, context) => {
    await refuseVersionOfLiving(draft, context, policy);
    const now = context.clock.now();
    const complete = completeItems(withIdentifiers({ ...draft, version: versionOf(draft) }));
    refuseContent(complete);
    const started: JsonObject = {
      ...complete,
      creationDate: complete['creationDate'] ?? isoNow(context.clock),
      instantSyncQuote: complete['instantSyncQuote'] ?? false,
      validFor: complete['validFor'] ?? {
        startDateTime: new Date(now).toISOString(),
        endDateTime: new Date(now + policy.validityMs).toISOString(),
      },
    };
    try {
      const calculated = await calculate(undefined, started, context, policy);
      refuseStrangers(undefined, calculated, policy.thresholds, context.principal);
      return cascade(undefined, calculated);
    } catch (thrown) {
      if (!(thrown instanceof CatalogAway)) throw thrown;
      if (started['instantSyncQuote'] === true) throw unavailable(thrown);
      // Received, not started: it is priced as soon as the catalog answers.
      return cascade(undefined, { ...withoutPrices(started), state: 'acknowledged' });
    }
  },
  prepareChange: async (before, edited, context) => {
    refuseFrozen(before, edited);
    const complete = completeItems(withIdentifiers(renewVersion(before, edited, context, policy)));
    refuseContent(complete);
    refuseItemSteps(before, complete);
    const next = cascade(before, complete);
    try {
      const calculated = needsPricing(before, next)
        ? await calculate(before, next, context, policy)
        : withAuthorizations(before, next, context, policy);
      refuseStrangers(before, calculated, policy.thresholds, context.principal);
      const completed = before['state'] !== calculated['state'] && calculated['state'] === 'approved';
      return completed ? { ...calculated, effectiveQuoteCompletionDate: isoNow(context.clock) } : calculated;
    } catch (thrown) {
      throw thrown instanceof CatalogAway ? unavailable(thrown) : thrown;
    }
  },
  beforeRemove: (before) => {
    if (before['state'] !== 'accepted') return;
    throw new Refusal(409, 'accepted', 'An accepted quote is a contract and cannot be deleted.');
  },
  extraEvents: (before, after) =>
    after['state'] === 'pending' && before?.['state'] !== 'pending'
      ? [{ type: 'QuoteInformationRequiredEvent' }]
      : [],
});

const calculate = async (
  before: JsonObject | undefined,
  quote: JsonObject,
  context: HookContext,
  policy: QuotePolicy,
): Promise<JsonObject> => {
  const { clock, trace } = context;
  const { structures } = policy;
  // A new version is built as it is now, not as it was when the old one was quoted.
  const known = before?.['state'] === 'rejected' ? undefined : before;
  const backed = structures === undefined ? quote : await withStructures(known, quote, structures, { trace });
  const priced = await priceQuote(backed, {
    ...policy.pricing,
    date: isoNow(clock),
    ...(trace === undefined ? {} : { trace }),
  });
  return withAuthorizations(before, priced, context, policy);
};

const withAuthorizations = (
  before: JsonObject | undefined,
  quote: JsonObject,
  { actor, clock }: HookContext,
  { thresholds }: QuotePolicy,
): JsonObject => {
  if (!UPDATABLE.has(quote['state']) && !UPDATABLE.has(before?.['state'])) return quote;
  const authorization = authorizationsFor(quote, before, thresholds, { actor, at: isoNow(clock) });
  const { authorization: _old, ...rest } = quote;
  return authorization.length === 0 ? rest : { ...rest, authorization };
};

/** Nothing but what was asked: figures that came along are not ours. */
const withoutPrices = ({ quoteTotalPrice: _totals, [MARGIN]: _margin, ...quote }: JsonObject): JsonObject =>
  mapItems(quote, (priced) => {
    const { quoteItemPrice: _prices, ...item } = priced;
    const requests = requestsOnly(priced);
    return requests.length === 0 ? item : { ...item, quoteItemPrice: requests };
  });

/** All items in the state that the quote's own leaves them. */
const cascade = (before: JsonObject | undefined, after: JsonObject): JsonObject => {
  const state = after['state'];
  if (!quoteMachine.isState(state)) return after;
  const hasMoved = before?.['state'] !== state;
  return mapItems(after, (item) => ({ ...item, state: itemStateFor(item, state, hasMoved) }));
};

/** Refuses with 409 an item state that does not go with the quote's. Only while the state of the quote stays. */
const refuseItemSteps = (before: JsonObject, after: JsonObject): void => {
  const state = after['state'];
  if (before['state'] !== state || !quoteMachine.isState(state)) return;
  mapItems(after, (item) => {
    const own = item['state'];
    if (own === undefined || (quoteMachine.isState(own) && isConsistent(state, own))) return item;
    throw inconsistent(item, state);
  });
};

const inconsistent = (item: JsonObject, state: QuoteState): Refusal => {
  const message = `Item ${String(item['id'])} cannot be '${String(item['state'])}' while the quote is '${state}'.`;
  return new Refusal(409, 'inconsistentItemState', message, {
    faults: [{ path: '/quoteItem', message, code: 'inconsistentItemState' }],
  });
};

/** A rejected quote that goes on starts its validity period and its authorizations anew. */
const renewVersion = (
  before: JsonObject,
  after: JsonObject,
  { clock }: HookContext,
  { validityMs }: QuotePolicy,
): JsonObject => {
  if (!isNewVersion(before, after)) return after;
  const { authorization: _old, effectiveQuoteCompletionDate: _done, stateReason: _why, ...rest } = after;
  const now = clock.now();
  const validFor = {
    startDateTime: new Date(now).toISOString(),
    endDateTime: new Date(now + validityMs).toISOString(),
  };
  return mapItems({ ...rest, validFor }, withoutStructure);
};

/** The standard's own list is `externalId` (TMF648); connectors send `externalIdentifier` for every resource. */
const withIdentifiers = (quote: JsonObject): JsonObject => {
  const { externalIdentifier, ...rest } = quote;
  if (externalIdentifier === undefined) return quote;
  return { ...rest, externalId: mergeIdentifiers(rest['externalId'], externalIdentifier) };
};

const refuseContent = (quote: JsonObject): void => {
  const faults = itemFaults(quote);
  const [first] = faults;
  if (first === undefined) return;
  throw new Refusal(400, 'invalidContent', `${first.path}: ${first.message}`, { faults });
};

/** A POST with the id of a quote and another version starts that version; the quote must have been rejected. */
const refuseVersionOfLiving = async (
  draft: JsonObject,
  { id }: HookContext,
  { currentState }: QuotePolicy,
): Promise<void> => {
  if (draft['version'] === undefined || versionOf(draft) === '1') return;
  const state = await currentState(id);
  if (state === undefined || state === 'rejected') return;
  const message = `The quote ${id} is ${String(state)}; only a rejected quote goes on as a new version.`;
  throw new Refusal(409, 'notRejected', message, {
    faults: [{ path: '/version', message, code: 'notRejected' }],
  });
};

const unavailable = (thrown: CatalogAway): Refusal =>
  new Refusal(503, 'catalogAway', `${thrown.message} Try again later.`, {
    headers: { 'Retry-After': '5' },
    cause: thrown,
  });
