import request from 'supertest';
import { eventually, startProcess, type TestProcess } from '../support';
import { startOrderingSuite, type OrderingSuite } from '../support/ordering-suite';
import { cancelBody, item, ORDERS_V5, orderBody } from '../support/orders-api';

describe('orders of accepted quotes when their process is killed', () => {
  let suite: OrderingSuite;
  let orders: TestProcess;

  beforeAll(async () => {
    suite = await startOrderingSuite({ ordersHere: false });
    orders = await startProcess('product-order', suite.orderEnv);
  });
  afterAll(async () => {
    await orders?.kill();
    await suite?.stop();
  });

  it('guarantee 6: are there exactly once, with the prices of their quote, and cancellations that were begun are carried out', async () => {
    const sold = await suite.offer('Pump', 100);
    const quotes: string[] = [];
    const cancelled: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      quotes.push(await suite.acceptQuote(sold));
      const answer = await request(orders.url)
        .post(`${ORDERS_V5}/productOrder`)
        .send(orderBody([item('1', sold)]))
        .expect(201);
      const task = await request(orders.url)
        .post(`${ORDERS_V5}/cancelProductOrder`)
        .send(cancelBody(answer.body.id))
        .expect(201);
      cancelled.push(task.body.id as string);
      await new Promise((resolve) => setTimeout(resolve, round * 35));
      await orders.restart();
    }
    const db = (await suite.mongo.client()).db(suite.databases.order);
    for (const id of quotes) {
      await eventually(
        'the order of the quote',
        async () => (await db.collection('productOrder').countDocuments({ 'quote.id': id })) > 0,
        60_000,
      );
    }
    for (const id of cancelled) {
      await eventually(
        'the cancellation to be done',
        async () =>
          (await request(orders.url).get(`${ORDERS_V5}/cancelProductOrder/${id}`)).body.state === 'done',
        60_000,
      );
    }
    const made = await db
      .collection('productOrder')
      .find({ 'quote.id': { $in: quotes } })
      .toArray();
    expect(made).toHaveLength(quotes.length);
    for (const order of made) {
      expect(order['orderTotalPrice']).toMatchObject([{ price: { dutyFreeAmount: { value: 200 } } }]);
    }
  });
});
