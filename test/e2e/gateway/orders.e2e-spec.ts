import { randomInt, randomUUID } from 'node:crypto';
import request from 'supertest';
import { startGatewaySuite, type GatewaySuite } from '../support/gateway-suite';
import { ORDERS_V5 } from '../support/orders-api';

interface Answer {
  readonly id: string;
  readonly order_id: number;
}

describe('orders over the business API', () => {
  let suite: GatewaySuite;
  const api = () => suite.api();
  const nextNumber = (): number => randomInt(1, 2 ** 40);

  const contract = (more: object = {}) => ({
    customer_id: 10100001,
    order_number: nextNumber(),
    customer_email: 'buying@presses.example',
    payment_status: 'paid',
    payment_method: 'card',
    amount: '26.02',
    currency: 'EUR',
    order_date: '2026-11-21',
    items: [
      { part: 'SP-1', quantity: 2, unit_price: '12.50' },
      { part: 'SP-2', quantity: 3, unit_price: 0.34 },
    ],
    ...more,
  });
  const place = async (body: object): Promise<Answer> =>
    (await api().post('/api/v1/orders').send(body).expect(201)).body as Answer;
  const productOrders = async (id: string): Promise<Record<string, unknown>[]> => {
    const owner = request(suite.ordering.orders?.url ?? '');
    const { body } = await owner.get(`${ORDERS_V5}/productOrder`).query({ id }).expect(200);
    return body as Record<string, unknown>[];
  };
  const logged = async (query: object): Promise<Record<string, unknown>[]> => {
    const { body } = await api().get('/api/v1/transactions').query(query).expect(200);
    return body.items as Record<string, unknown>[];
  };

  beforeAll(async () => {
    suite = await startGatewaySuite();
    await suite.sell('SP-1');
    await suite.sell('SP-2');
  });
  afterAll(() => suite.stop());

  it('the words of the CRM become those of the ERP, and the order a TMF622 product order', async () => {
    const order_number = nextNumber();
    const { body, headers } = await api()
      .post('/api/v1/orders')
      .send(contract({ order_number: `000${order_number}` }))
      .expect(201);
    expect(body).toEqual({
      id: expect.any(String),
      cust_id: '10100001',
      order_id: order_number,
      email: 'buying@presses.example',
      status: 'paid',
      payment_method: 'card',
      amount: '26.02',
      currency: 'EUR',
      order_date: '2026-11-21',
      state: 'acknowledged',
      items: [
        { part: 'SP-1', quantity: 2, unit_price: '12.5' },
        { part: 'SP-2', quantity: 3, unit_price: '0.34' },
      ],
    });
    expect(headers['location']).toBe(`/api/v1/orders/${body.id}`);
    const [order] = await productOrders(body.id as string);
    expect(order).toMatchObject({
      externalId: [{ externalIdentifierType: 'businessOrder', id: String(order_number) }],
      notificationContact: 'buying@presses.example',
      relatedParty: [{ role: 'customer', partyOrPartyRole: { id: '10100001' } }],
      productOrderItem: [
        { quantity: 2, itemTotalPrice: [{ price: { dutyFreeAmount: { unit: 'EUR', value: 25 } } }] },
        { quantity: 3, itemTotalPrice: [{ price: { dutyFreeAmount: { unit: 'EUR', value: 1.02 } } }] },
      ],
    });
    for (const key of [body.id as string, String(order_number)])
      expect((await api().get(`/api/v1/orders/${key}`).expect(200)).body).toEqual(body);
  });

  it('a repeat, also many at once, is the same order; another order under the same number is refused', async () => {
    const body = contract();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => api().post('/api/v1/orders').send(body)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ body: { id } }) => id as string)).size).toBe(1);
    const other = await api()
      .post('/api/v1/orders')
      .send({ ...body, payment_status: 'open' })
      .expect(409);
    expect(other.body).toMatchObject({ code: 'orderNumberTaken', errorId: expect.any(String) });
  });

  it('an Idempotency-Key stands for one order only', async () => {
    const key = randomUUID();
    const body = contract();
    const first = await api().post('/api/v1/orders').set('Idempotency-Key', key).send(body).expect(201);
    const again = await api().post('/api/v1/orders').set('Idempotency-Key', key).send(body).expect(200);
    expect(again.body).toEqual(first.body);
    const { body: refused } = await api()
      .post('/api/v1/orders')
      .set('Idempotency-Key', key)
      .send(contract())
      .expect(409);
    expect(refused.code).toBe('idempotencyKeyReused');
  });

  it('a refusal names what stands for another order: the key alone, or the number by its name in the body', async () => {
    const full = (more: object = {}) => ({
      customer: { id: '10100001', name: 'Presses Ltd' },
      items: [{ part: 'SP-1', quantity: 1, unitPrice: 10 }],
      ...more,
    });
    const key = randomUUID();
    const numbered = full({ orderNumber: nextNumber() });
    const short = contract();
    for (const [body, sent] of [
      [full(), key],
      [numbered, randomUUID()],
      [short, randomUUID()],
    ] as const)
      expect(
        (await api().post('/api/v1/orders').set('Idempotency-Key', sent).send(body)).status,
      ).toBeLessThan(300);
    // A gateway that knows of no key: a day has passed.
    const later = await suite.start({ DATABASE: `${suite.database}-later`, CONFIRM_WITHIN: '10ms' });
    try {
      const refusal = async (body: object, sent = randomUUID()) =>
        (await request(later.url).post('/api/v1/orders').set('Idempotency-Key', sent).send(body).expect(409))
          .body as { code: string; details?: { path: string }[] };
      const items = [{ part: 'SP-1', quantity: 2, unitPrice: 10 }];
      const byKey = await refusal({ ...full(), items }, key);
      expect([byKey.code, byKey.details ?? []]).toEqual(['idempotencyKeyReused', []]);
      const byNumber = await refusal({ ...numbered, items });
      expect([byNumber.code, byNumber.details]).toMatchObject([
        'orderNumberTaken',
        [{ path: '/orderNumber' }],
      ]);
      const byShortNumber = await refusal({ ...short, payment_status: 'open' });
      expect(byShortNumber).toMatchObject({
        code: 'orderNumberTaken',
        details: [{ path: '/order_number' }],
      });
    } finally {
      await later.close();
    }
  });

  it('all faults of a body are told at once, and nothing is stored', async () => {
    const { body, headers } = await api()
      .post('/api/v1/orders')
      .send({
        order_number: 'ten',
        customer_email: 'nobody',
        payment_status: '',
        currency: 'Euro',
        items: [
          { part: 'SP-1', quantity: 0 },
          { quantity: 1, unit_price: -1 },
        ],
      })
      .expect(400);
    expect((body.details as { path: string }[]).map(({ path }) => path).sort()).toEqual([
      '/currency',
      '/customer_email',
      '/customer_id',
      '/items/0/quantity',
      '/items/1/part',
      '/items/1/unit_price',
      '/order_number',
      '/payment_status',
    ]);
    expect(headers['x-error-id']).toBe(body.errorId);
    expect(await logged({ errorId: body.errorId })).toMatchObject([{ status: 400, outcome: 'refused' }]);
  });

  it('an amount that the items do not make is refused', async () => {
    const { body } = await api()
      .post('/api/v1/orders')
      .send(contract({ amount: '26.03' }))
      .expect(400);
    expect(body.details).toEqual([
      { path: '/amount', message: 'is 26.03 EUR, but the items make 26.02 EUR', code: 'amount' },
    ]);
  });

  it('a part that is not sold is told in the words of the caller', async () => {
    const items = [
      { part: 'SP-1', quantity: 1, unit_price: 1 },
      { part: 'NONE', quantity: 1, unit_price: 1 },
    ];
    const { body } = await api()
      .post('/api/v1/orders')
      .send(contract({ items, amount: 2 }))
      .expect(422);
    expect(body.details).toMatchObject([{ path: '/items/1/part', code: 'unknownReference' }]);
  });

  it('a PUT changes contact, payment and date, and nothing that was ordered', async () => {
    const body = contract();
    const { id, order_id } = await place(body);
    const changed = { ...body, payment_status: 'refunded', customer_email: 'new@presses.example' };
    const { body: after } = await api().put(`/api/v1/orders/${order_id}`).send(changed).expect(200);
    expect(after).toMatchObject({ id, status: 'refunded', email: 'new@presses.example', amount: '26.02' });
    expect((await api().get(`/api/v1/orders/${id}`).expect(200)).body).toEqual(after);
    const { body: refused } = await api()
      .put(`/api/v1/orders/${id}`)
      .send({ ...changed, customer_id: '7', amount: undefined, items: [{ part: 'SP-2', quantity: 3 }] })
      .expect(409);
    expect((refused.details as { path: string }[]).map(({ path }) => path)).toEqual([
      '/customer_id',
      '/items',
      '/items/0',
    ]);
    await api().put(`/api/v1/orders/${randomUUID()}`).send(changed).expect(404);
  });

  it('the log tells who ordered what, for how much and how it ended', async () => {
    const { id, order_id } = await place(contract());
    expect(await logged({ orderNumber: order_id })).toEqual([
      expect.objectContaining({
        operation: 'createOrder',
        outcome: 'succeeded',
        status: 201,
        orderId: id,
        customerId: '10100001',
        paymentMethod: 'card',
        amount: '26.02',
        currency: 'EUR',
        date: '2026-11-21',
        caller: expect.objectContaining({ kind: 'anonymous' }),
      }),
    ]);
  });

  const filled = (bytes: number) => contract({ remark: 'x'.repeat(bytes) });
  it('a body beyond 10 MB is refused, one below is not', async () => {
    await api().post('/api/v1/orders').send(filled(9_000_000)).expect(201);
    const { body } = await api().post('/api/v1/orders').send(filled(11_000_000)).expect(413);
    expect(body).toMatchObject({ code: 'bodyTooLarge', errorId: expect.any(String) });
  });

  const post = () => api().post('/api/v1/orders');
  const claims = { customerId: '10100001', paymentMethod: 'card', amount: '26.02', date: '2026-11-21' };
  it.each<[string, number, () => request.Test, object]>([
    [
      'what is wrong',
      400,
      () => post().send(contract({ payment_status: '' })),
      { operation: 'createOrder', ...claims },
    ],
    [
      'a day that no calendar has',
      400,
      () => post().send(contract({ order_date: '2026-02-30' })),
      { operation: 'createOrder', date: '2026-02-30' },
    ],
    ['what is no JSON', 400, () => post().type('json').send('{'), { operation: 'createOrder' }],
    ['what is too large', 413, () => post().send(filled(11_000_000)), { operation: 'createOrder' }],
    ['what is not JSON at all', 415, () => post().type('text').send('x'), { operation: 'createOrder' }],
    [
      'a change of nothing',
      404,
      () => api().put('/api/v1/orders/77').send(contract()),
      { operation: 'replaceOrder', target: '77', ...claims },
    ],
    ['another method', 405, () => api().delete('/api/v1/orders/77'), { operation: 'DELETE', target: '77' }],
  ])('the log tells of %s, refused with %i, what was tried', async (_name, status, attempt, facts) => {
    const { body } = await attempt().expect(status);
    expect(await logged({ errorId: body.errorId })).toEqual([
      expect.objectContaining({ status, outcome: 'refused', version: 'v1', errorId: body.errorId, ...facts }),
    ]);
  });

  it('clients of the first version go on with what the second has written', async () => {
    const more = {
      requested_delivery_date: '2027-01-31T00:00:00Z',
      purchase_order: 'PO-7',
      note: 'Deliver to gate 3',
    };
    const body = contract();
    const { body: made } = await api()
      .post('/api/v2/orders')
      .send({ ...body, ...more })
      .expect(201);
    expect(made).toMatchObject({ ...more, status_url: `/api/v2/orders/${made.id}/status` });
    const { body: first } = await api().get(`/api/v1/orders/${made.id}`).expect(200);
    expect(Object.keys(first as object).sort()).toEqual(
      [
        'id',
        'cust_id',
        'order_id',
        'email',
        'status',
        'payment_method',
        'amount',
        'currency',
        'order_date',
        'state',
        'items',
      ].sort(),
    );
    await api()
      .put(`/api/v1/orders/${made.id}`)
      .send({ ...body, payment_status: 'open' })
      .expect(200);
    const { body: after } = await api().get(`/api/v2/orders/${made.id}`).expect(200);
    expect(after).toEqual({ ...made, status: 'open', ...more });
  });
});
