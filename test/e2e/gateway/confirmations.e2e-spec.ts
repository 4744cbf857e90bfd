import { createHmac, randomInt } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventBus } from '@quotebridge/platform/events';
import request from 'supertest';
import { eventually } from '../support';
import { reportOrder } from '../support/erp-report';
import { startGatewaySuite, type GatewaySuite } from '../support/gateway-suite';

const SECRET = 'a secret of the receiver';
const SLOW_MACHINE_MS = 60_000;

interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A system that is told of orders; refuses until it is told to take. */
class Receiver {
  readonly received: Received[] = [];
  status = 204;
  private readonly server: Server = createServer((message, reply) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      const { url = '', headers } = message;
      this.received.push({ url, headers, text: Buffer.concat(chunks).toString() });
      reply.writeHead(this.status).end();
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/orders`;
  }

  about(orderId: string): Received[] {
    return this.received.filter(({ text }) => (JSON.parse(text) as { id: string }).id === orderId);
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const expectSigned = (received: Received | undefined): void => {
  const { headers, text }: Received = received ?? { url: '', headers: {}, text: '' };
  const time = String(headers['x-quotebridge-timestamp']);
  const expected = createHmac('sha256', SECRET).update(`${time}.${text}`).digest('hex');
  expect(headers['x-quotebridge-signature']).toBe(`sha256=${expected}`);
  expect(Math.abs(Date.now() / 1_000 - Number(time))).toBeLessThan(300);
};

describe('confirmations by the ERP', () => {
  let suite: GatewaySuite;
  let bus: EventBus;
  let receiver: Receiver;
  let callbackUrl: string;
  /** The systems that are told of every order. */
  const both = [new Receiver(), new Receiver()];
  const api = () => suite.api();

  const full = (more: object = {}) => ({
    orderNumber: randomInt(1, 2 ** 40),
    customer: {
      id: '10100001',
      name: 'Presses Ltd',
      email: 'buying@presses.example',
      shipTo: { street: 'Dock 3', city: 'Bremen', postalCode: '28195', country: 'DE' },
    },
    items: [
      {
        part: 'KIT-1',
        quantity: 1,
        unitPrice: '100.00',
        components: [
          { part: 'SEAL-1', quantity: 4, components: [{ part: 'RING-1', quantity: 8 }] },
          { part: 'RING-1', quantity: 2, unitPrice: '1.50' },
        ],
      },
    ],
    amount: 103,
    ...more,
  });
  const report = (id: string, resource: object): Promise<void> => reportOrder(bus, id, resource);
  const number = (id: string) => ({
    state: 'inProgress',
    externalIdentifier: [
      { '@type': 'ExternalIdentifier', owner: 's4hana', externalIdentifierType: 'salesOrder', id },
    ],
  });
  const placed = async (orderNumber: number): Promise<string> =>
    eventually('the order', async () => {
      const { status, body } = await api().get(`/api/v1/orders/${orderNumber}`);
      return status === 200 && (body.id as string);
    });

  beforeAll(async () => {
    receiver = new Receiver();
    callbackUrl = await receiver.start();
    const told = await Promise.all(both.map((one) => one.start()));
    suite = await startGatewaySuite({
      CONFIRMATION_URLS: told.join(','),
      WEBHOOK_SECRET: SECRET,
      OUTBOUND_ALLOW: 'loopback',
      CONFIRM_WITHIN: '20s',
      HUB_PARK_AFTER: '2',
    });
    bus = await EventBus.connect({ servers: suite.ordering.nats.url, name: 'gateway-e2e' });
    for (const part of ['KIT-1', 'SEAL-1', 'RING-1']) await suite.sell(part);
  });
  afterAll(async () => {
    await bus.close();
    await suite.stop();
    for (const one of [receiver, ...both]) one.stop();
  });

  it('an order with its whole structure is answered with 201 when the ERP has it', async () => {
    const body = full();
    const answer = api()
      .post('/api/orders')
      .send(body)
      .then((reply) => reply);
    const id = await placed(body.orderNumber);
    await report(id, number('4711'));
    const { status, body: told } = await answer;
    expect([status, told]).toEqual([
      201,
      {
        id,
        orderNumber: body.orderNumber,
        status: 'confirmed',
        state: 'inProgress',
        salesOrder: '4711',
        statusUrl: `/api/orders/${id}/status`,
      },
    ]);
    const again = await api().post('/api/orders').send(body).expect(201);
    expect(again.body).toEqual(told);
  });

  it('components go along with the order, charged only where they have a price', async () => {
    const body = full();
    const answer = api()
      .post('/api/orders')
      .send(body)
      .then((reply) => reply);
    const id = await placed(body.orderNumber);
    await report(id, number('4712'));
    await answer;
    const { body: orders } = await request(suite.ordering.orders?.url ?? '')
      .get('/tmf-api/productOrderingManagement/v5/productOrder')
      .query({ id })
      .expect(200);
    const price = (value: number) => [{ price: { dutyFreeAmount: { value } } }];
    expect((orders as object[])[0]).toMatchObject({
      orderTotalPrice: price(103),
      businessOrder: { shipTo: { city: 'Bremen' } },
      productOrderItem: [
        {
          part: 'KIT-1',
          itemTotalPrice: price(100),
          productOrderItem: [
            { part: 'SEAL-1', itemTotalPrice: price(0), productOrderItem: [{ part: 'RING-1', quantity: 8 }] },
            { part: 'RING-1', itemTotalPrice: price(3) },
          ],
        },
      ],
    });
  });

  it('an ERP that refuses is a 422 with its words', async () => {
    const body = full();
    const answer = api()
      .post('/api/orders')
      .send(body)
      .then((reply) => reply);
    const id = await placed(body.orderNumber);
    await report(id, {
      state: 'pending',
      productOrderErrorMessage: [
        {
          '@type': 'ProductOrderErrorMessage',
          code: 'erpRefused',
          reason: 'The ERP refused the order',
          message: 'Customer 10100001 is blocked',
          timestamp: '2026-11-21T10:00:00Z',
        },
      ],
    });
    const { status, body: refused } = await answer;
    expect([status, refused.code, refused.message]).toEqual([
      422,
      'erpRefused',
      'The ERP refused the order: Customer 10100001 is blocked',
    ]);
  });

  it('an ERP that takes its time: 202 at once with a status address, a signed confirmation later, also by another process', async () => {
    const impatient = await suite.start({ CONFIRM_WITHIN: '0ms' });
    const body = full({ callbackUrl });
    const { body: accepted } = await request(impatient.url).post('/api/orders').send(body).expect(202);
    expect(accepted).toMatchObject({ status: 'accepted', orderNumber: body.orderNumber });
    // The process that took the order is gone when the ERP answers.
    await impatient.close();
    const id = accepted.id as string;
    await report(id, number('4713'));
    const [told] = await eventually(
      'the confirmation',
      () => receiver.about(id).length > 0 && receiver.about(id),
      SLOW_MACHINE_MS,
    );
    expect(JSON.parse(told?.text ?? '')).toMatchObject({
      event: 'order.confirmed',
      id,
      salesOrder: '4713',
      orderNumber: body.orderNumber,
    });
    expectSigned(told);
    const status = await api()
      .get(accepted.statusUrl as string)
      .expect(200);
    expect(status.body).toMatchObject({ status: 'confirmed', salesOrder: '4713' });
  });

  it('the news of every order go to both systems, signed, each once, and to its own callback beside them', async () => {
    const orders = [full(), full({ callbackUrl })];
    const ids: string[] = [];
    for (const [index, body] of orders.entries()) {
      const answer = api()
        .post('/api/orders')
        .send(body)
        .then((reply) => reply);
      const id = await placed(body.orderNumber);
      ids.push(id);
      await report(id, number(`80${index}`));
      expect((await answer).status).toBe(201);
      await report(id, { state: 'completed' });
    }
    const eventsOf = (one: Receiver, id: string): string[] =>
      one.about(id).map(({ text }) => (JSON.parse(text) as { event: string }).event);
    const news = ['order.completed', 'order.confirmed'];
    for (const id of ids)
      for (const one of both) {
        await eventually('both news', () => one.about(id).length >= news.length, SLOW_MACHINE_MS);
        expect(eventsOf(one, id).sort()).toEqual(news);
        one.about(id).forEach(expectSigned);
        const deliveries = one.about(id).map(({ headers }) => headers['x-quotebridge-delivery']);
        expect(new Set(deliveries).size).toBe(news.length);
      }
    const [plain = '', called = ''] = ids;
    await eventually('its own callback', () => receiver.about(called).length >= news.length, SLOW_MACHINE_MS);
    expect(receiver.about(plain)).toEqual([]);
  });

  it('goes to where the order that was placed says, not to where one that was refused under its number did', async () => {
    const impatient = await suite.start({ CONFIRM_WITHIN: '0ms' });
    try {
      const body = full({ callbackUrl: `${callbackUrl}?of=placed` });
      const wrong = { ...body, amount: 1, callbackUrl: `${callbackUrl}?of=refused` };
      await request(impatient.url).post('/api/orders').send(wrong).expect(400);
      const { body: made } = await request(impatient.url).post('/api/orders').send(body).expect(202);
      const id = made.id as string;
      await report(id, number('4715'));
      await eventually('the confirmation', () => receiver.about(id).length > 0, SLOW_MACHINE_MS);
      expect(receiver.about(id).map(({ url }) => url)).toEqual(['/orders?of=placed']);
    } finally {
      await impatient.close();
    }
  });

  it('a receiver that keeps refusing leaves a dead letter that is seen and sent again', async () => {
    receiver.status = 500;
    const body = {
      customer_id: '1',
      order_number: randomInt(1, 2 ** 40),
      customer_email: 'a@b.example',
      payment_status: 'paid',
      items: [{ part: 'SEAL-1', quantity: 1, unit_price: 5 }],
      callback_url: callbackUrl,
    };
    const { body: made } = await api().post('/api/v1/orders').send(body).expect(201);
    const id = made.id as string;
    await report(id, number('4714'));
    const dead = await eventually(
      'the dead letter',
      async () => {
        const { body: list } = await api()
          .get('/operations/confirmations')
          .query({ state: 'dead', orderId: id });
        return (list as { id: string; attempts: number; lastError: string }[])[0];
      },
      SLOW_MACHINE_MS,
    );
    expect(dead).toMatchObject({ attempts: 2, lastError: 'it answered 500' });
    expect((await api().get('/metrics').expect(200)).text).toMatch(
      /quotebridge_gateway_confirmations\{state="dead".*\} 1/,
    );
    receiver.status = 204;
    const before = receiver.about(id).length;
    await api().post(`/operations/confirmations/${dead.id}/resend`).expect(202);
    await eventually('the confirmation', () => receiver.about(id).length > before, SLOW_MACHINE_MS);
    const { body: left } = await api().get('/operations/confirmations').query({ state: 'dead', orderId: id });
    expect(left).toEqual([]);
  });

  it('a callback into a place that may not be called is refused before anything is placed', async () => {
    const careful = await suite.start({ OUTBOUND_ALLOW: '' });
    try {
      const body = full({ callbackUrl: 'http://169.254.169.254/latest' });
      const { body: refused } = await request(careful.url).post('/api/orders').send(body).expect(400);
      expect(refused).toMatchObject({ code: 'invalidCallback', details: [{ path: '/callbackUrl' }] });
      await api().get(`/api/v1/orders/${body.orderNumber}`).expect(404);
    } finally {
      await careful.close();
    }
  });
});
