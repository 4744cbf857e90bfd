import { Refusal, type JsonObject } from '@quotebridge/platform/core';
import type { ComponentAnswer, ComponentCall } from '../component-client';
import type { TransactionFacts } from '../transactions/transaction';
import type { BusinessOrder } from './business-order';
import { OrderService, type Ordering } from './order-service';

/** Product ordering in memory; what it does not sell any more it refuses, before it looks whether it knows the order. */
class Ordering622 {
  readonly placed = new Map<string, JsonObject>();
  isSold = true;

  async call({ method, path, body = {} }: ComponentCall): Promise<ComponentAnswer> {
    if (method === 'GET') {
      const found = this.placed.get(decodeURIComponent(path.split('/').at(-1) ?? ''));
      return found ? { status: 200, body: found } : { status: 404, body: {} };
    }
    const id = String(body['id']);
    if (!this.isSold) return { status: 422, body: { code: 'notOrderable', message: 'is not sold' } };
    if (this.placed.has(id)) return { status: 409, body: { code: 'alreadyExists', message: 'is there' } };
    this.placed.set(id, body);
    return { status: 201, body };
  }
}

const world = () => {
  const ordering = new Ordering622();
  const catalog = { hasPrices: true };
  const noted: TransactionFacts[] = [];
  const service = new OrderService({
    orders: ordering,
    prices: {
      complete: async (order) => {
        if (catalog.hasPrices)
          return { ...order, items: order.items.map((item) => ({ ...item, total: '10' })) };
        throw new Refusal(422, 'noPrice', '/items/0 has no price');
      },
    },
    keys: { claim: async () => undefined },
    offeringSource: 'erp',
    clock: { now: () => 0 },
    ids: { next: () => 'new' },
  });
  const by = (caller: string, idempotencyKey?: string): Ordering => ({
    caller,
    numberAt: '/order_number',
    callbackAt: '/callback_url',
    note: (facts) => void noted.push(facts),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  });
  return { ordering, catalog, service, by, noted };
};

const order = (more: Partial<BusinessOrder> = {}): BusinessOrder => ({
  number: 17,
  customer: { id: 'C1' },
  payment: {},
  currency: 'EUR',
  items: [{ part: 'P', quantity: 1, components: [] }],
  ...more,
});

describe('the number of an order', () => {
  it.each([17, 999_999_999_999_999, 1_763_848_800_000_000, Number.MAX_SAFE_INTEGER])(
    '%s is its own for every caller, and leads to the order',
    async (number) => {
      const { service, by, ordering } = world();
      const ours = await service.place(order({ number }), by('crm'));
      const theirs = await service.place(order({ number }), by('shop'));
      expect([ours.isNew, theirs.isNew, ordering.placed.size]).toEqual([true, true, 2]);
      expect(service.idOf('crm', String(number))).toBe(ours.order['id']);
    },
  );
});

describe('an order that is sent again', () => {
  it.each<[string, (world: { ordering: Ordering622; catalog: { hasPrices: boolean } }) => void]>([
    ['has no price any more', ({ catalog }) => void (catalog.hasPrices = false)],
    ['is not sold any more', ({ ordering }) => void (ordering.isSold = false)],
    ['is as it was', () => undefined],
  ])('is the one that was placed, also when its part %s', async (_name, happen) => {
    const { service, by, ordering, catalog } = world();
    const first = await service.place(order(), by('crm'));
    happen({ ordering, catalog });
    expect(await service.place(order(), by('crm'))).toEqual({ order: first.order, isNew: false });
    const other = service.place(order({ customer: { id: 'C2' } }), by('crm'));
    await expect(other).rejects.toMatchObject({ status: 409, code: 'orderNumberTaken' });
  });

  it('that was never placed is refused with what is wrong with it', async () => {
    const { service, by, catalog } = world();
    catalog.hasPrices = false;
    await expect(service.place(order(), by('crm'))).rejects.toMatchObject({ code: 'noPrice' });
    await expect(
      service.place({ ...order(), number: undefined as never }, by('crm', 'k')),
    ).rejects.toMatchObject({
      code: 'noPrice',
    });
  });
});

describe('amounts that no number can hold exactly', () => {
  const items = ['999999999999999.5', '0.0000000000000000000000001'].map((unitPrice) => ({
    part: 'P',
    quantity: 1,
    unitPrice,
    components: [],
  }));

  it('are refused with their place, also where each line can be held, and nothing of them is logged', async () => {
    const { service, by, ordering, noted } = world();
    await expect(service.place(order({ items }), by('crm'))).rejects.toMatchObject({
      status: 400,
      faults: [{ path: '/items', code: 'tooManyDigits' }],
    });
    expect(ordering.placed.size).toBe(0);
    expect(noted.map(({ amount }) => amount)).toEqual([undefined]);
  });
});
