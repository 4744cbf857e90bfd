import fc from 'fast-check';
import type { JsonObject } from '@quotebridge/platform/core';
import { nextCancelStep, type CancelSituation } from './cancel-steps';
import { itemsOf } from './items';
import { meantState, stateOnTheWay } from './order-reports';
import { requestState } from './request-state';
import { settleOrder, startOrder } from './settle';
import { cancelMachine, orderMachine, type CancelState, type OrderState } from './states';

const situation = (task: CancelState, order: OrderState | undefined, more: object = {}): CancelSituation => ({
  task,
  order,
  isOurs: true,
  hasCancelledItems: false,
  ...more,
});

describe('the next step of a cancellation', () => {
  it.each<[CancelSituation, ReturnType<typeof nextCancelStep>]>([
    [situation('acknowledged', 'draft'), { order: ['cancelled'], task: 'inProgress' }],
    [
      situation('acknowledged', 'acknowledged'),
      { order: ['pending', 'assessingCancellation'], task: 'inProgress' },
    ],
    [situation('acknowledged', 'held'), { order: ['assessingCancellation'], task: 'inProgress' }],
    [situation('acknowledged', 'assessingCancellation'), { order: [], task: 'inProgress' }],
    [situation('acknowledged', 'completed'), { order: [], task: 'terminatedWithError' }],
    [situation('acknowledged', 'cancelled'), { order: [], task: 'inProgress' }],
    [situation('inProgress', 'cancelled'), { order: [], task: 'done' }],
    [
      situation('inProgress', 'assessingCancellation'),
      { order: ['pendingCancellation', 'cancelled'], task: 'done' },
    ],
    [situation('inProgress', 'pendingCancellation'), { order: ['cancelled'], task: 'done' }],
    [situation('inProgress', 'assessingCancellation', { isOurs: false }), undefined],
    [situation('inProgress', 'pendingCancellation', { isOurs: false }), undefined],
    [
      situation('inProgress', 'assessingCancellation', { isOurs: false, isAccepted: true }),
      { order: ['pendingCancellation'] },
    ],
    [situation('inProgress', 'pendingCancellation', { isOurs: false, isAccepted: true }), undefined],
    [situation('inProgress', 'held'), { order: [], task: 'terminatedWithError' }],
    [situation('inProgress', 'partial', { hasCancelledItems: true }), { order: [], task: 'done' }],
    [situation('inProgress', 'partial'), { order: [], task: 'terminatedWithError' }],
    [situation('inProgress', undefined), { order: [], task: 'terminatedWithError' }],
    [situation('done', 'cancelled'), undefined],
  ])('%j → %j', (given, expected) => {
    expect(nextCancelStep(given)).toEqual(expected);
  });
});

/** An order with its cancellation, as they are stored; every change goes through the rules of both life cycles. */
class World {
  order: JsonObject;
  task: CancelState = 'acknowledged';

  constructor(
    draft: boolean,
    items: number,
    private isOurs: boolean,
  ) {
    this.order = startOrder({
      ...(draft ? { requestedInitialState: 'draft' } : {}),
      productOrderItem: Array.from({ length: items }, (_, index) => ({ id: String(index) })),
    });
  }

  get state(): OrderState {
    return this.order['state'] as OrderState;
  }

  /** Somebody asks for a state, or moves one item; what is refused changes nothing. */
  ask(state: OrderState): void {
    const moved = requestState(this.order, state);
    if (moved.ok) this.order = moved.value;
  }

  moveItem(index: number, state: string): void {
    const productOrderItem = itemsOf(this.order).map((item, at) =>
      at === index ? { ...item, state } : item,
    );
    const moved = settleOrder(this.order, { ...this.order, productOrderItem });
    if (moved.ok) this.order = moved.value;
  }

  get isHandedOver(): boolean {
    return !this.isOurs;
  }

