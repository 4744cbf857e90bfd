import { err, ok, type Fault, type JsonObject, type Result } from '@quotebridge/platform/core';
import { followingState } from './follow';
import { mapItems, placedItems, itemsOf } from './items';
import { itemStateOf, requestState, STATE_BEFORE_CANCELLATION, type StateRefusal } from './request-state';
import { isCancellationStep, itemMachine, orderMachine, type ItemState, type OrderState } from './states';

const stateOf = (order: JsonObject): OrderState =>
  orderMachine.isState(order['state']) ? order['state'] : orderMachine.initial;

/** Faults of the items whose state was changed by hand. */
const stepFaults = (before: JsonObject, after: JsonObject): readonly Fault[] => {
  const known = new Map(itemsOf(before).map((item) => [item['id'], itemStateOf(item)]));
  return placedItems(after).flatMap(({ path, item }): Fault[] => {
    const to = item['state'];
    const at = `${path}/state`;
    if (to === undefined) return [];
    if (!itemMachine.isState(to)) return [{ path: at, message: 'is not a state of an item', code: 'enum' }];
    const from = known.get(item['id']);
    if (from === undefined) return [...newItemFaults(to, at)];
    if (from === to) return [];
    if (before['state'] === 'draft') {
      return [{ path: at, message: 'cannot move before its order is submitted', code: 'illegalTransition' }];
    }
    if (isCancellationStep(from, to)) {
      const message = 'is cancelled only together with its order: create a cancelProductOrder';
      return [{ path: at, message, code: 'illegalTransition' }];
    }
    const verdict = itemMachine.check(from, to, undefined);
    if (verdict.ok) return [];
    const { reason } = verdict.error;
    const allowed = verdict.error.allowed.filter((state) => !isCancellationStep(from, state));
    const ways = allowed.length === 0 ? '' : ` Allowed from '${from}': ${allowed.join(', ')}.`;
    return [{ path: at, message: `${reason}${ways}`, code: 'illegalTransition' }];
  });
};

const newItemFaults = (state: ItemState, path: string): readonly Fault[] =>
  state === 'acknowledged'
    ? []
    : [{ path, message: `cannot start as '${state}'; a new item is acknowledged`, code: 'illegalState' }];

const haveStepped = (before: JsonObject, after: JsonObject): boolean => {
  const known = new Map(itemsOf(before).map((item) => [item['id'], itemStateOf(item)]));
  return itemsOf(after).some((item) => {
    const from = known.get(item['id']);
    return from !== undefined && from !== itemStateOf(item);
  });
};

/**
 * An item that is added, or whose patch left the state out, is where it was or not yet begun. What an item was before
 * a cancellation is the server's own memory: nobody else sets or clears it.
 */
const withItemStates = (before: JsonObject, after: JsonObject): JsonObject => {
  const known = new Map(itemsOf(before).map((item) => [item['id'], item]));
  return mapItems(after, ({ [STATE_BEFORE_CANCELLATION]: _sent, ...item }) => {
    const was = known.get(item['id']);
    const memory = was?.[STATE_BEFORE_CANCELLATION];
    return {
      ...item,
      state: item['state'] ?? was?.['state'] ?? 'acknowledged',
      ...(memory === undefined ? {} : { [STATE_BEFORE_CANCELLATION]: memory }),
    };
  });
};

/**
 * The order after a change, with the states of order and items in step (TMF622: the order's state always follows
 * from its items'). A change of the order's state alone moves the items; a change of items moves the order; a change
 * of both has to agree. Everything else is refused with the reason and the items in the way.
 */
export const settleOrder = (before: JsonObject, after: JsonObject): Result<JsonObject, StateRefusal> => {
  const current = stateOf(before);
  const requested = stateOf(after);
  const complete = withItemStates(before, after);
  const faults = stepFaults(before, complete);
  if (faults.length > 0) return err({ reason: 'An item cannot take this step.', faults });

  const hasStepped = haveStepped(before, complete);
  if (requested !== current && !hasStepped) return requestState({ ...complete, state: current }, requested);
  const state = followingState(complete, current);
  if (requested !== current && requested !== state) {
    const reason = `The order cannot be '${requested}': by its items it is '${state}'.`;
    return err({ reason, faults: [{ path: '/state', message: reason, code: 'inconsistentState' }] });
  }
  return ok({ ...complete, state });
};

/**
 * A new order in its first state: what `requestedInitialState` asks for (`acknowledged` or `draft`), with no item
 * begun. States that a client wrote into the items do not count.
 */
export const startOrder = (draft: JsonObject): JsonObject => ({
  ...mapItems(draft, ({ [STATE_BEFORE_CANCELLATION]: _sent, ...item }) => ({
    ...item,
    state: 'acknowledged',
  })),
  state: draft['requestedInitialState'] === 'draft' ? 'draft' : 'acknowledged',
});
