import { defineStateMachine, type StateMachine } from '@quotebridge/tmf/state-machine';

/** States of an item (TMF622 v5 `ProductOrderItemStateType`; v4 has no `partial`). */
export type ItemState =
  | 'acknowledged'
  | 'rejected'
  | 'pending'
  | 'held'
  | 'inProgress'
  | 'cancelled'
  | 'completed'
  | 'failed'
  | 'partial'
  | 'assessingCancellation'
  | 'pendingCancellation';

/** States of an order (TMF622 v5 `ProductOrderStateType`; v4 has no `draft` and `inProgress.accepted`). */
export type OrderState = ItemState | 'draft' | 'inProgress.accepted';

/** States of a request to cancel (TMF622 v5 `TaskStateType`). */
export type CancelState =
  'acknowledged' | 'rejected' | 'inProgress' | 'cancelled' | 'done' | 'terminatedWithError';

const WORKING: readonly OrderState[] = ['inProgress', 'inProgress.accepted'];

/**
 * What may be asked of an order as a whole. A draft is submitted or dropped; from then on the order follows its
 * items, so a request moves the items along (see `requestState`).
 */
export const orderMachine: StateMachine<OrderState> = defineStateMachine<OrderState>({
  initial: ['acknowledged', 'draft', 'rejected'],
  final: ['rejected', 'cancelled', 'completed', 'failed', 'partial'],
  transitions: [
    { from: 'draft', to: 'acknowledged' },
    { from: 'draft', to: 'rejected' },
    { from: 'draft', to: 'cancelled' },
    { from: ['acknowledged', 'pending', 'held', 'assessingCancellation'], to: 'inProgress' },
    { from: 'inProgress', to: 'inProgress.accepted' },
    { from: ['acknowledged', ...WORKING, 'assessingCancellation'], to: 'pending' },
    { from: [...WORKING, 'assessingCancellation'], to: 'held' },
    { from: 'assessingCancellation', to: 'inProgress.accepted' },
    { from: [...WORKING, 'pending', 'held'], to: 'assessingCancellation' },
    { from: 'assessingCancellation', to: 'pendingCancellation' },
    { from: ['pending', 'held', 'pendingCancellation'], to: 'cancelled' },
    { from: WORKING, to: 'completed' },
    { from: WORKING, to: 'failed' },
    { from: WORKING, to: 'partial' },
  ],
});

/**
 * The steps of an item. Beside those of the order's diagram, an item that nobody has begun goes along when its order
 * is cancelled; only an item with items of its own can end as `partial`.
 */
export const itemMachine: StateMachine<ItemState> = defineStateMachine<ItemState>({
  initial: ['acknowledged', 'rejected'],
  final: ['rejected', 'cancelled', 'completed', 'failed', 'partial'],
  transitions: [
    { from: ['acknowledged', 'pending', 'held', 'assessingCancellation'], to: 'inProgress' },
    { from: ['acknowledged', 'inProgress', 'assessingCancellation'], to: 'pending' },
    { from: ['inProgress', 'assessingCancellation'], to: 'held' },
    { from: 'assessingCancellation', to: 'acknowledged' },
    { from: ['acknowledged', 'inProgress', 'pending', 'held'], to: 'assessingCancellation' },
    { from: 'assessingCancellation', to: 'pendingCancellation' },
    { from: ['acknowledged', 'pending', 'held', 'pendingCancellation'], to: 'cancelled' },
    { from: 'inProgress', to: 'completed' },
    { from: 'inProgress', to: 'failed' },
    { from: 'inProgress', to: 'partial' },
  ],
});

/** A request to cancel is assessed (`inProgress`) and then carried out (`done`), turned down or withdrawn. */
export const cancelMachine: StateMachine<CancelState> = defineStateMachine<CancelState>({
  initial: ['acknowledged', 'rejected'],
  final: ['rejected', 'cancelled', 'done', 'terminatedWithError'],
  transitions: [
    { from: 'acknowledged', to: 'inProgress' },
    { from: 'acknowledged', to: 'cancelled' },
    { from: 'inProgress', to: 'done' },
    { from: ['acknowledged', 'inProgress'], to: 'rejected' },
    { from: ['acknowledged', 'inProgress'], to: 'terminatedWithError' },
  ],
});

/**
 * Steps that only the order as a whole may take: a cancellation is accepted for all of it or not at all, and an item
 * that nobody has begun is cancelled only along with it.
 */
export const isCancellationStep = (from: ItemState, to: ItemState): boolean =>
  (from === 'acknowledged' && to === 'cancelled') ||
  [from, to].some((state) => state === 'assessingCancellation' || state === 'pendingCancellation');