  /** The outside system reports a state, which also tells that it has the order. */
  report(state: string): void {
    this.isOurs = false;
    for (
      let way = stateOnTheWay(this.order, state);
      way !== undefined;
      way = stateOnTheWay(this.order, state)
    ) {
      const moved = requestState(this.order, way);
      if (!moved.ok) break;
      this.order = moved.value;
    }
    const meant = meantState(this.order, state);
    if (meant !== undefined) this.ask(meant as OrderState);
  }

  /** One step of the cancellation; throws when a life cycle does not have it. */
  step(): boolean {
    const next = nextCancelStep({
      task: this.task,
      order: this.state,
      isOurs: this.isOurs,
      hasCancelledItems: itemsOf(this.order).some(({ state }) => state === 'cancelled'),
    });
    if (!next) return false;
    for (const state of next.order) {
      const moved = requestState(this.order, state);
      if (!moved.ok) throw new Error(moved.error.reason);
      this.order = moved.value;
    }
    if (next.task) {
      const verdict = cancelMachine.check(this.task, next.task, undefined);
      if (!verdict.ok) throw new Error(verdict.error.reason);
      this.task = next.task;
    }
    return true;
  }
}

const disturbance = fc.oneof(
  fc.record({ kind: fc.constant('ask' as const), state: fc.constantFrom(...orderMachine.states) }),
  fc.record({
    kind: fc.constant('item' as const),
    index: fc.nat(2),
    state: fc.constantFrom('inProgress', 'pending', 'held', 'completed', 'failed', 'cancelled'),
  }),
  fc.record({
    kind: fc.constant('report' as const),
    state: fc.constantFrom('inProgress', 'completed', 'failed', 'pending', 'cancelled'),
  }),
  fc.record({ kind: fc.constant('step' as const) }),
);

describe('a cancellation among other changes of its order', () => {
  it('takes only legal steps and ends with its order, whatever happens between two of them', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        fc.array(disturbance, { maxLength: 12 }),
        (draft, items, isOurs, disturbances) => {
          const world = new World(draft, items, isOurs);
          for (const one of disturbances) {
            if (one.kind === 'ask') world.ask(one.state);
            else if (one.kind === 'item') world.moveItem(one.index, one.state);
            else if (one.kind === 'report') world.report(one.state);
            else world.step();
          }
          for (let steps = 0; world.step(); steps += 1) expect(steps).toBeLessThan(5);
          if (world.task === 'done') expect(orderMachine.isFinal(world.state)).toBe(true);
          if (cancelMachine.isFinal(world.task)) return;
          // Only somebody's decision is still missing. An order may also be assessed by hand, after its task is over.
          expect(['assessingCancellation', 'pendingCancellation']).toContain(world.state);
          expect(world.isHandedOver).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('waits for nothing but a decision when the order is handed over between any two of its steps', () => {
    fc.assert(
      fc.property(fc.nat(4), fc.constantFrom('inProgress', 'completed', 'failed'), (before, reported) => {
        const world = new World(false, 2, true);
        for (let steps = 0; steps < before && world.step(); steps += 1);
        world.report('inProgress');
        while (world.step());
        world.report(reported);
        while (world.step());
        expect(world.state).not.toBe('pendingCancellation');
        if (reported === 'inProgress') return;
        expect(orderMachine.isFinal(world.state)).toBe(true);
        expect(cancelMachine.isFinal(world.task)).toBe(true);
      }),
    );
  });

  it('of an order that nobody else has ends cancelled by itself, from every state', () => {
    fc.assert(
      fc.property(fc.array(disturbance, { maxLength: 6 }), (disturbances) => {
        const world = new World(false, 2, true);
        for (const one of disturbances) if (one.kind === 'item') world.moveItem(one.index, one.state);
        if (orderMachine.isFinal(world.state)) return;
        while (world.step());
        expect(world.task).toBe('done');
        expect(orderMachine.isFinal(world.state)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
