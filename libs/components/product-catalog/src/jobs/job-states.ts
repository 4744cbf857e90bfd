import type { StateChange, StateDefinition } from '@quotebridge/tmf/resource';
import { defineStateMachine, type StateMachine } from '@quotebridge/tmf/state-machine';

/** States of a job (TMF620, JobStateType). */
export type JobState = 'Not Started' | 'Running' | 'Succeeded' | 'Failed';

const machine: StateMachine<JobState, StateChange> = defineStateMachine<JobState, StateChange>({
  initial: ['Not Started'],
  final: ['Succeeded', 'Failed'],
  transitions: [
    { from: 'Not Started', to: 'Running' },
    { from: ['Not Started', 'Running'], to: 'Failed' },
    { from: 'Running', to: 'Succeeded' },
  ],
});

/** The state attribute of import and export jobs. */
export const jobState: StateDefinition = {
  attribute: 'status',
  machine: machine,
};
