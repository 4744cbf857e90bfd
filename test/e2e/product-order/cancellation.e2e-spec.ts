import { randomUUID } from 'node:crypto';
import { validatorFor } from '@quotebridge/tmf-specs';
import { eventually } from '../support';
import {
  cancelBody,
  item,
  ORDERS_V4,
  ORDERS_V5,
  pathsOf,
  startOrdersApi,
  statesOf,
  type Order,
  type OrdersApi,
} from '../support/orders-api';

describe('the cancellation of a product order', () => {
  let orders: OrdersApi;
  beforeAll(async () => {
    orders = await startOrdersApi();
  });
  afterAll(() => orders?.stop());

  const cancel = async (id: string, version = ORDERS_V5): Promise<string> => {
    const made = await orders
      .api()
      .post(`${version}/cancelProductOrder`)
      .send({
        ...(version === ORDERS_V5 ? { '@type': 'CancelProductOrder' } : {}),
        cancellationReason: 'Changed their mind',
        productOrder: { ...(version === ORDERS_V5 ? { '@type': 'ProductOrderRef' } : {}), id },
      })
      .expect(201);
    expect(made.body.state).toBe('acknowledged');
    const schema = validatorFor('TMF622', version === ORDERS_V5 ? 'v5' : 'v4', 'CancelProductOrder');
    expect(schema(made.body)).toEqual([]);
    return made.body.id as string;
  };
  const task = async (id: string): Promise<Order> =>
    (await orders.api().get(`${ORDERS_V5}/cancelProductOrder/${id}`).expect(200)).body as Order;
  const ended = (id: string): Promise<Order> =>
    eventually(
      `the cancellation ${id} to end`,
      async () => {
        const found = await task(id);
        return !['acknowledged', 'inProgress'].includes(found.state) && found;
      },
      60_000,
    );
  const assessed = (id: string): Promise<Order> =>
    eventually('the assessment', async () => {
      const order = await orders.get(id);
      return order.state === 'assessingCancellation' && order;
    });

  it.each([
    ['acknowledged', ORDERS_V5, [], ['pending', 'assessingCancellation', 'pendingCancellation', 'cancelled']],
    ['in progress', ORDERS_V4, ['inProgress'], ['assessingCancellation', 'pendingCancellation', 'cancelled']],
    [
      'held',
      ORDERS_V5,
      ['inProgress', 'held'],
      ['assessingCancellation', 'pendingCancellation', 'cancelled'],
    ],
  ])('of an order that nobody else has is carried out (%s)', async (_name, version, before, expected) => {
    const { id } = await orders.make([item('1', orders.sold), item('2', orders.sold)]);
    if (before.length > 0) await orders.go(id, ...before);
    const done = await ended(await cancel(id, version));
    expect(done.state).toBe('done');
    expect(done['effectiveCancellationDate']).toBeDefined();
    const order = await orders.get(id);
    expect(order).toMatchObject({ state: 'cancelled', cancellationReason: 'Changed their mind' });
    expect(statesOf(order)).toEqual(['cancelled', 'cancelled']);
    const states = await eventually('the events', () => {
      const seen = orders.statesTold(id).slice(before.length);
      return seen.length === expected.length && seen;
    });
    expect(states).toEqual(expected);
    expect(orders.typesOf(id)).not.toContain('InformationRequired');
    await orders.api().post(`${ORDERS_V5}/cancelProductOrder`).send(cancelBody(id)).expect(409);
  });

  it('of a draft is carried out at once', async () => {
    const { id } = await orders.make([item('1', orders.sold)], { requestedInitialState: 'draft' });
    expect((await ended(await cancel(id))).state).toBe('done');
    expect((await orders.get(id)).state).toBe('cancelled');
  });

  it('of an order that the ERP has waits until it is accepted and reported', async () => {
    const { id } = await orders.make();
    await orders.tell(id, 'inProgress', '5001');
    const taskId = await cancel(id);
    await assessed(id);
    await eventually('the task to be in work', async () => (await task(taskId)).state === 'inProgress');
    expect(await orders.tell(id, 'inProgress', '5001')).toMatchObject({ status: 'unchanged' });
    const second = await orders
      .api()
      .post(`${ORDERS_V5}/cancelProductOrder`)
      .send(cancelBody(id))
      .expect(409);
    expect(second.body.message).toContain(taskId);
    await orders.go(id, 'pendingCancellation');
    expect((await task(taskId)).state).toBe('inProgress');
    expect(await orders.tell(id, 'cancelled', '5001')).toMatchObject({ status: 'updated' });
    expect((await ended(taskId)).state).toBe('done');
    expect(await orders.get(id)).toMatchObject({
      state: 'cancelled',
      cancellationReason: 'Changed their mind',
    });
  });

  it.each(['inProgress', 'held'])('that is turned down leaves the order where it was: %s', async (state) => {
    const { id } = await orders.make([item('1', orders.sold), item('2', orders.sold)]);
    await orders.tell(id, 'inProgress', '5002');
    if (state === 'held') await orders.go(id, 'held');
    const before = await orders.get(id);
    const taskId = await cancel(id);
    await assessed(id);
    if (state === 'held') await orders.patch(id, { state: 'inProgress' }).expect(409);
    const after = await orders.go(id, state);
    expect(after).toEqual(before);
    expect((await ended(taskId)).state).toBe('terminatedWithError');
    const again = await cancel(id);
    await assessed(id);
    await orders.go(id, 'pendingCancellation', 'cancelled');
    expect((await ended(again)).state).toBe('done');
    expect(await orders.get(id)).toMatchObject({ cancellationReason: 'Changed their mind' });
  });

  it('that comes too late ends with an error: the ERP has finished the order meanwhile', async () => {
    const { id } = await orders.make();
    await orders.tell(id, 'inProgress', '5003');
    const taskId = await cancel(id);
    await assessed(id);
    expect(await orders.tell(id, 'completed', '5003')).toMatchObject({ status: 'updated' });
    expect((await ended(taskId)).state).toBe('terminatedWithError');
    expect((await orders.get(id)).state).toBe('completed');
  });

  it('that races with the ERP is carried out or comes too late, and no report is lost', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => orders.make()));
    await Promise.all(
      all.map(async ({ id }, index) => {
        const number = String(6000 + index);
        const [taskId, ...told] = await Promise.all([
          // Refused when the order is over already.
          cancel(id).catch(() => undefined),
          orders.tell(id, 'inProgress', number),
          orders.tell(id, 'completed', number),
        ]);
        expect(told.map((outcome) => outcome?.status)).not.toContain('rejected');
        const end = taskId === undefined ? undefined : (await ended(taskId)).state;
        const order = await orders.get(id);
        expect(order['externalId']).toMatchObject([{ id: number }]);
        expect([
          [undefined, 'completed'],
          ['terminatedWithError', 'completed'],
          ['done', 'cancelled'],
        ]).toContainEqual([end, order.state]);
      }),
    );
  });

  it('of an order that is not there or over is refused with the place', async () => {
    const send = (id: string) => orders.api().post(`${ORDERS_V5}/cancelProductOrder`).send(cancelBody(id));
    expect(pathsOf((await send(randomUUID()).expect(422)).body)).toEqual(['/productOrder/id']);
    const { id } = await orders.make();
    await orders.go(id, 'inProgress', 'completed');
    expect((await send(id).expect(409)).body.message).toContain('completed');
  });

  it('is the only one in work for its order, however many ask at once', async () => {
    const { id } = await orders.make();
    await orders.tell(id, 'inProgress', '4712');
    const ask = () => orders.api().post(`${ORDERS_V5}/cancelProductOrder`).send(cancelBody(id));
    const answers = await Promise.all(Array.from({ length: 6 }, ask));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body).toMatchObject({ code: 'notCancellable' });
  });

  it('is a task: neither patched nor deleted', async () => {
    const { id } = await orders.make();
    const taskId = await cancel(id);
    await orders.api().patch(`${ORDERS_V5}/cancelProductOrder/${taskId}`).send({}).expect(405);
    await orders.api().delete(`${ORDERS_V5}/cancelProductOrder/${taskId}`).expect(405);
  });
});
