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

  it('each refusal is told, and its callback stays as long as the ERP works on it', async () => {
    const { body: order } = await suite
      .api()
      .post('/api/v1/orders')
      .send({
        customer_id: '1',
        order_number: randomInt(1, 2 ** 40),
        customer_email: 'a@b.example',
        payment_status: 'paid',
        items: [{ part: 'KIT-1', quantity: 1, unit_price: 5 }],
        // Nobody is there: what is to be told waits.
        callback_url: 'http://127.0.0.1:9/orders',
      })
      .expect(201);
    const id = order.id as string;
    await refuse(id, 'The customer is blocked');
    await told(id, 'refused');
    // Somebody has replayed it: the ERP has another reason now.
    await refuse(id, 'There is no stock');
    await told(id, 'refused', 'refused');
    const { body: status } = await suite.api().get(`/api/v1/orders/${id}/status`).expect(200);
    expect(status).toMatchObject({ status: 'refused', reason: 'There is no stock' });
    expect(await isKeptForEver(id)).toBe(false);
    const number = {
      '@type': 'ExternalIdentifier',
      owner: 's4hana',
      externalIdentifierType: 'salesOrder',
      id: '7',
    };
    await report(id, { state: 'inProgress', externalIdentifier: [number] });
    await told(id, 'confirmed', 'refused', 'refused');
    expect(await isKeptForEver(id)).toBe(true);
    await report(id, { state: 'completed' });
    await told(id, 'completed', 'confirmed', 'refused', 'refused');
    expect(await isKeptForEver(id)).toBe(false);
  });

  it('the latest of all are read from an index', async () => {
    const found = store.collection('confirmations').find({}).sort({ at: -1 }).limit(1_000);
    const plan = JSON.stringify(await found.explain('queryPlanner'));
    expect(plan).toContain('"winningPlan"');
    expect(plan).not.toContain('COLLSCAN');
    expect(plan).not.toMatch(/"stage":"SORT"/);
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
