import type { JsonObject } from '@quotebridge/platform/core';
import type { StateChange, StateDefinition } from '@quotebridge/tmf/resource';
import { defineStateMachine, type StateMachine } from '@quotebridge/tmf/state-machine';
import { whyNotAccepted, whyNotApproved, whyNotNewVersion } from './guards';

/** States of a quote and of its items (TMF648 v5 `QuoteStateType`; v4 has no `acknowledged` and `declined`). */
export type QuoteState =
  'acknowledged' | 'inProgress' | 'pending' | 'approved' | 'accepted' | 'rejected' | 'cancelled' | 'declined';

/** States in which the content of a quote may still change (user guide: everything until it is submitted). */
export const UPDATABLE: ReadonlySet<unknown> = new Set<QuoteState>(['acknowledged', 'inProgress', 'pending']);

/** The same, as a condition of the store. */
export const OPEN = { $in: [...UPDATABLE] };

/**
 * Life cycle of a quote. A rejected quote may come back as its next version; `declined` is the provider's own stop
 * and open until the quote is submitted.
 */
export const quoteMachine: StateMachine<QuoteState, StateChange> = defineStateMachine<
  QuoteState,
  StateChange
>({
  initial: ['inProgress', 'acknowledged'],
  final: ['accepted', 'cancelled', 'declined'],
  transitions: [
    { from: ['acknowledged', 'pending'], to: 'inProgress' },
    { from: 'inProgress', to: 'pending' },
    { from: 'inProgress', to: 'approved', guard: whyNotApproved },
    { from: 'approved', to: 'accepted', guard: whyNotAccepted },
    { from: 'approved', to: 'rejected' },
    { from: 'rejected', to: 'inProgress', guard: whyNotNewVersion },
    { from: ['acknowledged', 'inProgress', 'pending', 'approved'], to: 'cancelled' },
    { from: ['acknowledged', 'inProgress', 'pending'], to: 'declined' },
  ],
});

/** The state attribute of the resource definition. */
export const quoteStates: StateDefinition = {
  attribute: 'state',
  machine: quoteMachine,
};

/** States an item may have beside the quote's own: only while the quote is worked on can one item lag. */
const ITEM_STATES: Readonly<Partial<Record<QuoteState, readonly QuoteState[]>>> = {
  inProgress: ['inProgress', 'pending'],
  pending: ['pending', 'inProgress'],
};

/** May an item be in this state while its quote is in that one? */
export const isConsistent = (quote: QuoteState, item: QuoteState): boolean =>
  (ITEM_STATES[quote] ?? [quote]).includes(item);

/**
 * The state of an item after a change of its quote: what the item says where the quote leaves it a choice, else
 * the quote's own. A quote that gets its information (`pending` → `inProgress`) takes its items along.
 */
export const itemStateFor = (item: JsonObject, quote: QuoteState, hasMoved: boolean): QuoteState => {
  const own = item['state'];
  if (!hasMoved && quoteMachine.isState(own) && isConsistent(quote, own)) return own;
  return quote;
};
