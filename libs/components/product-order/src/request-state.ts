import { err, ok, type Fault, type JsonObject, type Result } from '@quotebridge/platform/core';
import { followingState } from './follow';
import { itemsOf, mapItems, placedItems } from './items';
import { itemMachine, orderMachine, type ItemState, type OrderState } from './states';

/** What an item was before its order's cancellation was assessed; there only while it is. */
export const STATE_BEFORE_CANCELLATION = 'stateBeforeCancellation';

/** Why an order cannot be brought to a state: one sentence, and the items in the way. */
export interface StateRefusal {
  readonly reason: string;
  readonly faults: readonly Fault[];
}

/** The state that an order goes back to when the cancellation that is being assessed is turned down. */
export const stateBeforeAssessment = (order: JsonObject): OrderState =>
  followingState(
    mapItems(order, (item) =>
      itemStateOf(item) === 'assessingCancellation' ? back(item, 'inProgress') : item,
    ),
    'inProgress',
  );

/** Item states that go along when the order as a whole is brought to a state. */
const GOES_ALONG: Readonly<Partial<Record<OrderState, readonly ItemState[]>>> = {
  inProgress: ['acknowledged', 'pending', 'held'],
  'inProgress.accepted': ['acknowledged'],
  pending: ['acknowledged', 'inProgress'],
  held: ['inProgress'],
  completed: ['inProgress'],
  failed: ['inProgress'],
  assessingCancellation: ['acknowledged', 'inProgress', 'pending', 'held'],
  pendingCancellation: ['assessingCancellation'],
  cancelled: ['acknowledged', 'pending', 'held', 'pendingCancellation'],
};

/** State of an item as far as it is known; one without a state has not been begun. */
export const itemStateOf = ({ state }: JsonObject): ItemState =>
  itemMachine.isState(state) ? state : 'acknowledged';

const without = (item: JsonObject, name: string): JsonObject =>
  Object.fromEntries(Object.entries(item).filter(([key]) => key !== name));

/** The item after its order was asked to go to `requested`. */
const impliedItem = (item: JsonObject, from: OrderState, requested: OrderState): JsonObject => {
  const state = itemStateOf(item);
  if (from === 'draft') return { ...item, state: requested === 'draft' ? state : requested };
  if (from === 'assessingCancellation' && requested !== 'pendingCancellation') {
    return state === 'assessingCancellation' ? back(item, requested) : item;
  }
  if (!GOES_ALONG[requested]?.includes(state)) return item;
  if (requested === 'assessingCancellation') {
    return { ...item, state: requested, [STATE_BEFORE_CANCELLATION]: state };
  }
  const target: ItemState = requested === 'inProgress.accepted' ? 'inProgress' : (requested as ItemState);
  return { ...without(item, STATE_BEFORE_CANCELLATION), state: target };
};

/** A cancellation that was turned down leaves each item where it was. */
const back = (item: JsonObject, requested: OrderState): JsonObject => {
  const known = item[STATE_BEFORE_CANCELLATION];
  const before = itemMachine.isState(known)
    ? known
    : requested === 'inProgress.accepted'
      ? 'inProgress'
      : requested;
  return { ...without(item, STATE_BEFORE_CANCELLATION), state: before };
};

/**
 * Brings an order as a whole to another state by moving the items that the request implies. Refused when the step is
 * not in the life cycle, or when items that do not go along would keep the order elsewhere. Items that have ended
 * stay as they are: an order that is asked to end ends, as `partial` when its first item was already delivered and
 * the rest is cancelled, as `failed` when it had failed.
 */
export const requestState = (order: JsonObject, requested: OrderState): Result<JsonObject, StateRefusal> => {
  const from = orderMachine.isState(order['state']) ? order['state'] : orderMachine.initial;
  const verdict = orderMachine.check(from, requested, undefined);
  if (!verdict.ok) return err({ reason: verdict.error.reason, faults: [] });
  const moved = mapItems(order, (item) => impliedItem(item, from, requested));
  // From a draft on, and while accepted, the items decide; the request only says which of the two names applies.
  const state = followingState(moved, from === 'draft' ? 'acknowledged' : requested);
  const isOver = orderMachine.isFinal(requested) && orderMachine.isFinal(state);
  const isReached = state === requested || isOver;
  if (isReached || itemsOf(order).length === 0) return ok({ ...moved, state });
  return err(notReached(moved, from, requested, state));
};

const notReached = (
  moved: JsonObject,
  from: OrderState,
  requested: OrderState,
  state: OrderState,
): StateRefusal => ({
  reason:
    from === 'assessingCancellation'
      ? `A cancellation that is turned down leads back to '${state}', where the order was.`
      : `The order cannot be '${requested}': by its items it would be '${state}'.`,
  faults: placedItems(moved)
    .filter(({ item }) => itemStateOf(item) !== requested)
    .map(({ path, item }) => ({
      path: `${path}/state`,
      message: `is '${itemStateOf(item)}' and does not go along to '${requested}'`,
      code: 'inconsistentState',
    })),
});
