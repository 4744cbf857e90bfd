import type { JsonObject } from '@quotebridge/platform/core';
import type { HookContext } from '@quotebridge/tmf/resource';
import { orderIdOfQuote } from './from-quote';
import { orderHooks } from './order-hooks';

const context: HookContext = {
  id: 'o',
  actor: 'clerk',
  origin: 'http',
  clock: { now: () => Date.UTC(2026, 0, 1) },
  ids: { next: () => 'n' },
};
const create = (
  draft: JsonObject,
  { quotesElsewhere = false, ordered }: { quotesElsewhere?: boolean; ordered?: string } = {},
  origin: HookContext['origin'] = 'http',
) =>
  orderHooks({
    offerings: async () => () => ({ lifecycleStatus: 'Launched' }),
    orderOfQuote: async (id) => (id === ordered ? orderIdOfQuote(id) : undefined),
    quotesElsewhere,
  }).prepareCreate?.(draft, { ...context, origin });
const item = (more: JsonObject = {}): JsonObject => ({
  id: '1',
  action: 'add',
  productOffering: { id: 'part' },
  itemPrice: [{ price: { dutyFreeAmount: { unit: 'EUR', value: 1 } } }],
  ...more,
});
const nested = item({ productOrderItem: [item({ id: '2', quoteItem: { quoteId: 'q', quoteItemId: '1' } })] });
const places: readonly [string, string, JsonObject][] = [
  ['itself', '/quote/0', { quote: [{ id: 'q' }], productOrderItem: [item()] }],
  ['an item', '/productOrderItem/0/quoteItem', { productOrderItem: [item({ quoteItem: { quoteId: 'q' } })] }],
  ['a nested item', '/productOrderItem/0/productOrderItem/0/quoteItem', { productOrderItem: [nested] }],
  [
    'an item, without its id',
    '/productOrderItem/0/quoteItem',
    { productOrderItem: [item({ quoteItem: {} })] },
  ],
];

describe('an order of a client that names a quote', () => {
  it.each(places)('on %s is refused: who accepts the quote orders it', async (_name, path, order) => {
    await expect(create(order)).rejects.toMatchObject({
      status: 422,
      code: 'quoteNotOrdered',
      faults: [{ path, message: expect.stringContaining('accept the quote') as string }],
    });
  });

  it('without its price is refused for the quote it names, and for its price where another system keeps quotes', async () => {
    const order = { quote: [{ id: 'q' }], productOrderItem: [item({ itemPrice: [] })] };
    await expect(create(order)).rejects.toMatchObject({ status: 422, code: 'quoteNotOrdered' });
    const elsewhere = create(order, { quotesElsewhere: true });
    await expect(elsewhere).rejects.toMatchObject({ status: 422, code: 'unpriced' });
  });

  it('that is ordered already is told its order', async () => {
    const order = { quote: [{ id: 'q' }], productOrderItem: [item({ itemPrice: [] })] };
    await expect(create(order, { ordered: 'q' })).rejects.toMatchObject({
      status: 409,
      code: 'quoteOrdered',
      message: expect.stringContaining(orderIdOfQuote('q')) as string,
    });
  });

  it.each(places)('on %s is taken where another system keeps quotes, once', async (_name, _path, order) => {
    await expect(create(order, { quotesElsewhere: true })).resolves.toMatchObject({ state: 'acknowledged' });
  });

  it.each(places)('on %s is taken from the acceptance and from connectors', async (_name, _path, order) => {
    await expect(create(order, {}, 'event')).resolves.toMatchObject({ state: 'acknowledged' });
    await expect(create(order, {}, 'ingest')).resolves.toMatchObject({ state: 'acknowledged' });
  });
});
