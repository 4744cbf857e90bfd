import type { StateChange, StateDefinition } from '@quotebridge/tmf/resource';
import { defineStateMachine, openStateMachine, type StateMachine } from '@quotebridge/tmf/state-machine';

/** Where an individual stands (TMF632 `IndividualStateType`). */
export type IndividualState = 'initialized' | 'validated' | 'deceased';

/** Where an organization stands (TMF632 `OrganizationStateType`). */
export type OrganizationState = 'initialized' | 'validated' | 'closed';

const lifeOf = <End extends string>(end: End): StateMachine<'initialized' | 'validated' | End, StateChange> =>
  defineStateMachine<'initialized' | 'validated' | End, StateChange>({
    initial: ['initialized'],
    final: [end],
    transitions: [
      { from: 'initialized', to: 'validated' },
      // What was validated may turn out to have changed, and is validated again.
      { from: 'validated', to: 'initialized' },
      { from: ['initialized', 'validated'], to: end },
    ],
  });

/** The steps of an individual. */
export const individualMachine: StateMachine<IndividualState, StateChange> = lifeOf('deceased');

/** The steps of an organization. */
export const organizationMachine: StateMachine<OrganizationState, StateChange> = lifeOf('closed');

/** Parties are taken over from other systems, so they may start anywhere. */
export const individualStates: StateDefinition = {
  attribute: 'status',
  machine: individualMachine,
  creatable: individualMachine.states,
  skipsOnIngest: true,
};

export const organizationStates: StateDefinition = {
  attribute: 'status',
  machine: organizationMachine,
  creatable: organizationMachine.states,
  skipsOnIngest: true,
};

/** The status of a customer and of a party role is free text in the standard. */
export const roleStates: StateDefinition = {
  attribute: 'status',
  machine: openStateMachine('initialized'),
};
