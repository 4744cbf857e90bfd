import type { StateChange, StateDefinition } from '@quotebridge/tmf/resource';
import { defineStateMachine, type StateMachine } from '@quotebridge/tmf/state-machine';

/** Where a lead or an opportunity stands (TMF699 `SalesLeadStateType`). */
export type SalesStatus = 'acknowledged' | 'inProgress' | 'pending' | 'accepted' | 'rejected' | 'cancelled';

/**
 * The steps of a lead (TMF699, life cycle) and, as the standard gives them the same six states, of an opportunity:
 * accepted is won, rejected is lost.
 */
export const salesMachine: StateMachine<SalesStatus, StateChange> = defineStateMachine<
  SalesStatus,
  StateChange
>({
  initial: ['acknowledged'],
  final: ['accepted', 'rejected', 'cancelled'],
  transitions: [
    { from: ['acknowledged', 'pending'], to: 'inProgress' },
    { from: 'acknowledged', to: 'cancelled' },
    { from: 'inProgress', to: 'pending' },
    { from: 'inProgress', to: 'accepted' },
    { from: ['inProgress', 'pending'], to: 'rejected' },
  ],
});

/** Leads and opportunities that a CRM has had for long come with the status they have there. */
export const salesStates: StateDefinition = {
  attribute: 'status',
  machine: salesMachine,
  creatable: salesMachine.states,
  skipsOnIngest: true,
};
