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
  quotesElsewhere: false,
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

describe('an order that an outside system has, or may be taking', () => {
  const outside = orderHooks({
    offerings: async () => () => ({ ...offering, isOutside: true }),
    orderOfQuote: async () => undefined,
    quotesElsewhere: false,
  });
  const first = { id: '1', state: 'acknowledged', quantity: 5, itemPrice: [{ priceType: 'oneTime' }] };
  const second = { id: '2', state: 'acknowledged', quantity: 1 };
  const taken: JsonObject = { state: 'acknowledged', ...ordered(first, second) };
  const number = { owner: 'erp', externalIdentifierType: 'salesOrder', id: '4711' };
  const states: readonly [string, JsonObject][] = [
    ['has', { ...taken, externalId: [number] }],
    ['may be taking', taken],
  ];
  const to = (hook: typeof hooks, before: JsonObject, ...items: readonly JsonObject[]) =>
    hook.prepareChange?.(before, { ...before, ...ordered(...items) }, context);

  it.each(states)('that it %s loses no item, and none changes its place', async (_name, before) => {
    const refusal = { status: 409, code: 'handedOver' };
    await expect(to(outside, before, first)).rejects.toMatchObject(refusal);
    await expect(to(outside, before, second, first)).rejects.toMatchObject(refusal);
  });

  it.each(states)(
    'that it %s keeps the quantity and the price that a change leaves out',
    async (_name, before) => {
      const changed = await to(outside, before, { id: '1', state: 'inProgress' }, second);
      expect(changed).toMatchObject({ productOrderItem: [{ ...first, state: 'inProgress' }, second] });
    },
  );

  it('is no order that nobody outside delivers', async () => {
    expect(await to(hooks, taken, second)).toMatchObject({ productOrderItem: [{ id: '2' }] });
    const [bare] = (await to(hooks, taken, { id: '1' }, second))?.['productOrderItem'] as JsonObject[];
    expect(bare).not.toHaveProperty('quantity');
  });
});
