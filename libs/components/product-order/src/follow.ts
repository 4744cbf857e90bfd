import type { JsonObject } from '@quotebridge/platform/core';
import { itemsOf } from './items';
import { itemMachine, type ItemState, type OrderState } from './states';

/** Of the states in which work goes on, the first one that any item is in is the order's. */
const LIVE_FIRST: readonly ItemState[] = [
  'assessingCancellation',
  'pendingCancellation',
  'inProgress',
  'held',
  'pending',
];

const isFinal = (state: ItemState): boolean => itemMachine.isFinal(state);

const endState = (states: readonly ItemState[]): ItemState => {
  const [first] = states;
  if (first !== undefined && states.every((state) => state === first)) return first;
  if (states.some((state) => state === 'completed' || state === 'partial')) return 'partial';
  return states.includes('failed') ? 'failed' : 'cancelled';
};

/**
 * The state of an order whose items are in these states (at least one).
 *
 * | items | order |
 * |---|---|
 * | all in one final state | that state |
 * | all ended, some completed | partial |
 * | all ended, none completed, some failed | failed |
 * | all ended, some cancelled, others rejected | cancelled |
 * | some still assessed or waiting for cancellation | assessingCancellation, pendingCancellation |
 * | some in progress | inProgress |
 * | none in progress, some held; else some pending | held; pending |
 * | some not begun, others ended | inProgress |
 * | none begun | acknowledged |
 */
export const orderStateFromItems = (states: readonly ItemState[]): ItemState => {
  if (states.every(isFinal)) return endState(states);
  const live = LIVE_FIRST.find((state) => states.includes(state));
  if (live !== undefined) return live;
  return states.some(isFinal) ? 'inProgress' : 'acknowledged';
};

/** States of the items of an order; an item without one has not been begun. */
export const itemStatesOf = (order: JsonObject): readonly ItemState[] =>
  itemsOf(order).map(({ state }) => (itemMachine.isState(state) ? state : 'acknowledged'));

/**
 * The state an order must have now. A draft stays one until it is submitted, and an accepted order in progress stays
 * accepted: neither is a matter of its items.
 */
export const followingState = (order: JsonObject, current: OrderState): OrderState => {
  if (current === 'draft') return 'draft';
  const states = itemStatesOf(order);
  const state = states.length === 0 ? current : orderStateFromItems(states);
  return state === 'inProgress' && current === 'inProgress.accepted' ? current : state;
};
