import { systemClock } from '@quotebridge/platform/core';
import { ensureCollection, Migrations, Store, type DataMigration } from '@quotebridge/platform/store';
import { eventually, startMongo, type TestMongo } from '../support';

let mongod: TestMongo;
let store: Store;

beforeAll(async () => {
  mongod = await startMongo();
});
afterAll(() => mongod.stop());
beforeEach(async () => {
  store = await Store.connect({ uri: mongod.uri, database: mongod.database('migrations'), appName: 'test' });
});
afterEach(() => store.close());

describe('indexes of a version that declares them otherwise', () => {
  const indexes = async (): Promise<Record<string, unknown>[]> =>
    (await store.collection('things').indexes())
      .filter(({ name }) => name !== '_id_')
      .map(({ v: _v, name: _name, background: _background, ...rest }) => rest);

  it('a kind that has changed is there before the old one goes; the version before still starts beside it', async () => {
    const before = [{ keys: { a: 1, b: -1 } as const }, { keys: { c: 1 } as const }];
    const after = [
      { ...before[0], keys: { a: 1, b: -1 } as const, options: { unique: true } },
      { keys: { c: 1 } as const },
    ];
    const unique = [{ key: { c: 1 } }, { key: { a: 1, b: -1 }, unique: true }];
    await ensureCollection(store, 'things', before);
    for (const start of [1, 2]) {
      await ensureCollection(store, 'things', after);
      expect([start, await indexes()]).toEqual([start, unique]);
    }
    await ensureCollection(store, 'things', before);
    await ensureCollection(store, 'things', after);
    expect(await indexes()).toEqual(unique);
    const partial = [
      { keys: { c: 1 } as const, options: { partialFilterExpression: { a: { $exists: true } } } },
    ];
    await ensureCollection(store, 'things', partial);
    expect(await indexes()).toContainEqual({ key: { c: 1 }, ...partial[0]?.options });
    expect(await indexes()).toHaveLength(2);
  });

  it('one that documents refuse leaves the old one in its place, and says so', async () => {
    await ensureCollection(store, 'things', [{ keys: { a: 1 } }]);
    await store.collection('things').insertMany([
      { _id: '1', a: 1 },
      { _id: '2', a: 1 },
    ]);
    const wanted = ensureCollection(store, 'things', [{ keys: { a: 1 }, options: { unique: true } }]);
    await expect(wanted).rejects.toThrow('duplicate key');
    expect(await indexes()).toEqual([{ key: { a: 1 } }]);
  });

  it('the time after which documents end changes in place: later, sooner, for the first time, never again', async () => {
    for (const expireAfterSeconds of [undefined, 3_600, 60, 86_400, undefined]) {
      const options = expireAfterSeconds === undefined ? {} : { expireAfterSeconds };
      await ensureCollection(store, 'things', [{ keys: { at: 1 }, options }]);
      expect(await indexes()).toEqual([{ key: { at: 1 }, ...options }]);
    }
  });

  it('replicas that start at the same time bring each change about together, and none fails', async () => {
    const forms = [{}, { expireAfterSeconds: 60 }, {}, { expireAfterSeconds: 60 }, {}, { unique: true }];
    for (const options of forms) {
      const starts = Array.from({ length: 6 }, () =>
        Store.connect({ uri: mongod.uri, database: store.connection.name, appName: 'test' }).then((own) =>
          ensureCollection(own, 'things', [{ keys: { at: 1 }, options }]).finally(() => own.close()),
        ),
      );
      await Promise.all(starts);
      expect(await indexes()).toEqual([{ key: { at: 1 }, ...options }]);
    }
  });
});

