import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@quotebridge/platform/core';
import { validatorFor } from '@quotebridge/tmf-specs';
import { eventually } from '../support';
import {
  item,
  ORDERS_V4,
  ORDERS_V5,
  pathsOf,
  startOrdersApi,
  statesOf,
  type Order,
  type OrdersApi,
} from '../support/orders-api';

describe('a product order that is changed', () => {
  let orders: OrdersApi;
  beforeAll(async () => {
    orders = await startOrdersApi();
  });
  afterAll(() => orders?.stop());

  describe('a PATCH', () => {
    it.each(['v4', 'v5'])('of items in %s takes the order along', async (version) => {
      const { id } = await orders.make([item('1', orders.sold), item('2', orders.sold)]);
      const step = async (one: string, two: string): Promise<Order> =>
        (
          await orders
            .api()
            .patch(`${version === 'v4' ? ORDERS_V4 : ORDERS_V5}/productOrder/${id}`)
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
      expect((await orders.get(id)).productOrderItem[0]).toMatchObject({
        productOffering: { id: orders.sold },
        action: 'add',
      });
    });

    it('of the order takes its items along', async () => {
      const { id } = await orders.make([item('1', orders.sold), item('2', orders.sold)]);
      expect(statesOf(await orders.go(id, 'inProgress'))).toEqual(['inProgress', 'inProgress']);
      for (const base of [ORDERS_V4, ORDERS_V5]) {
        const inItems = (is: string) =>
          orders.api().get(`${base}/productOrder?id=${id}&filter=productOrderItem[?(@.state=='${is}')]`);
        expect((await inItems('inProgress').expect(200)).body).toHaveLength(1);
        expect((await inItems('held').expect(200)).body).toHaveLength(0);
      }
      expect(statesOf(await orders.go(id, 'held'))).toEqual(['held', 'held']);
      expect(statesOf(await orders.go(id, 'inProgress', 'inProgress.accepted', 'completed'))).toEqual([
        'completed',
        'completed',
      ]);
    });

    it.each(['v4', 'v5'])(
      'in %s that the life cycle does not have is 409 with the ways it has',
      async (version) => {
        const { id } = await orders.make();
        const to = (change: object) =>
          orders
            .api()
            .patch(`${version === 'v4' ? ORDERS_V4 : ORDERS_V5}/productOrder/${id}`)
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
        await orders.go(id, 'inProgress', 'completed');
        await to({ state: 'inProgress' }).expect(409);
        expect((await orders.get(id)).state).toBe('completed');
      },
    );

    it('in v4 shows an empty list of related parties where there is none, and stores none', async () => {
      const { id } = await orders.make();
      const path = `${ORDERS_V4}/productOrder`;
      const v4 = (way: string) => orders.api().get(`${path}${way}`).expect(200);
      expect((await v4(`/${id}`)).body.relatedParty).toEqual([]);
      const list = await v4('');
      for (const order of list.body as JsonObject[]) expect(order['relatedParty']).toEqual(expect.any(Array));
      expect((await v4(`?id=${id}&fields=id`)).body[0].relatedParty).toBeUndefined();
      expect((await v4(`?id=${id}&fields=relatedParty`)).body[0].relatedParty).toEqual([]);
      const patched = await orders.api().patch(`${path}/${id}`).send({ description: 'x' }).expect(200);
      expect(patched.body).toMatchObject({ description: 'x', relatedParty: [] });
      expect(await orders.get(id)).not.toHaveProperty('relatedParty');
      const party = { id: 'c1', role: 'customer', '@referredType': 'Individual' };
      const added = await orders
        .api()
        .patch(`${path}/${id}`)
        .type('application/json-patch+json')
        .send(JSON.stringify([{ op: 'add', path: '/relatedParty/-', value: party }]))
        .expect(200);
      expect(added.body.relatedParty).toMatchObject([party]);
      await orders.api().patch(`${path}/${id}`).send({ relatedParty: [] }).expect(200);
      // Emptied by a client, it is an empty list in both versions.
      expect((await orders.get(id))['relatedParty']).toEqual([]);
    });

    it('that adds an item is checked against the catalog, and one that drops an item in work is refused', async () => {
      const { id } = await orders.make();
      await orders
        .patch(id, { productOrderItem: [item('1', orders.sold), item('2', randomUUID())] })
        .expect(422);
      await orders
        .patch(id, {
          productOrderItem: [item('1', orders.sold), item('2', orders.sold, { state: 'completed' })],
        })
        .expect(409);
      await orders
        .patch(id, { productOrderItem: [item('1', orders.sold), item('2', orders.sold)] })
        .expect(200);
      await orders.go(id, 'inProgress');
      const answer = await orders.patch(id, { productOrderItem: [item('1', orders.sold)] }).expect(409);
      expect(answer.body.message).toContain("the item '2' is inProgress and cannot be removed");
    });
  });

  it('tells of milestones, jeopardy and errors, in the order and by events', async () => {
    const { id } = await orders.make([item('1', orders.sold), item('2', orders.sold)]);
    await orders.go(id, 'inProgress', 'held', 'inProgress', 'failed');
    const order = await orders.get(id);
    expect(order['productOrderMilestone']).toMatchObject([
      { id: 'accepted', status: 'Completed' },
      { id: 'started', status: 'Completed' },
      { id: 'completed', status: 'Violated' },
    ]);
    expect(order['productOrderJeopardyAlert']).toHaveLength(2);
    expect(order['productOrderErrorMessage']).toMatchObject([{ code: 'itemFailed' }]);
    expect(validatorFor('TMF622', 'v5', 'ProductOrder')(order)).toEqual([]);
    expect(
      validatorFor(
        'TMF622',
        'v4',
        'ProductOrder',
      )((await orders.api().get(`${ORDERS_V4}/productOrder/${id}`)).body),
    ).toEqual([]);
    const seen = await eventually('the events', () => {
      const types = orders.typesOf(id);
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
    const { id } = await orders.make();
    await orders.go(id, 'pending');
    await eventually('the event', () => orders.typesOf(id).includes('InformationRequired'));
  });

  describe('what the ERP reports', () => {
    it('gives number and state once, moves on, and changes nothing after the end', async () => {
      const { id } = await orders.make();
      expect(await orders.tell(id, 'inProgress', '4711')).toMatchObject({ status: 'updated' });
      const etag = (await orders.api().get(`${ORDERS_V5}/productOrder/${id}`)).headers['etag'];
      await orders.tellAgain();
      expect(await orders.tell(id, 'inProgress', '4711')).toMatchObject({ status: 'unchanged' });
      expect((await orders.api().get(`${ORDERS_V5}/productOrder/${id}`)).headers['etag']).toBe(etag);
      expect(await orders.get(id)).toMatchObject({
        state: 'inProgress',
        externalId: [{ owner: 'erp', externalIdentifierType: 'salesOrder', id: '4711' }],
      });
      expect(await orders.tell(id, 'completed')).toMatchObject({ status: 'updated' });
      const done = await orders.get(id);
      for (const late of ['inProgress', 'failed', 'completed'])
        expect(await orders.tell(id, late)).toMatchObject({ status: 'unchanged' });
      expect(await orders.get(id)).toEqual(done);
      const inV4 = await orders.api().get(`${ORDERS_V4}/productOrder/${id}`).expect(200);
      expect(inV4.body.state).toBe('completed');
    });

    it('is followed by a quantity of an order that it has, but by no price and no unpriced item, and why is said', async () => {
      const { id } = await orders.make();
      await orders.patch(id, { productOrderItem: [item('1', orders.sold, { quantity: 3 })] }).expect(200);
      await orders.tell(id, 'inProgress', '4712');
      const one = (more: object) => item('1', orders.sold, { state: 'inProgress', ...more });
      const price = { '@type': 'OrderPrice', priceType: 'oneTime', price: { '@type': 'Price', taxRate: 1 } };
      const refused = await orders
        .patch(id, { productOrderItem: [one({ quantity: 5, itemPrice: [price] })] })
        .expect(409);
      expect(refused.body.code).toBe('handedOver');
      expect(refused.body.message).toContain('/productOrderItem/0/itemPrice: cannot be changed');
      expect(refused.body.message).toContain('cancel the order and place another');
      const more = [one({ quantity: 3 }), item('2', orders.sold)];
      await orders.patch(id, { productOrderItem: more }).expect(409);
      await orders.patch(id, { productOrderItem: [one({ quantity: 5 })] }).expect(200);
      const step = { '@type': 'ProductOrderItem', id: '1', action: 'add', state: 'held' };
      await orders.patch(id, { productOrderItem: [step] }).expect(200);
      const [left] = (await orders.get(id))['productOrderItem'] as JsonObject[];
      expect(left).toMatchObject({ quantity: 5, state: 'held', takenOver: { quantity: 3 } });
    });

    it('is followed by a new item of an order that it has, which is completed with the others', async () => {
      const { id } = await orders.make();
      await orders.tell(id, 'inProgress', '4713');
      const itemPrice = [
        {
          '@type': 'OrderPrice',
          priceType: 'oneTime',
          price: { '@type': 'Price', dutyFreeAmount: { unit: 'EUR', value: 12 } },
        },
      ];
      const first = item('1', orders.sold, { state: 'inProgress' });
      await orders
        .patch(id, { productOrderItem: [item('2', orders.sold, { itemPrice }), first] })
        .expect(409);
      await orders
        .patch(id, { productOrderItem: [first, item('2', randomUUID(), { itemPrice })] })
        .expect(422);
      await orders
        .patch(id, { productOrderItem: [first, item('2', orders.sold, { itemPrice })] })
        .expect(200);
      const grown = await orders.get(id);
      expect(statesOf(grown)).toEqual(['inProgress', 'inProgress']);
      expect(grown).toMatchObject({
        state: 'inProgress',
        productOrderItem: [{}, { takenOver: { isAdded: true, quantity: 1 } }],
      });
      expect(await orders.tell(id, 'completed')).toMatchObject({ status: 'updated' });
      expect(statesOf(await orders.get(id))).toEqual(['completed', 'completed']);
    });

    it('goes on with the other items when one is taken out of an order that it has', async () => {
      const { id } = await orders.make([item('1', orders.sold), item('2', orders.sold)]);
      await orders.tell(id, 'inProgress', '4714');
      const step = (state: string) => {
        const items = [['1', 'inProgress'] as const, ['2', state] as const];
        return orders.patch(id, {
          productOrderItem: items.map(([one, to]) => ({
            '@type': 'ProductOrderItem',
            id: one,
            action: 'add',
            state: to,
          })),
        });
      };
      await step('held').expect(200);
      await step('cancelled').expect(200);
      const left = await orders.get(id);
      expect([left.state, ...statesOf(left)]).toEqual(['inProgress', 'inProgress', 'cancelled']);
      expect(await orders.tell(id, 'completed')).toMatchObject({ status: 'updated' });
      expect((await orders.get(id)).state).toBe('partial');
    });

    it('takes an order that it has finished through the steps before', async () => {
      const { id } = await orders.make();
      expect(await orders.tell(id, 'completed', '4712')).toMatchObject({ status: 'updated' });
      const states = await eventually('both events', () => {
        const told = orders.statesTold(id);
        return told.length === 2 && told;
      });
      expect(states).toEqual(['inProgress', 'completed']);
    });

    it('that is no step of the order is an outcome with the reason', async () => {
      const { id } = await orders.make();
      expect(await orders.tell(id, 'cancelled')).toMatchObject({
        status: 'rejected',
        faults: [{ path: '/state', code: 'illegalTransition' }],
      });
    });
  });
});
