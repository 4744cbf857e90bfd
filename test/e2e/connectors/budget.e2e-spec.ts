import { mongoStores, type ConnectorStores } from '@quotebridge/connectors/sdk';
import { Store } from '@quotebridge/platform/store';
import { startMongo, type TestMongo } from '../support';

const NOON = Date.UTC(2026, 5, 1, 12);
const HOUR = 3_600_000;

describe('the budget of calls of an instance', () => {
  let mongo: TestMongo;
  let store: Store;
  let now = NOON;
  let count = 0;

  beforeAll(async () => {
    mongo = await startMongo();
    store = await Store.connect({ uri: mongo.uri, database: mongo.database('budget'), appName: 'test' });
  });
  afterAll(async () => {
    await store?.close();
    await mongo?.stop();
  });

  /** The stores of some processes of one new instance. */
  const processes = async (number: number): Promise<ConnectorStores[]> => {
    now = NOON;
    const instance = `erp-${(count += 1)}`;
    return Promise.all(
      Array.from({ length: number }, () => mongoStores(store, instance, { now: () => now })),
    );
  };

  it('all processes together never get more calls a day than there are, and all of them, and anew the next day', async () => {
    const stores = await processes(3);
    const budgets = stores.map((one) => one.budget({ perDay: 50 }));
    const ask = async (): Promise<number> => {
      const asked = Array.from({ length: 120 }, async (_, index) => budgets[index % budgets.length]?.take());
      const grants = await Promise.all(asked);
      const refused = grants.find((grant) => grant?.granted === false);
      expect(refused).toEqual({ granted: false, spent: 'day', waitMs: 12 * HOUR });
      return grants.filter((grant) => grant?.granted === true).length;
    };
    expect(await ask()).toBe(50);
    expect(await stores[0]?.budgetUsage()).toEqual({ usedToday: 50 });
    now += 24 * HOUR;
    expect(await stores[0]?.budgetUsage()).toEqual({ usedToday: 0 });
    expect(await ask()).toBe(50);
  });

  it('all processes together keep to the rate per second', async () => {
    const budgets = (await processes(2)).map((one) => one.budget({ perSecond: 20 }));
    let granted = 0;
    for (let step = 0; step <= 40; step += 1) {
      for (const budget of budgets) {
        for (let more = true; more;) {
          more = (await budget.take()).granted;
          if (more) granted += 1;
        }
      }
      now += 100;
    }
    // Four seconds at twenty, and a first burst of twenty.
    expect(granted).toBe(100);
  });

  it('a call that has its share already does not ask the store', async () => {
    const [stores] = await processes(1);
    const budget = stores?.budget({ perDay: 100_000 });
    await budget?.take();
    const before = await stores?.budgetUsage();
    for (let call = 0; call < 99; call += 1) await budget?.take();
    expect(await stores?.budgetUsage()).toEqual(before);
    expect(before).toEqual({ usedToday: 100 });
  });

  it('what the vendor counts itself ends the day as well', async () => {
    const [stores] = await processes(1);
    const budget = stores?.budget({ perDay: 1_000 });
    budget?.observe(15_000, 15_000);
    expect(await budget?.take()).toMatchObject({ granted: false, spent: 'day' });
  });
});
