import { cancelMachine, orderMachine, type CancelState, type OrderState } from './states';

/** What a cancellation looks at. */
export interface CancelSituation {
  readonly task: CancelState;
  /** Undefined when the order is not there any more. */
  readonly order: OrderState | undefined;
  /** True when no outside system has the order, so that nobody needs to be asked. */
  readonly isOurs: boolean;
  /** True when an item of the order was cancelled: an order that ends as `partial` may owe it to that. */
  readonly hasCancelledItems: boolean;
  /** True when nobody has to decide any more whether the order may be cancelled. */
  readonly isAccepted?: boolean;
}

/** What is to be done together: states that the order passes through, and the new state of the task. */
export interface CancelStep {
  readonly order: readonly OrderState[];
  readonly task?: CancelState;
}

const task = (state: CancelState): CancelStep => ({ order: [], task: state });

/** The way into the assessment: an order that nobody has begun waits first (TMF622, life cycle). */
const beginning = (order: OrderState): CancelStep => {
  if (order === 'draft') return { order: ['cancelled'], task: 'inProgress' };
  if (order === 'acknowledged') return { order: ['pending', 'assessingCancellation'], task: 'inProgress' };
  const isAssessed = order === 'assessingCancellation' || order === 'pendingCancellation';
  if (isAssessed || order === 'cancelled') return task('inProgress');
  if (orderMachine.isFinal(order)) return task('terminatedWithError');
  return { order: ['assessingCancellation'], task: 'inProgress' };
};

/**
 * The next step of a cancellation, or undefined when it waits or is over. The order is assessed first; when nobody
 * needs to be asked it is cancelled at once, else somebody decides by moving the order on (`pendingCancellation`,
 * then `cancelled`) or back to where it was, and the task follows. Looks only at what is stored, so it gives the
 * right answer after a crash between two steps and for events that come twice or late.
 */
export const nextCancelStep = (situation: CancelSituation): CancelStep | undefined => {
  const { order, isOurs, hasCancelledItems, isAccepted = false } = situation;
  if (cancelMachine.isFinal(situation.task)) return undefined;
  if (order === undefined) return task('terminatedWithError');
  if (situation.task === 'acknowledged') return beginning(order);
  // Accepted and carried out in one step: an order that is handed over in between would wait for the ERP's consent.
  if (order === 'assessingCancellation') {
    if (isOurs) return { order: ['pendingCancellation', 'cancelled'], task: 'done' };
    return isAccepted ? { order: ['pendingCancellation'] } : undefined;
  }
  if (order === 'pendingCancellation') return isOurs ? { order: ['cancelled'], task: 'done' } : undefined;
  const isDone = order === 'cancelled' || (orderMachine.isFinal(order) && hasCancelledItems);
  return task(isDone ? 'done' : 'terminatedWithError');
};
