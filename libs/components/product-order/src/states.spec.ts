import type { JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { followingState, orderStateFromItems } from './follow';
import { itemsOf } from './items';
import { orderStates } from './order-states';
import { itemStateOf, requestState } from './request-state';
import { settleOrder, startOrder } from './settle';
import { cancelMachine, itemMachine, orderMachine, type ItemState, type OrderState } from './states';

const items = (...states: readonly ItemState[]) =>
  states.map((state, index) => ({ id: String(index + 1), action: 'add', state }));

const order = (state: OrderState, ...states: readonly ItemState[]) => ({
  state,
  productOrderItem: items(...states),
});

const itemState = fc.constantFrom(...itemMachine.states);
const orderState = fc.constantFrom(...orderMachine.states);

/** Any order that is in step with its items. */
const anyOrder = fc
  .array(itemState, { minLength: 1, maxLength: 5 })
  .map((states) => order(orderStateFromItems(states), ...states));

describe('the state of an order', () => {
  it.each<[readonly ItemState[], ItemState]>([
    [['acknowledged', 'acknowledged'], 'acknowledged'],
    [['acknowledged', 'inProgress'], 'inProgress'],
    [['acknowledged', 'completed'], 'inProgress'],
    [['held', 'inProgress'], 'inProgress'],
    [['held', 'pending'], 'held'],
    [['pending', 'acknowledged'], 'pending'],
    [['pending', 'completed'], 'pending'],
    [['completed', 'completed'], 'completed'],
    [['failed', 'failed'], 'failed'],
    [['rejected'], 'rejected'],
    [['cancelled', 'cancelled'], 'cancelled'],
    [['completed', 'failed'], 'partial'],
    [['completed', 'cancelled'], 'partial'],
    [['partial', 'failed'], 'partial'],
    [['failed', 'cancelled'], 'failed'],
    [['rejected', 'cancelled'], 'cancelled'],
    [['assessingCancellation', 'inProgress'], 'assessingCancellation'],
    [['pendingCancellation', 'completed'], 'pendingCancellation'],
  ])('of items in %j is %s', (states, expected) => {
    expect(orderStateFromItems(states)).toBe(expected);
  });

  it('does not depend on the order of the items', () => {
    fc.assert(
      fc.property(fc.array(itemState, { minLength: 1 }), (states) => {
        expect(orderStateFromItems([...states].reverse())).toBe(orderStateFromItems(states));
      }),
    );
  });

  it('is final exactly when every item has ended', () => {
    fc.assert(
      fc.property(fc.array(itemState, { minLength: 1 }), (states) => {
        const isOver = states.every((state) => itemMachine.isFinal(state));
        expect(itemMachine.isFinal(orderStateFromItems(states))).toBe(isOver);
      }),
    );
  });

  it('counts nested items', () => {
    const nested = {
      state: 'completed',
      productOrderItem: [{ ...items('completed')[0], productOrderItem: items('held') }],
    };
    expect(followingState(nested, 'completed')).toBe('held');
  });

  it('stays draft until submitted, and accepted while in progress', () => {
    expect(followingState(order('draft', 'acknowledged'), 'draft')).toBe('draft');
    expect(followingState(order('inProgress', 'inProgress'), 'inProgress.accepted')).toBe(
      'inProgress.accepted',
    );
    expect(followingState(order('inProgress', 'held'), 'inProgress.accepted')).toBe('held');
  });
});

describe('a request to an order as a whole', () => {
  it.each<[string, ReturnType<typeof order>, OrderState, readonly ItemState[], OrderState]>([
    [
      'starts the work',
      order('acknowledged', 'acknowledged', 'acknowledged'),
      'inProgress',
      ['inProgress', 'inProgress'],
      'inProgress',
    ],
    [
      'goes on',
      order('pending', 'pending', 'acknowledged'),
      'inProgress',
      ['inProgress', 'inProgress'],
      'inProgress',
    ],
    ['blocks', order('inProgress', 'inProgress', 'completed'), 'held', ['held', 'completed'], 'held'],
    [
      'completes',
      order('inProgress', 'inProgress', 'completed'),
      'completed',
      ['completed', 'completed'],
      'completed',
    ],
    [
      'accepts',
      order('inProgress', 'inProgress'),
      'inProgress.accepted',
      ['inProgress'],
      'inProgress.accepted',
    ],
    ['submits a draft', order('draft', 'acknowledged'), 'acknowledged', ['acknowledged'], 'acknowledged'],
    ['drops a draft', order('draft', 'acknowledged'), 'cancelled', ['cancelled'], 'cancelled'],
    [
      'cancels what is left',
      order('pending', 'pending', 'completed'),
      'cancelled',
      ['cancelled', 'completed'],
      'partial',
    ],
  ])('%s', (_name, before, requested, states, state) => {
    const after = requestState(before, requested);
    expect(after).toMatchObject({ ok: true, value: { state } });
    expect(after.ok && itemsOf(after.value).map(itemStateOf)).toEqual(states);
  });

  it('is refused with the items that would keep the order elsewhere', () => {
    expect(requestState(order('inProgress', 'inProgress', 'held'), 'completed')).toEqual({
      ok: false,
      error: {
        reason: "The order cannot be 'completed': by its items it would be 'held'.",
        faults: [
          {
            path: '/productOrderItem/1/state',
            message: "is 'held' and does not go along to 'completed'",
            code: 'inconsistentState',
          },
        ],
      },
    });
  });

  it('is refused when the life cycle has no such step', () => {
    expect(requestState(order('acknowledged', 'acknowledged'), 'completed')).toMatchObject({
      error: { reason: "There is no step from 'acknowledged' to 'completed'." },
    });
  });

  it('only ever takes items through steps that they have, and leaves order and items in step', () => {
    fc.assert(
      fc.property(anyOrder, orderState, (before, requested) => {
        const after = requestState(before, requested);
        if (!after.ok) return;
        const moved = itemsOf(after.value).map(itemStateOf);
        itemsOf(before).forEach((item, i) => {
          expect(itemMachine.check(itemStateOf(item), moved[i] as ItemState, undefined).ok).toBe(true);
        });
        expect(after.value['state']).toBe(followingState(after.value, requested));
      }),
      { numRuns: 500 },
    );
  });
});

describe('cancelling an order', () => {
  const cancelled = (before: ReturnType<typeof order>, ...steps: readonly OrderState[]) =>
    steps.reduce<JsonObject>((current, step) => {
      const next = requestState(current, step);
      if (!next.ok) throw new Error(next.error.reason);
      return next.value;
    }, before);

  it('goes by assessment to pending cancellation and ends cancelled, with nothing left behind', () => {
    const before = order('inProgress', 'inProgress', 'held', 'acknowledged');
    expect(cancelled(before, 'assessingCancellation', 'pendingCancellation', 'cancelled')).toEqual(
      order('cancelled', 'cancelled', 'cancelled', 'cancelled'),
    );
  });

  it('leaves what was delivered, so that the order ends partial', () => {
    const before = order('inProgress', 'inProgress', 'completed');
    expect(cancelled(before, 'assessingCancellation', 'pendingCancellation', 'cancelled')).toEqual(
      order('partial', 'cancelled', 'completed'),
    );
  });

  it('ends an order whose other item had failed', () => {
    const before = order('inProgress', 'inProgress', 'failed');
    expect(cancelled(before, 'assessingCancellation', 'pendingCancellation', 'cancelled')).toEqual(
      order('failed', 'cancelled', 'failed'),
    );
  });

  it('that is turned down leaves the order and every item exactly where they were', () => {
    fc.assert(
      fc.property(anyOrder, (before) => {
        const assessed = requestState(before, 'assessingCancellation');
        if (!assessed.ok || before.state === 'assessingCancellation') return;
        expect(requestState(assessed.value, before.state)).toEqual({ ok: true, value: before });
      }),
      { numRuns: 500 },
    );
  });

  it('that is turned down leads nowhere else', () => {
    const assessed = cancelled(order('held', 'held'), 'assessingCancellation');
    expect(requestState(assessed, 'inProgress')).toMatchObject({
      error: { reason: "A cancellation that is turned down leads back to 'held', where the order was." },
    });
  });
});

describe('a change of an order', () => {
  it('moves the order when an item moves', () => {
    const before = order('inProgress', 'inProgress', 'completed');
    const after = { ...before, productOrderItem: items('failed', 'completed') };
    expect(settleOrder(before, after)).toMatchObject({ ok: true, value: { state: 'partial' } });
  });

  it('keeps the states of items whose patch left them out', () => {
    const before = order('held', 'held');
    const after = { ...before, productOrderItem: [{ id: '1', quantity: 2 }, { id: '2' }] };
    expect(settleOrder(before, after)).toMatchObject({
      value: { state: 'held', productOrderItem: [{ state: 'held' }, { state: 'acknowledged' }] },
    });
  });

  it('names the item that cannot take its step, and where it may go', () => {
    const before = order('acknowledged', 'acknowledged');
    expect(settleOrder(before, order('acknowledged', 'completed'))).toMatchObject({
      error: {
        faults: [
          {
            path: '/productOrderItem/0/state',
            message:
              "There is no step from 'acknowledged' to 'completed'. Allowed from 'acknowledged': inProgress, pending.",
          },
        ],
      },
    });
  });

  it('does not cancel an item on its own', () => {
    expect(
      settleOrder(order('inProgress', 'inProgress'), order('inProgress', 'assessingCancellation')),
    ).toMatchObject({ error: { faults: [{ code: 'illegalTransition' }] } });
  });

  it('neither begins work on a draft nor lets a new item start in the middle', () => {
    const draft = { ...order('draft', 'acknowledged'), state: 'draft' };
    expect(settleOrder(draft, { ...draft, productOrderItem: items('inProgress') })).toMatchObject({
      error: { faults: [{ code: 'illegalTransition' }] },
    });
    expect(settleOrder(order('held', 'held'), order('held', 'held', 'completed'))).toMatchObject({
      error: { faults: [{ path: '/productOrderItem/1/state', code: 'illegalState' }] },
    });
    expect(settleOrder(order('held', 'held'), order('held', 'held', 'acknowledged')).ok).toBe(true);
  });

  it('cannot rewrite what an item was before a cancellation', () => {
    const assessed = requestState(order('held', 'held'), 'assessingCancellation');
    const before = assessed.ok ? assessed.value : {};
    const forged = {
      ...before,
      state: 'held',
      productOrderItem: [{ id: '1', stateBeforeCancellation: 'pending' }],
    };
    expect(settleOrder(before, forged)).toEqual({
      ok: true,
      value: { state: 'held', productOrderItem: [{ id: '1', state: 'held' }] },
    });
  });

  it('is refused when it asks for a state that the changed items contradict', () => {
    expect(settleOrder(order('inProgress', 'inProgress'), order('completed', 'failed'))).toMatchObject({
      error: { faults: [{ path: '/state', code: 'inconsistentState' }] },
    });
  });

  it('always leaves order and items in step, and never leaves a final state', () => {
    const change = fc.record({
      state: orderState,
      states: fc.array(itemState, { minLength: 1, maxLength: 5 }),
    });
    fc.assert(
      fc.property(anyOrder, change, (before, { state, states }) => {
        const same = before.productOrderItem.map((item, i) => ({ ...item, state: states[i] ?? item.state }));
        const after = settleOrder(before, { state, productOrderItem: same });
        if (!after.ok) return;
        expect(after.value['state']).toBe(followingState(after.value, after.value['state'] as OrderState));
        if (itemMachine.isFinal(before.state as ItemState)) expect(after.value['state']).toBe(before.state);
      }),
      { numRuns: 1000 },
    );
  });

  it('is accepted by the life cycle of the resource once settled', () => {
    fc.assert(
      fc.property(anyOrder, anyOrder, (before, wanted) => {
        const after = settleOrder(before, { ...wanted, productOrderItem: wanted.productOrderItem });
        if (!after.ok) return;
        const to = String(after.value['state']);
        expect(orderStates.machine.check(before.state, to, { before, after: after.value, now: 0 }).ok).toBe(
          true,
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('a new order', () => {
  it('is acknowledged with no item begun, whatever its items say', () => {
    expect(startOrder({ productOrderItem: items('completed') })).toEqual(
      order('acknowledged', 'acknowledged'),
    );
  });

  it('is a draft when it asks for that', () => {
    expect(startOrder({ requestedInitialState: 'draft', productOrderItem: items('held') })).toMatchObject({
      state: 'draft',
    });
  });
});

it('a cancellation in work ends as done, rejected or with an error', () => {
  expect(cancelMachine.next('inProgress')).toEqual(['done', 'rejected', 'terminatedWithError']);
});
