import { objectsIn, type JsonObject } from '@quotebridge/platform/core';
import { businessOf, externalIdsOf } from '../orders/product-order';

/** How far an order has come, in words of the business. */
export type ProgressStatus = 'accepted' | 'confirmed' | 'refused' | 'completed' | 'cancelled' | 'failed';

/** What is told of the progress of an order. */
export interface Progress {
  readonly id: string;
  readonly orderNumber?: number;
  readonly status: ProgressStatus;
  /** State of the TMF622 order. */
  readonly state: string;
  /** Number in the ERP. */
  readonly salesOrder?: string;
  /** Why it was refused. */
  readonly reason?: string;
}

const ENDED: Readonly<Record<string, ProgressStatus>> = {
  completed: 'completed',
  partial: 'completed',
  cancelled: 'cancelled',
  failed: 'failed',
  rejected: 'refused',
};

/** What the ERP had against the order: one for each time that it was asked, the latest last. */
const refusalsOf = (order: JsonObject): readonly JsonObject[] =>
  objectsIn(order['productOrderErrorMessage']).filter(({ code }) => code === 'erpRefused');

/** An order is confirmed when the ERP has a number for it, and refused when the ERP said why not. */
export const progressOf = (order: JsonObject): Progress => {
  const state = String(order['state']);
  const [salesOrder] = externalIdsOf(order, 'salesOrder');
  const refusal = refusalsOf(order).at(-1);
  const isRefused = salesOrder === undefined && refusal !== undefined && state === 'pending';
  const confirmed: ProgressStatus = salesOrder === undefined ? 'accepted' : 'confirmed';
  const status = ENDED[state] ?? (isRefused ? 'refused' : confirmed);
  const number = businessOf(order)?.['number'];
  const message = refusal?.['message'];
  return {
    id: String(order['id']),
    status,
    state,
    ...(typeof number === 'number' ? { orderNumber: number } : {}),
    ...(salesOrder === undefined ? {} : { salesOrder }),
    ...(status === 'refused' && typeof message === 'string' ? { reason: message } : {}),
  };
};

/** What tells this news of an order from its others: its status, and that it was refused once more. */
export const newsOf = (order: JsonObject): string => {
  const { status } = progressOf(order);
  const times = refusalsOf(order).length;
  return status === 'refused' && times > 1 ? `${status}/${times}` : status;
};
