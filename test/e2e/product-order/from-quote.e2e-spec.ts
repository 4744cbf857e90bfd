import { randomUUID } from 'node:crypto';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { listDeadLetters } from '@quotebridge/platform/events';
import { validatorFor } from '@quotebridge/tmf-specs';
import request from 'supertest';
import { eventually } from '../support';
import {
  item,
  ORDERS_V4,
  ORDERS_V5,
  orderBody,
  startOrdersApi,
  type Order,
  type OrdersApi,
} from '../support/orders-api';

const QUOTE = '/tmf-api/quoteManagement/v5/quote';

describe('a product order from an accepted quote', () => {
  let orders: OrdersApi;
  beforeAll(async () => {
    orders = await startOrdersApi();
  });
  afterAll(() => orders?.stop());

  const orderOf = (quote: string): Promise<Order> =>
    eventually('the order of the quote', async () => {
      const found = (await orders.api().get(`${ORDERS_V5}/productOrder?quote.id=${quote}`).expect(200))
        .body as Order[];
      return found[0];
    });
  const acceptedEvent = (quote: object, eventId: string) => ({
    eventId,
    eventTime: new Date().toISOString(),
    eventType: 'QuoteStateChangeEvent',
    event: { quote },
  });

  it('becomes one order with its prices and references, and gets its number', async () => {
    const quoteId = await orders.suite.acceptQuote(orders.sold, 3);
    const order = await orderOf(quoteId);
    const quote = (await request(orders.suite.quotes.url).get(`${QUOTE}/${quoteId}`).expect(200)).body;
    expect(order).toMatchObject({
      state: 'acknowledged',
      quote: [{ id: quoteId }],
      orderTotalPrice: [{ price: { dutyFreeAmount: { unit: 'EUR', value: 300 } } }],
      productOrderItem: [
        {
          id: '1',
          quantity: 3,
          quoteItem: { quoteId, quoteItemId: '1' },
          productOffering: { id: orders.sold },
        },
      ],
    });
    const prices = (list: JsonObject[]) => list.map(({ '@type': _type, ...price }) => price);
    expect(prices(order.productOrderItem[0]?.['itemPrice'] as JsonObject[])).toEqual(
      prices(quote.quoteItem[0].quoteItemPrice),
    );
    expect(prices(order['orderTotalPrice'] as JsonObject[])).toEqual(prices(quote.quoteTotalPrice));
    expect(validatorFor('TMF622', 'v5', 'ProductOrder')(order)).toEqual([]);

    await orders.tell(order.id, 'inProgress', '4713');
    const noted = await eventually('the number on the quote', async () => {
      const { body: current } = await request(orders.suite.quotes.url).get(`${QUOTE}/${quoteId}`);
      return current.productOrder?.[0]?.externalId !== undefined && current;
    });
    expect(noted).toMatchObject({
      state: 'accepted',
      productOrder: [{ id: order.id, state: 'inProgress' }],
    });
    expect(JSON.stringify(noted.externalId)).toContain('4713');
  });

  it('keeps its prices in the order, in both versions, and the order for good', async () => {
    const quoteId = await orders.suite.acceptQuote(orders.sold);
    const order = await orderOf(quoteId);
    const inV4 = (await orders.api().get(`${ORDERS_V4}/productOrder/${order.id}`).expect(200)).body as Order;
    for (const [path, whole] of [
      [ORDERS_V5, order],
      [ORDERS_V4, inV4],
    ] as const) {
      const send = (change: object) =>
        orders
          .api()
          .patch(`${path}/productOrder/${order.id}`)
          .send({ ...(path === ORDERS_V5 ? { '@type': 'ProductOrder' } : {}), ...change });
      await send({ orderTotalPrice: [] }).expect(409);
      await send({ quote: [] }).expect(409);
      await send({
        productOrderItem: whole.productOrderItem.map((one) => ({ ...one, itemPrice: [] })),
      }).expect(409);
      await send({
        productOrderItem: whole.productOrderItem.map((one) => ({ ...one, quantity: 1 })),
      }).expect(409);
      await send({ productOrderItem: whole.productOrderItem, description: `by ${path}` }).expect(200);
    }
    await orders.go(order.id, 'inProgress', 'completed');
    expect((await orders.get(order.id))['orderTotalPrice']).toEqual(order['orderTotalPrice']);
    await orders.api().delete(`${ORDERS_V5}/productOrder/${order.id}`).expect(409);
    await orders
      .api()
      .post(`${ORDERS_V5}/productOrder`)
      .send(orderBody([item('1', orders.sold)], { quote: [{ '@type': 'QuoteRef', id: 'unpriced' }] }))
      .expect(422);
    const again = await orders
      .api()
      .post(`${ORDERS_V5}/productOrder`)
      .send(orderBody(order.productOrderItem, { quote: [{ '@type': 'QuoteRef', id: quoteId }] }))
      .expect(409);
    expect(again.body.message).toContain(order.id);
  });

  it('is ordered by its acceptance only: a client orders none, accepted or not, in either version', async () => {
    const priced = {
      ...item('1', orders.sold),
      itemPrice: [{ '@type': 'OrderPrice', priceType: 'oneTime', price: { '@type': 'Price' } }],
    };
    for (const more of [
      { quote: [{ '@type': 'QuoteRef', id: 'not-accepted' }], productOrderItem: [priced] },
      {
        productOrderItem: [
          {
            ...priced,
            quoteItem: { '@type': 'QuoteItemRef', id: '1', quoteId: 'not-accepted', quoteItemId: '1' },
          },
        ],
      },
    ])
      for (const path of [ORDERS_V4, ORDERS_V5]) {
        const refused = await orders.api().post(`${path}/productOrder`).send(orderBody([], more));
        expect([refused.status, refused.body.message]).toEqual([422, expect.stringContaining('accept')]);
      }
    const { body } = await orders.api().get(`${ORDERS_V5}/productOrder?quote.id=not-accepted`).expect(200);
    expect(body).toEqual([]);
  });

  it('is ordered once however often its event is delivered', async () => {
    const quoteId = await orders.suite.acceptQuote(orders.sold);
    const order = await orderOf(quoteId);
    const quote = (await request(orders.suite.quotes.url).get(`${QUOTE}/${quoteId}`).expect(200)).body;
    for (const messageId of [randomUUID(), randomUUID()]) {
      await orders.bus.publish('tmf.TMF648.quote.QuoteStateChangeEvent', acceptedEvent(quote, randomUUID()), {
        id: messageId,
        key: quoteId,
      });
    }
    const marker = await orders.suite.acceptQuote(orders.sold);
    await orderOf(marker);
    const stored = (await orders.suite.mongo.client())
      .db(orders.suite.databases.order)
      .collection('productOrder');
    expect(await stored.countDocuments({ 'quote.id': quoteId })).toBe(1);
    expect(await orders.get(order.id)).toEqual(order);
    expect(
      orders.events.filter(
        (e) => e.eventType === 'ProductOrderCreateEvent' && e.event.productOrder?.id === order.id,
      ),
    ).toHaveLength(1);
  });

  it('becomes its order when a client has given the id of that to an order of his own, and no second one when this goes', async () => {
    const made = await orders.suite.acceptQuote(orders.sold);
    const first = await orderOf(made);
    const { body: quote } = await request(orders.suite.quotes.url).get(`${QUOTE}/${made}`).expect(200);
    // A quote that nobody has ordered yet, told of as its component would; its usual id is taken before.
    const id = randomUUID();
    const usual = stableId('quote', 'productOrder', id);
    await orders.make([item('1', orders.sold)], { id: usual });
    const tell = (): Promise<unknown> =>
      orders.bus.publish(
        'tmf.TMF648.quote.QuoteStateChangeEvent',
        acceptedEvent({ ...quote, id }, randomUUID()),
        { id: randomUUID(), key: id },
      );
    await tell();
    const order = await orderOf(id);
    expect(order.id).not.toBe(usual);
    expect(order['orderTotalPrice']).toEqual(first['orderTotalPrice']);
    expect((await orders.get(usual))['quote']).toBeUndefined();

    await orders.api().delete(`${ORDERS_V5}/productOrder/${usual}`).expect(204);
    await tell();
    await orderOf(await orders.suite.acceptQuote(orders.sold));
    const { body: all } = await orders.api().get(`${ORDERS_V5}/productOrder?quote.id=${id}`).expect(200);
    expect(all).toMatchObject([{ id: order.id }]);
  });

  it('that has no price becomes a dead letter with the reason, and no order', async () => {
    const id = randomUUID();
    const quote = {
      '@type': 'Quote',
      id,
      state: 'accepted',
      quoteItem: [{ '@type': 'QuoteItem', id: '1', action: 'add' }],
    };
    await orders.bus.publish('tmf.TMF648.quote.QuoteStateChangeEvent', acceptedEvent(quote, randomUUID()), {
      id: randomUUID(),
      key: id,
    });
    const letter = await eventually('the dead letter', async () =>
      (await listDeadLetters(orders.bus)).find(({ payload }) => payload.includes(id)),
    );
    expect(letter.reason).toContain('has no price for item 1');
    expect((await orders.api().get(`${ORDERS_V5}/productOrder?quote.id=${id}`).expect(200)).body).toEqual([]);
  });
});
