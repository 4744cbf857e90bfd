import { randomUUID } from 'node:crypto';
import { validatorFor } from '@quotebridge/tmf-specs';
import request from 'supertest';
import { eventually } from '../support';
import {
  cancelBody,
  item,
  ORDERS_V4,
  ORDERS_V5,
  orderBody,
  pathsOf,
  startOrdersApi,
  type OrdersApi,
} from '../support/orders-api';

describe('a product order that is posted or deleted', () => {
  let orders: OrdersApi;
  beforeAll(async () => {
    orders = await startOrdersApi();
  });
  afterAll(() => orders?.stop());

  describe('a POST', () => {
    it.each(['v4', 'v5'])(
      'in %s is answered with a valid, acknowledged order at its Location',
      async (version) => {
        const path = version === 'v4' ? ORDERS_V4 : ORDERS_V5;
        const sent =
          version === 'v4'
            ? {
                externalId: 'PO-1',
                productOrderItem: [{ id: '1', action: 'add', productOffering: { id: orders.sold } }],
              }
            : orderBody([item('1', orders.sold)]);
        const made = await orders.api().post(`${path}/productOrder`).send(sent).expect(201);
        expect(made.headers['location']).toBe(made.body.href);
        expect(made.body.state).toBe('acknowledged');
        expect(validatorFor('TMF622', version as 'v4', 'ProductOrder')(made.body)).toEqual([]);
        expect((await orders.api().get(made.body.href).expect(200)).body).toEqual(made.body);
        const other = version === 'v4' ? 'v5' : 'v4';
        const there = await orders
          .api()
          .get(`${version === 'v4' ? ORDERS_V5 : ORDERS_V4}/productOrder/${made.body.id}`)
          .expect(200);
        expect(validatorFor('TMF622', other, 'ProductOrder')(there.body)).toEqual([]);
        expect(there.body[other === 'v4' ? 'orderDate' : 'creationDate']).toBeDefined();
      },
    );

    it('lists everything that the catalog has against the items', async () => {
      const active = await orders.suite.offer('Not yet', 5, []);
      const part = await orders.suite.offer('Part', 5, ['Launched'], { isSellable: false });
      const answer = await orders
        .api()
        .post(`${ORDERS_V5}/productOrder`)
        .send(
          orderBody([
            item('1', orders.sold),
            item('2', active),
            item('3', randomUUID()),
            item('4', part),
            item('5', orders.sold, { action: 'modify' }),
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
      const retired = await orders.suite.offer('Old', 5, ['Launched', 'Retired']);
      const product = { '@type': 'ProductRef', id: 'p1' };
      await orders
        .api()
        .post(`${ORDERS_V5}/productOrder`)
        .send(orderBody([item('1', retired)]))
        .expect(422);
      await orders.make([
        item('1', retired, { action: 'modify', product }),
        item('2', retired, { action: 'delete', product }),
      ]);
    });

    it.each<[string, (offering: string) => object, string]>([
      ['an id twice', (of) => orderBody([item('1', of), item('1', of)]), '/productOrderItem/1/id'],
      ['no items', () => orderBody([]), '/productOrderItem'],
      ['no quantity', (of) => orderBody([item('1', of, { quantity: 0 })]), '/productOrderItem/0/quantity'],
      ['a state', (of) => orderBody([item('1', of)], { state: 'completed' }), '/state'],
      [
        'an unknown action',
        (of) => orderBody([item('1', of, { action: 'buy' })]),
        '/productOrderItem/0/action',
      ],
      [
        'an unknown first state',
        (of) => orderBody([item('1', of)], { requestedInitialState: 'completed' }),
        '/requestedInitialState',
      ],
    ])('with %s is refused with 400 and the place', async (_name, sent, path) => {
      const answer = await orders.api().post(`${ORDERS_V5}/productOrder`).send(sent(orders.sold)).expect(400);
      expect(pathsOf(answer.body)).toContain(path);
    });

    it('may ask for a draft, which is submitted later and checked again', async () => {
      const soon = await orders.suite.offer('Soon gone', 5);
      const draft = await orders.make([item('1', soon)], { requestedInitialState: 'draft' });
      expect(draft.state).toBe('draft');
      const inV4 = await orders.api().get(`${ORDERS_V4}/productOrder/${draft.id}`).expect(200);
      expect(inV4.body.state).toBe('pending');
      await orders
        .patch(draft.id, { productOrderItem: [item('1', soon, { state: 'inProgress' })] })
        .expect(409);
      const other = await orders.make([item('1', orders.sold)], { requestedInitialState: 'draft' });
      expect((await orders.go(other.id, 'acknowledged')).productOrderItem[0]?.state).toBe('acknowledged');
      await request(orders.suite.orderEnv['CATALOG_URL'] ?? '')
        .patch(`/productOffering/${soon}`)
        .send({ '@type': 'ProductOffering', lifecycleStatus: 'Retired' })
        .expect(200);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await orders.patch(draft.id, { state: 'acknowledged' }).expect(422);
      expect((await orders.go(draft.id, 'cancelled')).state).toBe('cancelled');
    });
  });

  describe('a DELETE', () => {
    it('removes a draft, an order that nobody has begun, and one that has ended', async () => {
      const draft = await orders.make([item('1', orders.sold)], { requestedInitialState: 'draft' });
      const fresh = await orders.make();
      const over = await orders.make();
      await orders.go(over.id, 'inProgress', 'completed');
      for (const { id } of [draft, fresh, over]) {
        await orders.api().delete(`${ORDERS_V5}/productOrder/${id}`).expect(204);
        await orders.api().get(`${ORDERS_V5}/productOrder/${id}`).expect(404);
      }
    });

    it('of an order that an ERP may be taking is 409 and says to cancel it, until its number is there', async () => {
      const material = await orders.suite.offer('Bearing', 5, ['Launched'], {
        externalIdentifier: [
          { '@type': 'ExternalIdentifier', owner: 'erp', externalIdentifierType: 'material', id: 'B-1' },
        ],
      });
      const { id } = await orders.make([item('1', material), item('2', orders.sold)]);
      const path = `${ORDERS_V5}/productOrder/${id}`;
      const refused = await orders.api().delete(path).expect(409);
      expect(refused.body).toMatchObject({ code: 'beingHandedOver' });
      expect(refused.body.message).toContain('create a cancelProductOrder');
      await orders.api().post(`${ORDERS_V5}/cancelProductOrder`).send(cancelBody(id)).expect(201);
      await eventually('the cancellation', async () => (await orders.get(id)).state === 'cancelled');
      expect((await orders.api().delete(path).expect(409)).body.message).toContain('number');
      await orders.tell(id, 'inProgress', '7001');
      await orders.api().delete(path).expect(204);
    });

    it.each([['inProgress'], ['pending'], ['inProgress', 'held'], ['inProgress', 'assessingCancellation']])(
      'of an order in work is 409 (%s %s)',
      async (...states) => {
        const { id } = await orders.make();
        await orders.go(id, ...states);
        const refused = await orders.api().delete(`${ORDERS_V4}/productOrder/${id}`).expect(409);
        expect(refused.body.message).toContain('in work');
        await orders.get(id);
      },
    );
  });
});
