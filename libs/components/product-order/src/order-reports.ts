import { isDeepStrictEqual } from 'node:util';
import { objectsAt, type Json, type JsonObject } from '@quotebridge/platform/core';
import { mergeIdentifiers } from '@quotebridge/tmf/resource';
import { withPayment } from './payment-report';
import { stateBeforeAssessment } from './request-state';
import { orderMachine, type OrderState } from './states';

const WORKING: ReadonlySet<OrderState> = new Set(['inProgress', 'inProgress.accepted']);
const CANCELLING: ReadonlySet<OrderState> = new Set(['assessingCancellation', 'pendingCancellation']);
const NOT_ENDED: ReadonlySet<OrderState> = new Set(['inProgress', 'pending', 'held']);

const stateOf = (order: JsonObject): OrderState =>
  orderMachine.isState(order['state']) ? order['state'] : orderMachine.initial;

/**
 * The state that a report of an outside system means for an order; undefined where it tells nothing new. News after
 * the end changes nothing about the end. That work goes on is no answer to a request to cancel and frees no order
 * that somebody has stopped; that everything was dropped while a cancellation is carried out means that it is done.
 */
export const meantState = (order: JsonObject, reported: Json | undefined): Json | undefined => {
  const current = stateOf(order);
  if (reported === undefined || reported === current || orderMachine.isFinal(current)) return undefined;
  if (reported === 'inProgress' && (WORKING.has(current) || current === 'held')) return undefined;
  if (CANCELLING.has(current) && NOT_ENDED.has(reported as OrderState)) return undefined;
  return current === 'pendingCancellation' && reported === 'failed' ? 'cancelled' : reported;
};

/**
 * The state that an order passes through before it can take the one reported, or undefined when it can take it at
 * once or never. An outside system may tell only the end of what happened there: what was delivered had been begun,
 * and what was delivered while its cancellation was assessed is not cancelled any more.
 */
export const stateOnTheWay = (order: JsonObject, reported: Json | undefined): OrderState | undefined => {
  const from = stateOf(order);
  const to = meantState(order, reported);
  if (!orderMachine.isState(to) || orderMachine.check(from, to, undefined).ok) return undefined;
  if (from === 'assessingCancellation') {
    return to === 'cancelled' ? 'pendingCancellation' : stateBeforeAssessment(order);
  }
  const viaWork = orderMachine.next(from).includes('inProgress');
  return viaWork && orderMachine.next('inProgress').includes(to) ? 'inProgress' : undefined;
};

/** What connectors may tell about an order: its number in their system, its progress, its payment, and what went wrong. */
export const withReport = (current: JsonObject, report: JsonObject): JsonObject => {
  const identifiers = mergeIdentifiers(
    current['externalId'],
    mergeIdentifiers(report['externalId'], report['externalIdentifier']),
  );
  const known = objectsAt(current, 'productOrderErrorMessage');
  // A record that is delivered again brings the same message again.
  const errors = objectsAt(report, 'productOrderErrorMessage').filter(
    (error) => !known.some((other) => isDeepStrictEqual(other, error)),
  );
  const state = meantState(current, report['state']);
  return {
    ...withPayment(current, report),
    ...(state === undefined ? {} : { state }),
    ...(identifiers.length === 0 ? {} : { externalId: identifiers }),
    ...(errors.length === 0 ? {} : { productOrderErrorMessage: [...known, ...errors] }),
    ...(report['expectedCompletionDate'] === undefined
      ? {}
      : { expectedCompletionDate: report['expectedCompletionDate'] }),
  };
};
