import type { JsonObject } from '@quotebridge/platform/core';
import { meantState, stateOnTheWay, withReport } from './order-reports';
import { requestState } from './request-state';
import type { OrderState } from './states';

const order = (state: OrderState): JsonObject => ({ state, productOrderItem: [{ id: '1', state }] });

/** An order that was in `state` when its cancellation was requested. */
const assessed = (state: OrderState): JsonObject => {
  const moved = requestState(order(state), 'assessingCancellation');
  if (!moved.ok) throw new Error(moved.error.reason);
  return moved.value;
};

describe('a report of an outside system', () => {
  it.each<[OrderState, string, string | undefined]>([
    ['acknowledged', 'inProgress', 'inProgress'],
    ['pending', 'inProgress', 'inProgress'],
    ['inProgress.accepted', 'inProgress', undefined],
    ['held', 'inProgress', undefined],
    ['assessingCancellation', 'inProgress', undefined],
    ['pendingCancellation', 'inProgress', undefined],
    ['pendingCancellation', 'cancelled', 'cancelled'],
    ['pendingCancellation', 'failed', 'cancelled'],
    ['completed', 'inProgress', undefined],
    ['cancelled', 'completed', undefined],
    ['inProgress', 'inProgress', undefined],
  ])('on an order that is %s, %s means %s', (state, reported, meant) => {
    expect(meantState(order(state), reported)).toBe(meant);
  });

  it.each<[string, JsonObject, string, string | undefined]>([
    ['not begun', order('acknowledged'), 'completed', 'inProgress'],
    ['stopped', order('held'), 'completed', 'inProgress'],
    ['waiting', order('pending'), 'failed', 'inProgress'],
    ['in work', order('inProgress'), 'completed', undefined],
    ['being assessed, in work before', assessed('inProgress'), 'completed', 'inProgress'],
    ['being assessed, held before', assessed('held'), 'completed', 'held'],
    ['being assessed', assessed('inProgress'), 'cancelled', 'pendingCancellation'],
    ['over', order('failed'), 'completed', undefined],
    ['to be cancelled', order('pendingCancellation'), 'completed', undefined],
    ['in work', order('inProgress'), 'nonsense', undefined],
  ])('finds the way of an order that is %s', (_name, before, reported, way) => {
    expect(stateOnTheWay(before, reported)).toBe(way);
  });

  const number = { owner: 'erp', externalIdentifierType: 'salesOrder', id: '4711' };
  const error = {
    '@type': 'ProductOrderErrorMessage',
    code: 'erpRefused',
    timestamp: '2026-01-01T00:00:00Z',
  };

  it('notes number, state and messages once', () => {
    const report = { state: 'inProgress', externalIdentifier: [number], productOrderErrorMessage: [error] };
    const once = withReport(order('acknowledged'), report);
    expect(once).toMatchObject({
      state: 'inProgress',
      externalId: [number],
      productOrderErrorMessage: [error],
    });
    expect(withReport(once, report)).toEqual(once);
  });

  it('after the end leaves the end as it is, and still brings the number', () => {
    expect(withReport(order('cancelled'), { state: 'inProgress', externalIdentifier: [number] })).toEqual({
      ...order('cancelled'),
      externalId: [number],
    });
  });
});

describe('a payment status that an outside system tells', () => {
  const KEPT = { number: 7, digest: 'd' };
  const paid = (paymentStatus: string | null, more: JsonObject = {}): JsonObject => ({
    businessOrder: { paymentStatus, turn: 1, ...more },
  });

  it.each<[string, string | undefined, JsonObject, string | undefined]>([
    ['is taken', undefined, paid('paid'), 'paid'],
    ['is taken from who knows what is here', 'open', paid('paid', { was: 'open' }), 'paid'],
    ['is taken from who has the last word', 'failed', paid('paid'), 'paid'],
    ['does not undo what its system has not seen', 'failed', paid('paid', { was: 'open' }), 'failed'],
    ['does not undo the first one either', 'failed', paid('paid', { was: null }), 'failed'],
    ['may end', 'open', paid(null, { was: 'open' }), undefined],
    ['is left alone by a report that tells none', 'open', {}, 'open'],
  ])('%s', (_name, before, report, after) => {
    const current = {
      ...order('inProgress'),
      businessOrder: { ...KEPT, ...(before && { paymentStatus: before }) },
    };
    expect(withReport(current, report)).toEqual({
      ...current,
      businessOrder: { ...KEPT, ...(after && { paymentStatus: after }) },
    });
  });
});
