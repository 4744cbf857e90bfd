import type { JsonObject } from '@quotebridge/platform/core';
import { whyNotRemovable } from './removal';
import { orderMachine, type OrderState } from './states';

const number = { owner: 'erp', externalIdentifierType: 'salesOrder', id: '4711' };
const order = (state: OrderState, more: JsonObject = {}): JsonObject => ({ state, ...more });
const handedOver = { externalId: [number] };
const turnedDown = { productOrderErrorMessage: [{ code: 'erpRefused' }] };

describe('the removal of an order', () => {
  it.each<[OrderState, JsonObject, boolean, string | undefined]>([
    ['draft', {}, true, undefined],
    ['acknowledged', {}, false, undefined],
    ['acknowledged', {}, true, 'beingHandedOver'],
    ['acknowledged', handedOver, true, 'inWork'],
    ['acknowledged', handedOver, false, 'inWork'],
    ['inProgress', {}, false, 'inWork'],
    ['pending', turnedDown, true, 'inWork'],
    ['assessingCancellation', {}, false, 'inWork'],
    ['cancelled', {}, false, undefined],
    ['cancelled', {}, true, 'beingHandedOver'],
    ['cancelled', handedOver, true, undefined],
    ['cancelled', turnedDown, true, undefined],
    ['completed', handedOver, true, undefined],
    ['failed', handedOver, true, undefined],
  ])('that is %s with %j, of an outside system: %s → %s', (state, more, isOutside, code) => {
    expect(whyNotRemovable(order(state, more), isOutside)?.code).toBe(code);
  });

  it('that is refused says what to do', () => {
    for (const state of orderMachine.states)
      for (const isOutside of [true, false]) {
        const message = whyNotRemovable(order(state), isOutside)?.message ?? 'can be deleted';
        expect(message).toMatch(/cancelProductOrder|can be deleted/);
      }
  });
});
