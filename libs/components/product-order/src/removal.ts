import { objectsAt, type JsonObject } from '@quotebridge/platform/core';
import { isHandedOver } from './handed-over';
import { orderMachine } from './states';

/** Why an order cannot be deleted, with what to do instead. */
export interface Obstacle {
  readonly code: 'inWork' | 'beingHandedOver';
  readonly message: string;
}

/** True when the outside system has said that it does not take the order. */
const isTurnedDown = (order: JsonObject): boolean =>
  objectsAt(order, 'productOrderErrorMessage').some(({ code }) => code === 'erpRefused');

/**
 * Whether an outside system may be taking the order at this moment, without its number being here yet. Deleted now,
 * the order would leave a sales order behind that nobody knows of.
 */
export const mayBeTaken = (order: JsonObject): boolean =>
  (order['state'] === 'acknowledged' || order['state'] === 'cancelled') &&
  !isHandedOver(order) &&
  !isTurnedDown(order);

/** Why an order cannot be deleted; `isOutside` when an outside system delivers what it orders. */
export const whyNotRemovable = (order: JsonObject, isOutside: boolean): Obstacle | undefined => {
  const { state } = order;
  const what = `The order is ${String(state)}`;
  if (state === 'draft') return undefined;
  if (isOutside && mayBeTaken(order)) {
    const todo =
      state === 'cancelled'
        ? 'It can be deleted when that system has told the number of its sales order.'
        : 'Cancel it instead: create a cancelProductOrder.';
    return { code: 'beingHandedOver', message: `${what} and an outside system may be taking it. ${todo}` };
  }
  const isOver = orderMachine.isState(state) && orderMachine.isFinal(state);
  if (isOver || (state === 'acknowledged' && !isHandedOver(order))) return undefined;
  return {
    code: 'inWork',
    message: `${what} and in work. Cancel it instead: create a cancelProductOrder; it can be deleted when it has ended.`,
  };
};
