import fc from 'fast-check';
import { EventBus } from '@quotebridge/platform/events';
import request from 'supertest';
import { eventually } from './support';
import { attempt, type Attempt } from './support/ordering-attempts';
import { objects, orderFaults, orderingFaults, quoteFaults, type Stored } from './support/ordering-faults';
import { startOrderingSuite, type OrderingSuite } from './support/ordering-suite';
import { quoteItem, quoteOf } from './support/quote-bodies';

const ORDER = '/tmf-api/productOrderingManagement/v5';
const ORDER_V4 = '/tmf-api/productOrderingManagement/v4';
const QUOTE = '/tmf-api/quoteManagement/v5';
const SEED = 622_648;

/** Steps of an order by the life cycle of the standard; `partial` may also follow from items that end apart. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  draft: ['acknowledged', 'rejected', 'cancelled'],
  acknowledged: ['inProgress', 'pending', 'held'],
  pending: ['inProgress', 'assessingCancellation', 'cancelled'],
  held: ['inProgress', 'assessingCancellation', 'cancelled'],
  inProgress: ['inProgress.accepted', 'pending', 'held', 'assessingCancellation', 'completed', 'failed'],
  'inProgress.accepted': ['inProgress', 'pending', 'held', 'assessingCancellation', 'completed', 'failed'],
  assessingCancellation: ['inProgress', 'inProgress.accepted', 'pending', 'held', 'pendingCancellation'],
  pendingCancellation: ['cancelled', 'failed'],
};

describe('guarantee 6: no illegal state, no unpriced accepted quote, no order without its quote’s prices', () => {
  let suite: OrderingSuite;
  let offerings: string[];

  beforeAll(async () => {
    suite = await startOrderingSuite();
    // The second has no price: the catalog does not know it.
    offerings = [await suite.offer('Pump', 99.9), 'not-in-the-catalog'];
  });
  afterAll(() => suite?.stop());

  const all = async (kind: 'order' | 'quote', collection: string): Promise<Stored[]> => {
    const db = (await suite.mongo.client()).db(suite.databases[kind]);
    return (await db.collection(collection).find({}).sort({ _at: 1 }).toArray()) as unknown as Stored[];
  };
  const ordersOf = () => all('order', 'productOrder');
  const quotesOf = () => all('quote', 'quote');
  const pick = <T>(list: readonly T[], index: number): T | undefined =>
    list.at(-1 - (index % Math.max(1, list.length)));
  const orders = () => request(suite.orders?.url ?? '');
  const quotes = () => request(suite.quotes.url);

  const forgedPrice = [
    {
      '@type': 'QuotePrice',
      priceType: 'oneTime',
      price: { '@type': 'Price', dutyFreeAmount: { unit: 'EUR', value: 0.01 } },
    },
  ];

  /** Does what the client tries; gives the status of the answer. */
  const run = async (one: Attempt): Promise<number> => {
    if (one.kind === 'quote' || one.kind === 'requote' || (one.kind === 'remove' && one.quote)) {
      const quote = pick(await quotesOf(), one.which);
      const path = `${QUOTE}/quote/${quote?._id}`;
      if (one.kind === 'remove') return (await quotes().delete(path)).status;
      const change =
        one.kind === 'requote'
          ? { quoteItem: [quoteItem('1', offerings[one.offering] ?? '', { quantity: one.quantity })] }
          : { state: one.state, ...(one.forged ? { quoteTotalPrice: forgedPrice } : {}) };
      return (
        await quotes()
          .patch(path)
          .send({ '@type': 'Quote', ...change })
      ).status;
    }
    const order = pick(await ordersOf(), one.which);
    const path = `${ORDER}/productOrder/${order?._id}`;
    const items = objects(order?.['productOrderItem']);
    const send = async (change: object): Promise<number> =>
      (
        await orders()
          .patch(path)
          .send({ '@type': 'ProductOrder', ...change })
      ).status;
    switch (one.kind) {
      case 'order':
        return send({ state: one.state });
      case 'item': {
        const [first = {}, ...rest] = items;
        const more = { none: {}, price: { itemPrice: [] }, quantity: { quantity: 77 } }[one.more] ?? {};
        return send({ productOrderItem: [{ ...first, state: one.state, ...more }, ...rest] });
      }
      case 'prices': {
        const cut = items.map(({ itemPrice: _price, quoteItem: _ref, ...item }) => ({
          ...item,
          itemPrice: [],
        }));
        const value = one.attribute === 'productOrderItem' ? cut : [];
        const target = one.v4 ? `${ORDER_V4}/productOrder/${order?._id}` : path;
        return (
          await orders()
            .patch(target)
            .send({ '@type': 'ProductOrder', [one.attribute]: value })
        ).status;
      }
      case 'newOrder': {
        const quote = pick(await quotesOf(), one.which);
        const body = {
          '@type': 'ProductOrder',
          quote: [{ '@type': 'QuoteRef', id: quote?._id ?? 'none' }],
          productOrderItem: [
            {
              '@type': 'ProductOrderItem',
              id: '1',
              action: 'add',
              productOffering: { '@type': 'ProductOfferingRef', id: offerings[0] },
            },
          ],
        };
        return (await orders().post(`${ORDER}/productOrder`).send(body)).status;
      }
      case 'cancel': {
        const body = {
          '@type': 'CancelProductOrder',
          productOrder: { '@type': 'ProductOrderRef', id: order?._id ?? 'none' },
        };
        return (await orders().post(`${ORDER}/cancelProductOrder`).send(body)).status;
      }
      case 'remove':
        return (await orders().delete(path)).status;
    }
  };

  /** Violations among everything that is stored; `promised` has the prices of each quote when it was accepted. */
  const violations = async (promised: Map<string, Stored>, known: Map<string, string>): Promise<string[]> => {
    const [orderList, quoteList] = [await ordersOf(), await quotesOf()];
    const found: string[] = [];
    found.push(...quoteList.flatMap(quoteFaults), ...orderList.flatMap(orderFaults));
    for (const quote of quoteList.filter(({ state }) => state === 'accepted')) {
      if (JSON.stringify(quote['quoteTotalPrice']).includes('0.01'))
        found.push(`forged total of quote ${quote._id}`);
      const before = promised.get(quote._id);
      if (before === undefined) promised.set(quote._id, quote);
      else if (JSON.stringify(before['quoteItem']) !== JSON.stringify(quote['quoteItem']))
        found.push(`the accepted quote ${quote._id} changed`);
    }
    for (const order of orderList) {
      const last = known.get(order._id);
      const isEnd = last !== undefined && NEXT[last] === undefined && last !== 'partial';
      if (isEnd && last !== order.state) found.push(`order ${order._id} left ${last}`);
      known.set(order._id, order.state);
    }
    return [...found, ...orderingFaults(orderList, quoteList)];
  };

  it('no sequence of requests reaches a stored document that breaks it', async () => {
    const promised = new Map<string, Stored>();
    const known = new Map<string, string>();
    const statuses = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(attempt, { minLength: 12, maxLength: 24 }), async (attempts) => {
        for (const offering of offerings) {
          const body = quoteOf([quoteItem('1', offering)]);
          await quotes().post(`${QUOTE}/quote`).send(body).expect(201);
        }
        await suite.acceptQuote(offerings[0] ?? '');
        for (const one of attempts) {
          const status = await run(one);
          const key = `${one.kind} ${status}`;
          statuses.set(key, (statuses.get(key) ?? 0) + 1);
          expect(status).toBeLessThan(500);
          expect(await violations(promised, known)).toEqual([]);
        }
      }),
      { seed: SEED, numRuns: 24, endOnFailure: true },
    );
    // The sequences did get somewhere: both verdicts occurred for every kind that can have both.
    const both = ['quote', 'order', 'item'].flatMap((kind) => [`${kind} 200`, `${kind} 409`]);
    expect([...statuses.keys()]).toEqual(expect.arrayContaining(both));
    expect(promised.size).toBeGreaterThan(0);
    for (const id of promised.keys()) {
      await eventually('the order of every accepted quote', async () =>
        (await ordersOf()).some((order) => objects(order['quote'])[0]?.['id'] === id),
      );
    }
    expect(await violations(promised, known)).toEqual([]);
  });

  it('every state change that was published is a step of the life cycle', async () => {
    const db = (await suite.mongo.client()).db(suite.databases.order);
    await eventually(
      'the events to be published',
      async () =>
        (await db.collection('productOrder').countDocuments({ '_outbox.0': { $exists: true } })) === 0,
    );
    const bus = await EventBus.connect({ servers: suite.nats.url, name: 'guarantee-6' });
    const last = new Map<string, string>();
    const wrong: string[] = [];
    let seen = 0;
    const running = await bus.consume(
      {
        durable: 'guarantee-6',
        stream: 'TMF_EVENTS',
        subjects: [
          'tmf.TMF622.productOrder.ProductOrderCreateEvent',
          'tmf.TMF622.productOrder.ProductOrderStateChangeEvent',
        ],
        concurrency: 1,
        maxAttempts: 1,
        backoffMs: [100],
        ackWaitMs: 5_000,
      },
      async (delivery) => {
        const { event } = delivery.json() as { event: { productOrder: { id: string; state: string } } };
        const { id, state } = event.productOrder;
        const before = last.get(id);
        const isStep = before === undefined || state === 'partial' || NEXT[before]?.includes(state);
        if (!isStep) wrong.push(`${before} → ${state}`);
        last.set(id, state);
        seen += 1;
      },
    );
    await eventually('all events', async () => {
      const { waiting, inWork } = await bus.lag('TMF_EVENTS', 'guarantee-6');
      return waiting + inWork === 0 && seen > 0;
    });
    await running.stop();
    await bus.close();
    expect(wrong).toEqual([]);
    expect(last.size).toBeGreaterThan(0);
  });
});
