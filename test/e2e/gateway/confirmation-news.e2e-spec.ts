import { randomInt } from 'node:crypto';
import { EventBus } from '@quotebridge/platform/events';
import { Store } from '@quotebridge/platform/store';
import { eventually } from '../support';
import { reportOrder } from '../support/erp-report';
import { startGatewaySuite, type GatewaySuite } from '../support/gateway-suite';

const SLOW_MACHINE_MS = 60_000;

describe('the news of an order with a long story', () => {
  let suite: GatewaySuite;
  let bus: EventBus;
  let store: Store;

  beforeAll(async () => {
    suite = await startGatewaySuite({
      WEBHOOK_SECRET: 'a secret of the receiver',
      OUTBOUND_ALLOW: 'loopback',
    });
    const { mongo, nats } = suite.ordering;
    bus = await EventBus.connect({ servers: nats.url, name: 'gateway-e2e' });
    store = await Store.connect({ uri: mongo.uri, database: suite.database, appName: 'test' });
    await suite.sell('KIT-1');
  });
  afterAll(async () => {
    await bus.close();
    await store.close();
    await suite.stop();
  });

  const report = (id: string, resource: object): Promise<void> => reportOrder(bus, id, resource);
  const refuse = (id: string, message: string): Promise<void> => {
    const error = { '@type': 'ProductOrderErrorMessage', code: 'erpRefused', message };
    return report(id, { state: 'pending', productOrderErrorMessage: [error] });
  };
  const toldOf = async (id: string): Promise<string[]> => {
    const { body } = await suite.api().get('/operations/confirmations').query({ orderId: id }).expect(200);
    return (body as { status: string }[]).map(({ status }) => status).sort();
  };
  const told = (id: string, ...news: string[]): Promise<unknown> =>
    eventually(news.join(', '), async () => String(await toldOf(id)) === String(news), SLOW_MACHINE_MS);
  const isKeptForEver = async (id: string): Promise<boolean> => {
    const [callback, ...others] = await store
      .collection<{ _id: string; at?: Date }>('callbacks')
      .find({ _id: { $regex: `^${id}/` } })
      .toArray();
    expect(others).toEqual([]);
    return callback !== undefined && callback.at === undefined;
  };

  const order = (callback: string) => ({
    customer_id: '1',
    order_number: randomInt(1, 2 ** 40),
    customer_email: 'a@b.example',
    payment_status: 'paid',
    items: [{ part: 'KIT-1', quantity: 1, unit_price: 5 }],
    // Nobody is there: what is to be told waits.
    callback_url: `http://127.0.0.1:9/${callback}`,
  });
  const salesOrder = (id: string) => ({
    state: 'inProgress',
    externalIdentifier: [
      { '@type': 'ExternalIdentifier', owner: 's4hana', externalIdentifierType: 'salesOrder', id },
    ],
  });

  it('each refusal is told, and its callback stays as long as the ERP works on it', async () => {
    const { body: made } = await suite.api().post('/api/v1/orders').send(order('orders')).expect(201);
    const id = made.id as string;
    await refuse(id, 'The customer is blocked');
    await told(id, 'refused');
    // Somebody has replayed it: the ERP has another reason now.
    await refuse(id, 'There is no stock');
    await told(id, 'refused', 'refused');
    const { body: status } = await suite.api().get(`/api/v1/orders/${id}/status`).expect(200);
    expect(status).toMatchObject({ status: 'refused', reason: 'There is no stock' });
    expect(await isKeptForEver(id)).toBe(false);
    await report(id, salesOrder('7'));
    await told(id, 'confirmed', 'refused', 'refused');
    expect(await isKeptForEver(id)).toBe(true);
    await report(id, { state: 'completed' });
    await told(id, 'completed', 'confirmed', 'refused', 'refused');
    expect(await isKeptForEver(id)).toBe(false);
  });

  it('a PUT with another callback sends the news there, beginning with how the order stands; one without keeps it', async () => {
    const body = order('first');
    const { body: made } = await suite.api().post('/api/v1/orders').send(body).expect(201);
    const id = made.id as string;
    const put = (more: object): Promise<unknown> =>
      suite
        .api()
        .put(`/api/v1/orders/${id}`)
        .send({ ...body, ...more })
        .expect(200);
    const newsAt = async (callback: string): Promise<string[]> => {
      const { body: list } = await suite.api().get('/operations/confirmations').query({ orderId: id });
      return (list as { status: string; url: string }[])
        .flatMap(({ status, url }) => (url.endsWith(`/${callback}`) ? [status] : []))
        .sort();
    };
    await put({ callback_url: 'http://127.0.0.1:9/second' });
    await report(id, salesOrder('8'));
    await told(id, 'confirmed');
    expect([await newsAt('first'), await newsAt('second')]).toEqual([[], ['confirmed']]);
    await put({ callback_url: 'http://127.0.0.1:9/third' });
    expect(await newsAt('third')).toEqual(['confirmed']);
    expect(await isKeptForEver(id)).toBe(true);
    await put({ callback_url: undefined, payment_status: 'open' });
    // The same order again, with the callback that it had first, is a repeat: it changes nothing.
    await suite.api().post('/api/v1/orders').send(body).expect(200);
    await report(id, { state: 'completed' });
    await told(id, 'completed', 'confirmed', 'confirmed');
    expect([await newsAt('first'), await newsAt('third')]).toEqual([[], ['completed', 'confirmed']]);
    await suite
      .api()
      .put(`/api/v1/orders/${id}`)
      .send({ ...body, customer_id: '2', callback_url: 'http://127.0.0.1:9/refused' })
      .expect(409);
    const { body: refused } = await suite
      .api()
      .put(`/api/v1/orders/${id}`)
      .send({ ...body, callback_url: 'http://169.254.169.254/' })
      .expect(400);
    expect(refused).toMatchObject({ code: 'invalidCallback', details: [{ path: '/callback_url' }] });
    const [kept] = await store
      .collection<{ _id: string; url: string }>('callbacks')
      .find({ _id: { $regex: `^${id}/` } })
      .toArray();
    expect(kept?.url).toBe('http://127.0.0.1:9/third');
  });

  it('what nobody has taken is kept for a time from its last try; what waits, and what is sent again, stays', async () => {
    for (const collection of ['confirmations', 'alerts']) {
      const ends = (await store.collection(collection).indexes()).filter(
        ({ expireAfterSeconds }) => expireAfterSeconds !== undefined,
      );
      expect(ends).toMatchObject([
        { key: { deliveredAt: 1 }, expireAfterSeconds: 7_776_000 },
        { key: { dueAt: 1 }, expireAfterSeconds: 7_776_000, partialFilterExpression: { state: 'dead' } },
      ]);
    }
  });

  it('the latest of all are read from an index', async () => {
    const found = store.collection('confirmations').find({}).sort({ at: -1 }).limit(1_000);
    const plan = JSON.stringify(await found.explain('queryPlanner'));
    expect(plan).toContain('"winningPlan"');
    expect(plan).not.toContain('COLLSCAN');
    expect(plan).not.toMatch(/"stage":"SORT"/);
  });

  it('the calls of one operation, and those of one caller, are read in order from an index', async () => {
    for (const filter of [{ operation: 'createOrder' }, { 'caller.id': 'a' }]) {
      const found = store.collection('transactions').find(filter).sort({ at: -1, _id: -1 }).limit(101);
      const { queryPlanner } = await found.explain('queryPlanner');
      const plan = JSON.stringify(queryPlanner.winningPlan);
      expect(plan).toContain(`"indexName":"${Object.keys(filter)[0]}_1_at_-1__id_-1"`);
      expect(plan).not.toContain('"SORT"');
    }
  });

  it('calls that failed or were refused are found among those that succeeded by an index', async () => {
    for (let calls = 0; calls < 5; calls += 1) await suite.api().get('/api/v1/transactions').expect(200);
    const log = store.collection('transactions');
    await eventually('the log', async () => (await log.countDocuments()) >= 5);
    for (const outcome of ['failed', 'refused']) {
      const found = log.find({ outcome }).sort({ at: -1, _id: -1 }).limit(101);
      const { queryPlanner } = await found.explain('queryPlanner');
      expect(JSON.stringify(queryPlanner.winningPlan)).toContain('"indexName":"outcome_1_at_-1__id_-1"');
    }
  });
});
