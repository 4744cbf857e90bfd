import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@quotebridge/platform/core';
import {
  ensureCollection,
  Inbox,
  isDuplicateKey,
  isTooLarge,
  isTransientStoreError,
  Lease,
  Store,
} from '@quotebridge/platform/store';
import { startMongo, type TestMongo } from '../support';

let mongod: TestMongo;
let store: Store;
const open = (database: string): Promise<Store> =>
  Store.connect({ uri: mongod.uri, database, appName: 'test', serverSelectionTimeoutMs: 1_000 });

beforeAll(async () => {
  mongod = await startMongo();
});
afterAll(() => mongod.stop());
beforeEach(async () => {
  store = await open(mongod.database('store'));
});
afterEach(() => store.close());

const caught = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );

describe('the store', () => {
  it('makes collections and indexes at every start, also those of a later call', async () => {
    await ensureCollection(store, 'things', [{ keys: { a: 1 } }]);
    await ensureCollection(store, 'things', [
      { keys: { a: 1 } },
      { keys: { b: -1 }, options: { unique: true } },
    ]);
    const names = (await store.collection('things').indexes()).map(({ name }) => name);
    expect(names).toEqual(['_id_', 'a_1', 'b_-1']);
  });

  it('a transaction is stored as a whole or not at all', async () => {
    await ensureCollection(store, 'things', []);
    const things = store.collection('things');
    const failed = store.transaction(async (session) => {
      await things.insertOne({ _id: 'a' }, { session });
      throw new Error('half way');
    });
    await expect(failed).rejects.toThrow('half way');
    expect(await things.countDocuments()).toBe(0);
  });

  it('tells a taken key, a document that is too large and a server that is away apart', async () => {
    const things = store.collection<{ _id: string; text?: string }>('things');
    await things.insertOne({ _id: 'a' });
    const taken = await caught(things.insertOne({ _id: 'a' }));
    const large = await caught(things.insertOne({ _id: 'b', text: 'x'.repeat(17 * 1024 * 1024) }));
    const grown = async (): Promise<void> => {
      const push = { $push: { parts: 'x'.repeat(9 * 1024 * 1024) } } as object;
      await store.collection('things').updateOne({ _id: 'a' }, push);
      await store.collection('things').updateOne({ _id: 'a' }, push);
    };
    const tooGrown = await caught(grown());
    const kinds = (thrown: unknown) => [
      isDuplicateKey(thrown),
      isTooLarge(thrown),
      isTransientStoreError(thrown),
    ];
    expect(kinds(taken)).toEqual([true, false, false]);
    expect(kinds(large)).toEqual([false, true, false]);
    expect(kinds(tooGrown)).toEqual([false, true, false]);
    expect(kinds(new Error('something else'))).toEqual([false, false, false]);
  });
});

describe('the inbox: a consumer applies each event once', () => {
  it('also when many deliveries of it arrive at the same time, and per consumer', async () => {
    const inbox = await Inbox.open(store);
    await store.collection('sums').insertOne({ _id: 'sum', total: 0 });
    const add = (consumer: string, event: string) =>
      inbox.applyOnce(consumer, event, async (session) => {
        await store.collection('sums').updateOne({ _id: 'sum' }, { $inc: { total: 1 } }, { session });
      });
    const ran = await Promise.all([...Array(8)].map(() => add('a', 'e1')));
    expect(ran.filter(Boolean)).toHaveLength(1);
    expect(await add('b', 'e1')).toBe(true);
    expect(await add('a', 'e2')).toBe(true);
    expect(await store.collection('sums').findOne()).toMatchObject({ total: 3 });
  });

  it('an effect that fails leaves no mark, so that another try applies it', async () => {
    const inbox = await Inbox.open(store);
    const failing = inbox.applyOnce('a', 'e1', async () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await inbox.applyOnce('a', 'e1', async () => undefined)).toBe(true);
  });

  it('a key that the effect finds taken is not mistaken for an event applied before', async () => {
    const inbox = await Inbox.open(store);
    await store.collection('things').insertOne({ _id: 'a' });
    const thrown = await caught(
      inbox.applyOnce('a', 'e1', async (session) => {
        await store.collection('things').insertOne({ _id: 'a' }, { session });
      }),
    );
    expect(isDuplicateKey(thrown)).toBe(true);
  });
});

describe('the lease', () => {
  // A store that stands still for a while must not let a lease lapse in the middle of a test.
  const LONG_MS = 300_000;
  const SHORT_MS = 300;
  const lease = (holder: string, ttlMs = LONG_MS, clock = systemClock, name = 'work') =>
    new Lease(store, { name, holder, ttlMs, clock });
  const until = async (): Promise<number> =>
    Number((await store.collection<{ _id: string; until: Date }>('leases').findOne({ _id: 'work' }))?.until);

  it('is held by one of many that ask at once', async () => {
    const all = Array.from({ length: 8 }, (_, n) => lease(`h${n}`));
    const got = await Promise.all(all.map((one) => one.acquire()));
    expect(got.filter(Boolean)).toHaveLength(1);
    expect(all.map((one) => one.held)).toEqual(got);
  });

  it('lapses when it is not renewed, and is free for others', async () => {
    const a = lease('a', SHORT_MS);
    await a.acquire();
    await sleep(SHORT_MS + 50);
    expect(a.held).toBe(false);
    expect(await lease('b').acquire()).toBe(true);
    expect(await a.acquire()).toBe(false);
  });

  it('renewed it ends later; given up it is free at once', async () => {
    const [a, b] = [lease('a'), lease('b')];
    let end = 0;
    for (let n = 0; n < 4; n += 1) {
      expect(await a.acquire()).toBe(true);
      expect(await b.acquire()).toBe(false);
      const later = await until();
      expect(later).toBeGreaterThan(end);
      end = later;
      await sleep(20);
    }
    await a.release();
    expect(a.held).toBe(false);
    expect(await b.acquire()).toBe(true);
    await a.release();
    expect(await lease('c').acquire()).toBe(false);
  });

  it('does not rest on clocks that agree', async () => {
    const a = lease('a');
    const ahead = lease('b', LONG_MS, { now: () => Date.now() + 3_600_000 });
    expect(await a.acquire()).toBe(true);
    expect(await ahead.acquire()).toBe(false);
  });

  it('a holder whose name looks like an expression is a name', async () => {
    const odd = lease('$holder');
    expect(await odd.acquire()).toBe(true);
    expect(await lease('b').acquire()).toBe(false);
    expect(await odd.acquire()).toBe(true);
  });
});
