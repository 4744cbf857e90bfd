import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@quotebridge/platform/core';
import { EventBus, listDeadLetters, type IngestOutcome, type Running } from '@quotebridge/platform/events';
import { validatorFor } from '@quotebridge/tmf-specs';
import request from 'supertest';
import { eventually, startProcess, type TestProcess } from './support';
import { startOrderingSuite, type OrderingSuite } from './support/ordering-suite';

const V4 = '/tmf-api/productOrderingManagement/v4';
const V5 = '/tmf-api/productOrderingManagement/v5';
const QUOTE = '/tmf-api/quoteManagement/v5/quote';

interface Item extends JsonObject {
  id: string;
  state: string;
}
interface Order extends JsonObject {
  id: string;
  state: string;
  productOrderItem: Item[];
}
interface Envelope {
  readonly eventType: string;
  readonly event: { readonly productOrder?: Order; readonly cancelProductOrder?: Order };
}

const item = (id: string, offering: string, more: object = {}) => ({
  '@type': 'ProductOrderItem',
  id,
  action: 'add',
  quantity: 1,
  productOffering: { '@type': 'ProductOfferingRef', id: offering },
  ...more,
});
const body = (items: object[], more: object = {}) => ({
  '@type': 'ProductOrder',
  productOrderItem: items,
  ...more,
});
const statesOf = (order: Order): string[] => order.productOrderItem.map(({ state }) => state);
const pathsOf = (fault: { details?: { path: string }[] }): string[] =>
  (fault.details ?? []).map(({ path }) => path);

