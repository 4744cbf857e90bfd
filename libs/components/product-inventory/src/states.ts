import type { StateChange, StateDefinition } from '@quotebridge/tmf/resource';
import { defineStateMachine, type StateMachine } from '@quotebridge/tmf/state-machine';

/** Where a product of a customer stands (TMF637 `ProductStatusType`; the space at the end of one is the standard's). */
export type ProductStatus =
  | 'created'
  | 'pendingActive'
  | 'cancelled'
  | 'active'
  | 'pendingTerminate'
  | 'terminated'
  | 'suspended'
  | 'aborted ';

/** The steps of a product (TMF637, life cycle). */
export const productMachine: StateMachine<ProductStatus, StateChange> = defineStateMachine<
  ProductStatus,
  StateChange
>({
  initial: ['created'],
  final: ['terminated', 'cancelled', 'aborted '],
  transitions: [
    { from: 'created', to: 'pendingActive' },
    { from: ['created', 'pendingActive', 'suspended'], to: 'active' },
    { from: 'pendingActive', to: 'aborted ' },
    { from: 'pendingActive', to: 'cancelled' },
    { from: 'active', to: 'suspended' },
    { from: 'active', to: 'pendingTerminate' },
    { from: ['active', 'pendingTerminate'], to: 'terminated' },
  ],
});

/** An installed base is taken over from other systems, so a product may start anywhere in its life. */
export const productStates: StateDefinition = {
  attribute: 'status',
  machine: productMachine,
  creatable: productMachine.states,
  skipsOnIngest: true,
};
