import type { StateChange, StateDefinition } from '@quotebridge/tmf/resource';
import { defineStateMachine, type Guard, type Transition } from '@quotebridge/tmf/state-machine';
import { followingState } from './follow';
import { cancelMachine, orderMachine, type OrderState } from './states';

/**
 * A step is right when it may be asked for, or when the items say so: two items on different ways can take their
 * order through a step that nobody may ask for, for example from held to partial.
 */
const allowedOrFollowing =
  (from: OrderState, to: OrderState): Guard<StateChange> =>
  ({ after }) => {
    const verdict = orderMachine.check(from, to, undefined);
    return verdict.ok || followingState(after, from) === to ? undefined : verdict.error.reason;
  };

const transitions: readonly Transition<OrderState, StateChange>[] = orderMachine.states
  .filter((from) => !orderMachine.isFinal(from))
  .flatMap((from) =>
    orderMachine.states
      .filter((to) => to !== from)
      .map((to) => ({ from, to, guard: allowedOrFollowing(from, to) })),
  );

const machine = defineStateMachine<OrderState, StateChange>({
  initial: ['acknowledged', 'draft', 'rejected'],
  final: orderMachine.states.filter((state) => orderMachine.isFinal(state)),
  transitions,
});

/** The state attribute of `productOrder`. A client never sets it at the start: it asks by `requestedInitialState`. */
export const orderStates: StateDefinition = {
  attribute: 'state',
  machine: machine,
};

/** The state attribute of `cancelProductOrder`. */
export const cancelStates: StateDefinition = {
  attribute: 'state',
  machine: cancelMachine,
};