describe('TMF622 over HTTP and events', () => {
  let suite: OrderingSuite;
  let bus: EventBus;
  let listeners: Running[];
  const events: Envelope[] = [];
  const outcomes: IngestOutcome[] = [];
  const run = randomUUID();
  let sold: string;

  beforeAll(async () => {
    suite = await startOrderingSuite();
    bus = await EventBus.connect({ servers: suite.nats.url, name: 'order-e2e' });
    const spec = { concurrency: 1, maxAttempts: 1, backoffMs: [100], ackWaitMs: 5_000 };
    listeners = [
      await bus.consume(
        { ...spec, durable: 'order-e2e-events', stream: 'TMF_EVENTS', subjects: ['tmf.TMF622.>'] },
        async (delivery) => void events.push(delivery.json() as Envelope),
      ),
      await bus.consume(
        { ...spec, durable: 'order-e2e-outcomes', stream: 'INGEST', subjects: [`ingest.outcome.${run}`] },
        async (delivery) => void outcomes.push(delivery.json() as IngestOutcome),
      ),
    ];
    sold = await suite.offer('Pump', 100);
  });
  afterAll(async () => {
    for (const listener of listeners ?? []) await listener.stop();
    await bus?.close();
    await suite?.stop();
  });

  const api = () => request(suite.orders?.url ?? '');
  const make = async (items: object[] = [item('1', sold)], more: object = {}): Promise<Order> =>
    (await api().post(`${V5}/productOrder`).send(body(items, more)).expect(201)).body as Order;
  const get = async (id: string): Promise<Order> =>
    (await api().get(`${V5}/productOrder/${id}`).expect(200)).body as Order;
  const patch = (id: string, change: object) =>
    api()
      .patch(`${V5}/productOrder/${id}`)
      .send({ '@type': 'ProductOrder', ...change });
  const go = async (id: string, ...states: string[]): Promise<Order> => {
    let order: Order | undefined;
    for (const state of states) order = (await patch(id, { state }).expect(200)).body as Order;
    return order as Order;
  };
  const typesOf = (id: string): string[] =>
    events
      .filter(({ event }) => event.productOrder?.id === id)
      .map(({ eventType }) => eventType.replace(/^ProductOrder|Event$/g, ''));

  describe('a POST', () => {
    it.each(['v4', 'v5'])(
      'in %s is answered with a valid, acknowledged order at its Location',
      async (version) => {
        const path = version === 'v4' ? V4 : V5;
        const sent =
          version === 'v4'
            ? {
                externalId: 'PO-1',
                productOrderItem: [{ id: '1', action: 'add', productOffering: { id: sold } }],
              }
            : body([item('1', sold)]);
        const made = await api().post(`${path}/productOrder`).send(sent).expect(201);
        expect(made.headers['location']).toBe(made.body.href);
        expect(made.body.state).toBe('acknowledged');
        expect(validatorFor('TMF622', version as 'v4', 'ProductOrder')(made.body)).toEqual([]);
        expect((await api().get(made.body.href).expect(200)).body).toEqual(made.body);
        const other = version === 'v4' ? 'v5' : 'v4';
        const there = await api()
          .get(`${version === 'v4' ? V5 : V4}/productOrder/${made.body.id}`)
          .expect(200);
        expect(validatorFor('TMF622', other, 'ProductOrder')(there.body)).toEqual([]);
        expect(there.body[other === 'v4' ? 'orderDate' : 'creationDate']).toBeDefined();
      },
    );

    it('lists everything that the catalog has against the items', async () => {
      const active = await suite.offer('Not yet', 5, []);
      const part = await suite.offer('Part', 5, ['Launched'], { isSellable: false });
      const answer = await api()
        .post(`${V5}/productOrder`)
        .send(
          body([
            item('1', sold),
            item('2', active),
            item('3', randomUUID()),
            item('4', part),
            item('5', sold, { action: 'modify' }),
            { '@type': 'ProductOrderItem', id: '6', action: 'add' },
          ]),
        )
        .expect(422);
      expect(pathsOf(answer.body)).toEqual([
        '/productOrderItem/1/productOffering',
        '/productOrderItem/2/productOffering/id',
        '/productOrderItem/3/productOffering',
        '/productOrderItem/4/product/id',
        '/productOrderItem/5/productOffering/id',
      ]);
      expect(answer.body.message).toContain('Launched');
    });

    it('takes a retired offering only for customers who have the product', async () => {
      const retired = await suite.offer('Old', 5, ['Launched', 'Retired']);
      const product = { '@type': 'ProductRef', id: 'p1' };
      await api()
        .post(`${V5}/productOrder`)
        .send(body([item('1', retired)]))
        .expect(422);
      await make([
        item('1', retired, { action: 'modify', product }),
        item('2', retired, { action: 'delete', product }),
      ]);
    });

    it.each<[string, (offering: string) => object, string]>([
      ['an id twice', (of) => body([item('1', of), item('1', of)]), '/productOrderItem/1/id'],
      ['no items', () => body([]), '/productOrderItem'],
      ['no quantity', (of) => body([item('1', of, { quantity: 0 })]), '/productOrderItem/0/quantity'],
      ['a state', (of) => body([item('1', of)], { state: 'completed' }), '/state'],
      ['an unknown action', (of) => body([item('1', of, { action: 'buy' })]), '/productOrderItem/0/action'],
      [
        'an unknown first state',
        (of) => body([item('1', of)], { requestedInitialState: 'completed' }),
        '/requestedInitialState',
      ],
    ])('with %s is refused with 400 and the place', async (_name, sent, path) => {
      const answer = await api().post(`${V5}/productOrder`).send(sent(sold)).expect(400);
      expect(pathsOf(answer.body)).toContain(path);
    });

    it('may ask for a draft, which is submitted later and checked again', async () => {
      const soon = await suite.offer('Soon gone', 5);
      const draft = await make([item('1', soon)], { requestedInitialState: 'draft' });
      expect(draft.state).toBe('draft');
      const inV4 = await api().get(`${V4}/productOrder/${draft.id}`).expect(200);
      expect(inV4.body.state).toBe('pending');
      await patch(draft.id, { productOrderItem: [item('1', soon, { state: 'inProgress' })] }).expect(409);
      const other = await make([item('1', sold)], { requestedInitialState: 'draft' });
      expect((await go(other.id, 'acknowledged')).productOrderItem[0]?.state).toBe('acknowledged');
      await request(suite.orderEnv['CATALOG_URL'] ?? '')
        .patch(`/productOffering/${soon}`)
        .send({ '@type': 'ProductOffering', lifecycleStatus: 'Retired' })
        .expect(200);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await patch(draft.id, { state: 'acknowledged' }).expect(422);
      expect((await go(draft.id, 'cancelled')).state).toBe('cancelled');
    });
  });

  describe('a PATCH', () => {
    it.each(['v4', 'v5'])('of items in %s takes the order along', async (version) => {
      const { id } = await make([item('1', sold), item('2', sold)]);
      const step = async (one: string, two: string): Promise<Order> =>
        (
          await api()
            .patch(`${version === 'v4' ? V4 : V5}/productOrder/${id}`)
            .send({
              ...(version === 'v4' ? {} : { '@type': 'ProductOrder' }),
              productOrderItem: [one, two].map((state, index) => ({
                ...(version === 'v4' ? {} : { '@type': 'ProductOrderItem' }),
                id: String(index + 1),
                action: 'add',
                state,
              })),
            })
            .expect(200)
        ).body as Order;
      expect((await step('inProgress', 'acknowledged')).state).toBe('inProgress');
      expect((await step('held', 'acknowledged')).state).toBe('held');
      expect((await step('inProgress', 'inProgress')).state).toBe('inProgress');
      expect((await step('completed', 'inProgress')).state).toBe('inProgress');
      const done = await step('completed', 'failed');
      expect(done.state).toBe('partial');
      expect(done['completionDate']).toBeDefined();
      // An item that is patched by id and state keeps what it orders.
      expect((await get(id)).productOrderItem[0]).toMatchObject({
        productOffering: { id: sold },
        action: 'add',
      });
    });

    it('of the order takes its items along', async () => {
      const { id } = await make([item('1', sold), item('2', sold)]);
      expect(statesOf(await go(id, 'inProgress'))).toEqual(['inProgress', 'inProgress']);
      expect(statesOf(await go(id, 'held'))).toEqual(['held', 'held']);
      expect(statesOf(await go(id, 'inProgress', 'inProgress.accepted', 'completed'))).toEqual([
        'completed',
        'completed',
      ]);
    });

    it.each(['v4', 'v5'])(
      'in %s that the life cycle does not have is 409 with the ways it has',
      async (version) => {
        const { id } = await make();
        const to = (change: object) =>
          api()
            .patch(`${version === 'v4' ? V4 : V5}/productOrder/${id}`)
            .send({ ...(version === 'v4' ? {} : { '@type': 'ProductOrder' }), ...change });
        const whole = await to({ state: 'completed' }).expect(409);
        expect(whole.body.message).toContain("Allowed from 'acknowledged': inProgress, pending.");
        const one = {
          ...(version === 'v4' ? {} : { '@type': 'ProductOrderItem' }),
          id: '1',
          action: 'add',
          state: 'completed',
        };
        const part = await to({ productOrderItem: [one] }).expect(409);
        expect(JSON.stringify(part.body)).toContain("Allowed from 'acknowledged': inProgress, pending.");
        expect(pathsOf(part.body)).toEqual(['/productOrderItem/0/state']);
        await to({ state: 'nonsense' }).expect(400);
        await go(id, 'inProgress', 'completed');
        await to({ state: 'inProgress' }).expect(409);
        expect((await get(id)).state).toBe('completed');
      },
    );

    it('that adds an item is checked against the catalog, and one that drops an item in work is refused', async () => {
      const { id } = await make();
      await patch(id, { productOrderItem: [item('1', sold), item('2', randomUUID())] }).expect(422);
      await patch(id, {
        productOrderItem: [item('1', sold), item('2', sold, { state: 'completed' })],
      }).expect(409);
      await patch(id, { productOrderItem: [item('1', sold), item('2', sold)] }).expect(200);
      await go(id, 'inProgress');
      const answer = await patch(id, { productOrderItem: [item('1', sold)] }).expect(409);
      expect(answer.body.message).toContain("the item '2' is inProgress and cannot be removed");
    });
  });

  it('tells of milestones, jeopardy and errors, in the order and by events', async () => {
    const { id } = await make([item('1', sold), item('2', sold)]);
    await go(id, 'inProgress', 'held', 'inProgress', 'failed');
    const order = await get(id);
    expect(order['productOrderMilestone']).toMatchObject([
      { id: 'accepted', status: 'Completed' },
      { id: 'started', status: 'Completed' },
      { id: 'completed', status: 'Violated' },
    ]);
    expect(order['productOrderJeopardyAlert']).toHaveLength(2);
    expect(order['productOrderErrorMessage']).toMatchObject([{ code: 'itemFailed' }]);
    expect(validatorFor('TMF622', 'v5', 'ProductOrder')(order)).toEqual([]);
    expect(
      validatorFor('TMF622', 'v4', 'ProductOrder')((await api().get(`${V4}/productOrder/${id}`)).body),
    ).toEqual([]);
    const seen = await eventually('the events', () => {
      const types = typesOf(id);
      return types.includes('ErrorMessage') && types;
    });
    expect(seen.filter((type) => type === 'StateChange')).toHaveLength(4);
    expect(new Set(seen)).toEqual(
      new Set([
        'Create',
        'Milestone',
        'StateChange',
        'AttributeValueChange',
        'JeopardyAlert',
        'ErrorMessage',
      ]),
    );
  });

  it('asks for information when it waits for it', async () => {
    const { id } = await make();
    await go(id, 'pending');
    await eventually('the event', () => typesOf(id).includes('InformationRequired'));
  });

  describe('a DELETE', () => {
    it('removes a draft, an order that nobody has begun, and one that has ended', async () => {
      const draft = await make([item('1', sold)], { requestedInitialState: 'draft' });
      const fresh = await make();
      const over = await make();
      await go(over.id, 'inProgress', 'completed');
      for (const { id } of [draft, fresh, over]) {
        await api().delete(`${V5}/productOrder/${id}`).expect(204);
        await api().get(`${V5}/productOrder/${id}`).expect(404);
      }
    });

    it.each([['inProgress'], ['pending'], ['inProgress', 'held'], ['inProgress', 'assessingCancellation']])(
      'of an order in work is 409 (%s %s)',
      async (...states) => {
        const { id } = await make();
        await go(id, ...states);
        const refused = await api().delete(`${V4}/productOrder/${id}`).expect(409);
        expect(refused.body.message).toContain('in work');
        await get(id);
      },
    );
  });

  const sendBatch = async (
    batch: number,
    id: string,
    resource: JsonObject,
    copy = '',
  ): Promise<IngestOutcome> => {
    const before = outcomes.length;
    await bus.publish(
      'ingest.productOrder',
      {
        run,
        batch,
        source: 'erp',
        resource: 'productOrder',
        records: [{ externalId: '1', op: 'patch', id, resource }],
      },
      { id: `${run}:${batch}${copy}`, key: run },
    );
    // The outcome of a repeated batch has the message id of the first one: the broker drops it.
    if (copy !== '') return outcomes[before - 1] as IngestOutcome;
    return eventually('the outcome', () => outcomes.find((outcome) => outcome.batch === batch));
  };
  const report = (state?: string, number?: string): JsonObject => ({
    '@type': 'ProductOrder',
    ...(state === undefined ? {} : { state }),
    ...(number === undefined
      ? {}
      : {
          externalIdentifier: [
            { '@type': 'ExternalIdentifier', owner: 'erp', externalIdentifierType: 'salesOrder', id: number },
          ],
        }),
  });
  let batches = 0;
  const tell = async (id: string, state?: string, number?: string) => {
    const { outcomes: of } = await sendBatch((batches += 1), id, report(state, number));
    return of[0];
  };

  describe('what the ERP reports', () => {
    it('gives number and state once, moves on, and changes nothing after the end', async () => {
      const { id } = await make();
      expect(await tell(id, 'inProgress', '4711')).toMatchObject({ status: 'updated' });
      const etag = (await api().get(`${V5}/productOrder/${id}`)).headers['etag'];
      await sendBatch(batches, id, report('inProgress', '4711'), ':again');
      expect(await tell(id, 'inProgress', '4711')).toMatchObject({ status: 'unchanged' });
      expect((await api().get(`${V5}/productOrder/${id}`)).headers['etag']).toBe(etag);
      expect(await get(id)).toMatchObject({
        state: 'inProgress',
        externalId: [{ owner: 'erp', externalIdentifierType: 'salesOrder', id: '4711' }],
      });
      expect(await tell(id, 'completed')).toMatchObject({ status: 'updated' });
      const done = await get(id);
      for (const late of ['inProgress', 'failed', 'completed'])
        expect(await tell(id, late)).toMatchObject({ status: 'unchanged' });
      expect(await get(id)).toEqual(done);
      const inV4 = await api().get(`${V4}/productOrder/${id}`).expect(200);
      expect(inV4.body.state).toBe('completed');
    });

    it('takes an order that it has finished through the steps before', async () => {
      const { id } = await make();
      expect(await tell(id, 'completed', '4712')).toMatchObject({ status: 'updated' });
      const states = await eventually('both events', () => {
        const of = events.filter(
          (e) => e.event.productOrder?.id === id && e.eventType.includes('StateChange'),
        );
        return of.length === 2 && of.map((e) => e.event.productOrder?.state);
      });
      expect(states).toEqual(['inProgress', 'completed']);
    });

    it('that is no step of the order is an outcome with the reason', async () => {
      const { id } = await make();
      expect(await tell(id, 'cancelled')).toMatchObject({
        status: 'rejected',
        faults: [{ path: '/state', code: 'illegalTransition' }],
      });
    });
  });

  describe('a cancellation', () => {
    const cancel = async (id: string, version = V5): Promise<string> => {
      const made = await api()
        .post(`${version}/cancelProductOrder`)
        .send({
          ...(version === V5 ? { '@type': 'CancelProductOrder' } : {}),
          cancellationReason: 'Changed their mind',
          productOrder: { ...(version === V5 ? { '@type': 'ProductOrderRef' } : {}), id },
        })
        .expect(201);
      expect(made.body.state).toBe('acknowledged');
      const schema = validatorFor('TMF622', version === V5 ? 'v5' : 'v4', 'CancelProductOrder');
      expect(schema(made.body)).toEqual([]);
      return made.body.id as string;
    };
    const task = async (id: string): Promise<Order> =>
      (await api().get(`${V5}/cancelProductOrder/${id}`).expect(200)).body as Order;
    const ended = (id: string): Promise<Order> =>
      eventually(`the cancellation ${id} to end`, async () => {
        const found = await task(id);
        return !['acknowledged', 'inProgress'].includes(found.state) && found;
      });
    const assessed = (id: string): Promise<Order> =>
      eventually('the assessment', async () => {
        const order = await get(id);
        return order.state === 'assessingCancellation' && order;
      });

    it.each([
      ['acknowledged', V5, [], ['pending', 'assessingCancellation', 'pendingCancellation', 'cancelled']],
      ['in progress', V4, ['inProgress'], ['assessingCancellation', 'pendingCancellation', 'cancelled']],
      ['held', V5, ['inProgress', 'held'], ['assessingCancellation', 'pendingCancellation', 'cancelled']],
    ])('of an order that nobody else has is carried out (%s)', async (_name, version, before, expected) => {
      const { id } = await make([item('1', sold), item('2', sold)]);
      if (before.length > 0) await go(id, ...before);
      const done = await ended(await cancel(id, version));
      expect(done.state).toBe('done');
      expect(done['effectiveCancellationDate']).toBeDefined();
      const order = await get(id);
      expect(order).toMatchObject({ state: 'cancelled', cancellationReason: 'Changed their mind' });
      expect(statesOf(order)).toEqual(['cancelled', 'cancelled']);
      const states = await eventually('the events', () => {
        const seen = events
          .filter((e) => e.event.productOrder?.id === id && e.eventType === 'ProductOrderStateChangeEvent')
          .map((e) => e.event.productOrder?.state)
          .slice(before.length);
        return seen.length === expected.length && seen;
      });
      expect(states).toEqual(expected);
      expect(typesOf(id)).not.toContain('InformationRequired');
      await api()
        .post(`${V5}/cancelProductOrder`)
        .send({ '@type': 'CancelProductOrder', productOrder: { '@type': 'ProductOrderRef', id } })
        .expect(409);
    });

    it('of a draft is carried out at once', async () => {
      const { id } = await make([item('1', sold)], { requestedInitialState: 'draft' });
      expect((await ended(await cancel(id))).state).toBe('done');
      expect((await get(id)).state).toBe('cancelled');
    });

    it('of an order that the ERP has waits until it is accepted and reported', async () => {
      const { id } = await make();
      await tell(id, 'inProgress', '5001');
      const taskId = await cancel(id);
      await assessed(id);
      await eventually('the task to be in work', async () => (await task(taskId)).state === 'inProgress');
      expect(await tell(id, 'inProgress', '5001')).toMatchObject({ status: 'unchanged' });
      const second = await api()
        .post(`${V5}/cancelProductOrder`)
        .send({ '@type': 'CancelProductOrder', productOrder: { '@type': 'ProductOrderRef', id } })
        .expect(409);
      expect(second.body.message).toContain(taskId);
      await go(id, 'pendingCancellation');
      expect((await task(taskId)).state).toBe('inProgress');
      expect(await tell(id, 'cancelled', '5001')).toMatchObject({ status: 'updated' });
      expect((await ended(taskId)).state).toBe('done');
    });

    it.each(['inProgress', 'held'])(
      'that is turned down leaves the order where it was: %s',
      async (state) => {
        const { id } = await make([item('1', sold), item('2', sold)]);
        await tell(id, 'inProgress', '5002');
        if (state === 'held') await go(id, 'held');
        const before = await get(id);
        const taskId = await cancel(id);
        await assessed(id);
        if (state === 'held') await patch(id, { state: 'inProgress' }).expect(409);
        const after = await go(id, state);
        expect(after).toEqual(before);
        expect((await ended(taskId)).state).toBe('terminatedWithError');
        const again = await cancel(id);
        await assessed(id);
        await go(id, 'pendingCancellation', 'cancelled');
        expect((await ended(again)).state).toBe('done');
      },
    );

    it('that comes too late ends with an error: the ERP has finished the order meanwhile', async () => {
      const { id } = await make();
      await tell(id, 'inProgress', '5003');
      const taskId = await cancel(id);
      await assessed(id);
      expect(await tell(id, 'completed', '5003')).toMatchObject({ status: 'updated' });
      expect((await ended(taskId)).state).toBe('terminatedWithError');
      expect((await get(id)).state).toBe('completed');
    });

    it('of an order that is not there or over is refused with the place', async () => {
      const send = (id: string) =>
        api()
          .post(`${V5}/cancelProductOrder`)
          .send({ '@type': 'CancelProductOrder', productOrder: { '@type': 'ProductOrderRef', id } });
      expect(pathsOf((await send(randomUUID()).expect(422)).body)).toEqual(['/productOrder/id']);
      const { id } = await make();
      await go(id, 'inProgress', 'completed');
      expect((await send(id).expect(409)).body.message).toContain('completed');
    });

    it('is a task: neither patched nor deleted', async () => {
      const { id } = await make();
      const taskId = await cancel(id);
      await api().patch(`${V5}/cancelProductOrder/${taskId}`).send({}).expect(405);
      await api().delete(`${V5}/cancelProductOrder/${taskId}`).expect(405);
    });
  });

  describe('an accepted quote', () => {
    const orderOf = (quote: string): Promise<Order> =>
      eventually('the order of the quote', async () => {
        const found = (await api().get(`${V5}/productOrder?quote.id=${quote}`).expect(200)).body as Order[];
        return found[0];
      });
    const acceptedEvent = (quote: object, eventId: string) => ({
      eventId,
      eventTime: new Date().toISOString(),
      eventType: 'QuoteStateChangeEvent',
      event: { quote },
    });

    it('becomes one order with its prices and references, and gets its number', async () => {
      const quoteId = await suite.acceptQuote(sold, 3);
      const order = await orderOf(quoteId);
      const quote = (await request(suite.quotes.url).get(`${QUOTE}/${quoteId}`).expect(200)).body;
      expect(order).toMatchObject({
        state: 'acknowledged',
        quote: [{ id: quoteId }],
        orderTotalPrice: [{ price: { dutyFreeAmount: { unit: 'EUR', value: 300 } } }],
        productOrderItem: [
          { id: '1', quantity: 3, quoteItem: { quoteId, quoteItemId: '1' }, productOffering: { id: sold } },
        ],
      });
      const prices = (list: JsonObject[]) => list.map(({ '@type': _type, ...price }) => price);
      expect(prices(order.productOrderItem[0]?.['itemPrice'] as JsonObject[])).toEqual(
        prices(quote.quoteItem[0].quoteItemPrice),
      );
      expect(prices(order['orderTotalPrice'] as JsonObject[])).toEqual(prices(quote.quoteTotalPrice));
      expect(validatorFor('TMF622', 'v5', 'ProductOrder')(order)).toEqual([]);

      await tell(order.id, 'inProgress', '4713');
      const noted = await eventually('the number on the quote', async () => {
        const { body: current } = await request(suite.quotes.url).get(`${QUOTE}/${quoteId}`);
        return current.productOrder?.[0]?.externalId !== undefined && current;
      });
      expect(noted).toMatchObject({
        state: 'accepted',
        productOrder: [{ id: order.id, state: 'inProgress' }],
      });
      expect(JSON.stringify(noted.externalId)).toContain('4713');
    });

    it('keeps its prices in the order, in both versions, and the order for good', async () => {
      const quoteId = await suite.acceptQuote(sold);
      const order = await orderOf(quoteId);
      const inV4 = (await api().get(`${V4}/productOrder/${order.id}`).expect(200)).body as Order;
      for (const [path, whole] of [
        [V5, order],
        [V4, inV4],
      ] as const) {
        const send = (change: object) =>
          api()
            .patch(`${path}/productOrder/${order.id}`)
            .send({ ...(path === V5 ? { '@type': 'ProductOrder' } : {}), ...change });
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
      await go(order.id, 'inProgress', 'completed');
      expect((await get(order.id))['orderTotalPrice']).toEqual(order['orderTotalPrice']);
      await api().delete(`${V5}/productOrder/${order.id}`).expect(409);
      await api()
        .post(`${V5}/productOrder`)
        .send(body([item('1', sold)], { quote: [{ '@type': 'QuoteRef', id: 'unpriced' }] }))
        .expect(422);
      const again = await api()
        .post(`${V5}/productOrder`)
        .send(body(order.productOrderItem, { quote: [{ '@type': 'QuoteRef', id: quoteId }] }))
        .expect(409);
      expect(again.body.message).toContain(order.id);
    });

    it('is ordered once however often its event is delivered', async () => {
      const quoteId = await suite.acceptQuote(sold);
      const order = await orderOf(quoteId);
      const quote = (await request(suite.quotes.url).get(`${QUOTE}/${quoteId}`).expect(200)).body;
      for (const messageId of [randomUUID(), randomUUID()]) {
        await bus.publish('tmf.TMF648.quote.QuoteStateChangeEvent', acceptedEvent(quote, randomUUID()), {
          id: messageId,
          key: quoteId,
        });
      }
      const marker = await suite.acceptQuote(sold);
      await orderOf(marker);
      const orders = (await suite.mongo.client()).db(suite.databases.order).collection('productOrder');
      expect(await orders.countDocuments({ 'quote.id': quoteId })).toBe(1);
      expect(await get(order.id)).toEqual(order);
      expect(
        events.filter(
          (e) => e.eventType === 'ProductOrderCreateEvent' && e.event.productOrder?.id === order.id,
        ),
      ).toHaveLength(1);
    });

    it('that has no price becomes a dead letter with the reason, and no order', async () => {
      const id = randomUUID();
      const quote = {
        '@type': 'Quote',
        id,
        state: 'accepted',
        quoteItem: [{ '@type': 'QuoteItem', id: '1', action: 'add' }],
      };
      await bus.publish('tmf.TMF648.quote.QuoteStateChangeEvent', acceptedEvent(quote, randomUUID()), {
        id: randomUUID(),
        key: id,
      });
      const letter = await eventually('the dead letter', async () =>
        (await listDeadLetters(bus)).find(({ payload }) => payload.includes(id)),
      );
      expect(letter.reason).toContain('has no price for item 1');
      expect((await api().get(`${V5}/productOrder?quote.id=${id}`).expect(200)).body).toEqual([]);
    });
  });
});

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

  it('are there exactly once, and cancellations that were begun are carried out', async () => {
    const sold = await suite.offer('Pump', 100);
    const quotes: string[] = [];
    const cancelled: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      quotes.push(await suite.acceptQuote(sold));
      const answer = await request(orders.url)
        .post(`${V5}/productOrder`)
        .send(body([item('1', sold)]))
        .expect(201);
      const task = await request(orders.url)
        .post(`${V5}/cancelProductOrder`)
        .send({
          '@type': 'CancelProductOrder',
          productOrder: { '@type': 'ProductOrderRef', id: answer.body.id },
        })
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
        async () => (await request(orders.url).get(`${V5}/cancelProductOrder/${id}`)).body.state === 'done',
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
