import { endOf, objectAt, type JsonObject } from '@quotebridge/platform/core';
import type { StateChange, StateDefinition } from '@quotebridge/tmf/resource';
import { defineStateMachine, type StateMachine } from '@quotebridge/tmf/state-machine';

/** Life cycle of everything in a catalog (TMF620 user guide, life cycle management). */
export type LifecycleStatus =
  'In Study' | 'In Design' | 'In Test' | 'Active' | 'Launched' | 'Rejected' | 'Retired' | 'Obsolete';

/** Why the validity period forbids a launch at that time (milliseconds since the epoch); undefined when it does not. */
export const endedBy = (resource: JsonObject, now: number): string | undefined =>
  endOf(objectAt(resource, 'validFor')) <= now
    ? 'Its validity period has ended, so it cannot be launched; extend validFor first.'
    : undefined;

const marketable = ({ after, now }: StateChange): string | undefined => endedBy(after, now);

const machine: StateMachine<LifecycleStatus, StateChange> = defineStateMachine<LifecycleStatus, StateChange>({
  initial: ['In Study'],
  final: ['Rejected', 'Obsolete'],
  transitions: [
    { from: 'In Study', to: 'In Design' },
    { from: 'In Design', to: 'In Test' },
    { from: 'In Test', to: 'Active' },
    { from: 'In Test', to: 'Rejected' },
    { from: 'Active', to: 'Launched', guard: marketable },
    { from: ['Active', 'Launched'], to: 'Retired' },
    { from: 'Retired', to: 'Obsolete' },
  ],
});

/**
 * A catalog that is taken over from another system brings its state along, so an entity may also start further on;
 * one that starts as Launched passes the same checks as one that gets there.
 */
export const lifecycle: StateDefinition = {
  attribute: 'lifecycleStatus',
  machine: machine,
  creatable: ['In Study', 'In Design', 'In Test', 'Active', 'Launched', 'Retired'],
};

/** True when a write takes the entity to Launched. */
export const isLaunch = (before: JsonObject | undefined, after: JsonObject): boolean =>
  after['lifecycleStatus'] === 'Launched' && before?.['lifecycleStatus'] !== 'Launched';