describe('a change of the form in which documents are stored', () => {
  /** `price: 5` becomes `price: { value: 5 }`. */
  const PRICES: DataMigration = {
    name: '2026-11-prices',
    collection: 'things',
    where: { price: { $type: 'number' } },
    change: [{ $set: { price: { value: '$price' } } }],
  };
  const HOUR = 3_600_000;
  const COUNT = 1_234;
  let running: Migrations[] = [];
  afterEach(async () => {
    await Promise.all(running.map((one) => one.stop()));
    running = [];
  });

  const run = (migrations: readonly DataMigration[], now = systemClock.now, lookEveryMs = 20) => {
    const told: number[] = [];
    const failures: unknown[] = [];
    const work = new Migrations(store, migrations, {
      clock: { now },
      lookEveryMs,
      changed: (_name, count) => void told.push(count),
      onError: (thrown) => void failures.push(thrown),
    });
    running.push(work);
    return { work, told, failures };
  };
  const old = (): Promise<number> => store.collection('things').countDocuments(PRICES.where);
  const note = () =>
    store
      .collection<{ _id: string; changed: number; done?: Date }>('migrations')
      .findOne({ _id: PRICES.name });
  const untilNew = (): Promise<true> =>
    eventually('all documents to have the new form', async () => (await old()) === 0 || undefined, 60_000);
  beforeEach(async () => {
    const documents = Array.from({ length: COUNT }, (_, n) => ({ _id: `d${n}`, _rev: 3, price: n }));
    await store.collection('things').insertMany(documents);
  });

  it('reaches each document once, some hundred at a time, and leaves their revision alone', async () => {
    const { told } = run([PRICES]);
    await untilNew();
    await eventually('the count', async () => (await note())?.changed === COUNT || undefined, 60_000);
    expect(told.reduce((sum, count) => sum + count, 0)).toBe(COUNT);
    expect(Math.max(...told)).toBeLessThanOrEqual(500);
    expect(await store.collection('things').findOne({ _id: 'd7' })).toEqual({
      _id: 'd7',
      _rev: 3,
      price: { value: 7 },
    });
  });

  it('goes on where it was stopped, and two replicas at once change nothing twice', async () => {
    const first = run([PRICES], systemClock.now, HOUR);
    await eventually('some to be changed', () => first.told.length > 0, 60_000);
    await first.work.stop();
    const others = [run([PRICES], systemClock.now, HOUR), run([PRICES], systemClock.now, HOUR)];
    await untilNew();
    await Promise.all(others.map(({ work }) => work.stop()));
    const all = [first, ...others].flatMap(({ told }) => told);
    expect(all.reduce((sum, count) => sum + count, 0)).toBe(COUNT);
    expect((await store.collection('things').findOne({ _id: 'd9' }))?.['price']).toEqual({ value: 9 });
  });

  it('finds what a replica of the version before writes meanwhile; looks no more when the upgrade is long over', async () => {
    let now = 0;
    run([PRICES], () => now);
    await untilNew();
    await store.collection('things').insertOne({ _id: 'late', price: 1 });
    await untilNew();
    expect((await note())?.done).toBeUndefined();
    now = HOUR;
    await eventually('its end', async () => (await note())?.done !== undefined || undefined, 60_000);
    await store.collection('things').insertOne({ _id: 'strange', price: 1 });
    const next: DataMigration = {
      ...PRICES,
      name: '2026-12-names',
      where: { n: 1 },
      change: [{ $unset: 'n' }],
    };
    await store.collection('things').insertOne({ _id: 'n', n: 1 });
    run([PRICES, next], () => now);
    await eventually(
      'the next migration',
      async () => (await store.collection('things').countDocuments(next.where)) === 0 || undefined,
      60_000,
    );
    expect(await old()).toBe(1);
  });

  it('one that cures nothing does not turn in circles, and the others come to pass', async () => {
    const useless: DataMigration = { ...PRICES, name: 'a-useless', change: [{ $set: { seen: true } }] };
    const { told } = run([useless, PRICES], systemClock.now, HOUR);
    await untilNew();
    await eventually('its last word', async () => (await note())?.changed === COUNT || undefined, 60_000);
    expect(told.reduce((sum, count) => sum + count, 0)).toBe(2 * COUNT);
  });
});
