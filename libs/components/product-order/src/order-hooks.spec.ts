import type { JsonObject } from '@quotebridge/platform/core';
import type { HookContext } from '@quotebridge/tmf/resource';
import { orderHooks } from './order-hooks';

const context: HookContext = {
  id: 'o',
  actor: 'clerk',
  origin: 'http',
  clock: { now: () => Date.UTC(2026, 0, 1) },
  ids: { next: () => 'n' },
};
const offering = { lifecycleStatus: 'Launched' };
const hooks = orderHooks({
  offerings: async () => () => offering,
  orderOfQuote: async () => undefined,
});
const ordered = (...items: readonly JsonObject[]): JsonObject => ({
  productOrderItem: items.map((item) => ({ action: 'add', productOffering: { id: 'part' }, ...item })),
});
/** As it is on an order that somebody has read. */
const takenOver = { quantity: 9, isAdded: true };

describe('what an outside system took over', () => {
  it('is nothing on a new order, whatever it was copied from', async () => {
    const nested = { id: '2', takenOver, ...ordered({ id: '3', takenOver }) };
    const made = await hooks.prepareCreate?.(ordered({ id: '1', takenOver }, nested), context);
    expect(made).toMatchObject({ productOrderItem: [{ id: '1' }, { id: '2' }] });
    expect(JSON.stringify(made)).not.toContain('takenOver');
  });

  it('is nothing on an order that none has, whatever a change says', async () => {
    const before = { ...ordered({ id: '1', state: 'acknowledged' }), state: 'acknowledged' };
    const after = {
      ...before,
      description: 'x',
      ...ordered({ id: '1', state: 'acknowledged', takenOver }),
    };
    const changed = await hooks.prepareChange?.(before, after, context);
    expect(changed).toMatchObject({ description: 'x' });
    expect(JSON.stringify(changed)).not.toContain('takenOver');
  });
});
