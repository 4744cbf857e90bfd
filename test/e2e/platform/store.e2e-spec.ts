import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@quotebridge/platform/core';
import {
  ensureCollection,
  Inbox,
  isDuplicateKey,
  isTooLarge,
  isTransientStoreError,
  Lease,
  OUTBOX_INDEX,
  OutboxRelay,
  RelayLoop,
  Store,
  TOMBSTONES,
  type OutboxEvent,
} from '@quotebridge/platform/store';
import { eventually, startOwnMongo, type OwnMongo } from '../support';

let mongod: OwnMongo;
let store: Store;
const open = (database: string): Promise<Store> =>
  Store.connect({ uri: mongod.uri, database, appName: 'test', serverSelectionTimeoutMs: 1_000 });

beforeAll(async () => {
  mongod = await startOwnMongo();
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
  const lease = (holder: string, ttlMs = 600, clock = systemClock, name = 'work') =>
    new Lease(store, { name, holder, ttlMs, clock });

  it('is held by one of many that ask at once, until it lapses', async () => {
    const all = Array.from({ length: 8 }, (_, n) => lease(`h${n}`));
    const got = await Promise.all(all.map((one) => one.acquire()));
    expect(got.filter(Boolean)).toHaveLength(1);
    expect(all.map((one) => one.held)).toEqual(got);
    await sleep(650);
    expect(all.some((one) => one.held)).toBe(false);
    const next = all[got.indexOf(false)];
    expect(await next?.acquire()).toBe(true);
    expect(await all[got.indexOf(true)]?.acquire()).toBe(false);
  });

  it('renewed in time it stays; given up it is free at once', async () => {
    const [a, b] = [lease('a'), lease('b')];
    for (let n = 0; n < 4; n += 1) {
      expect(await a.acquire()).toBe(true);
      expect(await b.acquire()).toBe(false);
      await sleep(250);
    }
    await a.release();
    expect(a.held).toBe(false);
    expect(await b.acquire()).toBe(true);
    await a.release();
    expect(await lease('c').acquire()).toBe(false);
  });

  it('does not rest on clocks that agree', async () => {
    const a = lease('a', 60_000);
    const ahead = lease('b', 60_000, { now: () => Date.now() + 3_600_000 });
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

describe('guarantee 1: the relay publishes each pending event, in order, and takes away only what was published', () => {
  interface Sent {
    readonly key: string;
    readonly id: string;
  }
  const NAMES = ['things'];
  let sent: Sent[];
  let refuse: (id: string) => boolean;
  let failures: unknown[];

  const relay = (publish?: (event: OutboxEvent, key: string) => Promise<void>) =>
    new OutboxRelay(
      store,
      NAMES,
      publish ??
        (async ({ id }, key) => {
          if (refuse(id)) throw new Error(`refused ${id}`);
          sent.push({ key, id });
        }),
      { published: () => undefined, failed: (thrown) => failures.push(thrown) },
      systemClock,
    );
  let counter = 0;
  const event = (id: string): OutboxEvent => ({
    id,
    subject: 's',
    at: new Date(1_000 + (counter += 1)),
    body: '{}',
  });
  const put = async (_id: string, ...ids: string[]): Promise<void> => {
    const push = { $push: { _outbox: { $each: ids.map(event) } } } as object;
    await store.collection('things').updateOne({ _id }, push, { upsert: true });
  };
  const bury = async (id: string, ...ids: string[]): Promise<void> => {
    await store.collection('things').deleteOne({ _id: id });
    const _outbox = ids.map(event);
    await store
      .collection(TOMBSTONES)
      .insertOne({ _id: `${id}/${ids.join()}`, key: `things/${id}`, _outbox });
  };
  const waiting = async (): Promise<number> =>
    (await store.collection('things').countDocuments({ _outbox: { $exists: true } })) +
    (await store.collection(TOMBSTONES).countDocuments());
  const idsOf = (key: string): string[] => sent.filter((one) => one.key === key).map(({ id }) => id);

  beforeEach(async () => {
    sent = [];
    failures = [];
    refuse = () => false;
    counter = 0;
    for (const name of [...NAMES, TOMBSTONES]) await ensureCollection(store, name, [OUTBOX_INDEX]);
  });

  it('in the order of each document, and leaves the documents without a trace', async () => {
    await put('a', 'a1', 'a2', 'a3');
    await put('b', 'b1');
    expect(await relay().pass()).toEqual({ published: 4, failed: 0, more: false });
    expect([idsOf('things/a'), idsOf('things/b')]).toEqual([['a1', 'a2', 'a3'], ['b1']]);
    expect(await store.collection('things').find().toArray()).toEqual([{ _id: 'a' }, { _id: 'b' }]);
    expect(await relay().pass()).toEqual({ published: 0, failed: 0, more: false });
  });

  it('one that the broker refuses stops its document only; nothing overtakes it', async () => {
    await put('a', 'a1', 'a2', 'a3');
    await put('b', 'b1');
    refuse = (id) => id === 'a2';
    expect(await relay().pass()).toMatchObject({ published: 2, failed: 1 });
    expect(failures).toHaveLength(1);
    refuse = () => false;
    await relay().pass();
    expect([idsOf('things/a'), await waiting()]).toEqual([['a1', 'a2', 'a3'], 0]);
  });

  it('an event that is written while others are published stays until its turn', async () => {
    await put('a', 'a1');
    await put('b', 'b1', 'b2');
    let once = true;
    const racing = relay(async ({ id }, key) => {
      if (once) {
        once = false;
        await put('a', 'a2');
        await put('b', 'b3');
      }
      sent.push({ key, id });
    });
    await racing.pass();
    expect(await waiting()).toBe(2);
    await racing.pass();
    expect([idsOf('things/a'), idsOf('things/b')]).toEqual([
      ['a1', 'a2'],
      ['b1', 'b2', 'b3'],
    ]);
    expect(await waiting()).toBe(0);
  });

  it('an id that is deleted and made again keeps the order of its events', async () => {
    await bury('a', 'a1', 'a2-deleted');
    await put('a', 'a3');
    await bury('a', 'a3', 'a4-deleted');
    await put('a', 'a5');
    await relay().pass();
    expect(idsOf('things/a')).toEqual(['a1', 'a2-deleted', 'a3', 'a4-deleted', 'a5']);
    expect(await waiting()).toBe(0);
  });

  it('also when there are more deletions than one batch takes', async () => {
    const ids = Array.from({ length: 600 }, (_, n) => `d${n}`);
    for (const id of ids) await bury(id, `${id}-deleted`);
    for (const id of [...ids].reverse()) await put(id, `${id}-again`);
    for (let pass = 0; (await waiting()) > 0 && pass < 20; pass += 1) await relay().pass();
    for (const id of ids) expect(idsOf(`things/${id}`)).toEqual([`${id}-deleted`, `${id}-again`]);
  });

  it('stops between two events when the lease is lost, and another goes on from there', async () => {
    await put('a', 'a1', 'a2', 'a3');
    await relay().pass(() => sent.length < 2);
    expect(idsOf('things/a')).toEqual(['a1', 'a2']);
    await relay().pass();
    expect(idsOf('things/a')).toEqual(['a1', 'a2', 'a3']);
  });

  it('large resources come in batches that fit into memory', async () => {
    for (let n = 0; n < 5; n += 1) {
      const _outbox = [{ ...event(`l${n}`), body: 'x'.repeat(6 * 1024 * 1024) }];
      await store.collection('things').insertOne({ _id: `l${n}`, _outbox });
    }
    expect(await relay().pass()).toEqual({ published: 3, failed: 0, more: true });
    expect(await relay().pass()).toEqual({ published: 2, failed: 0, more: false });
  });

  describe('the loop', () => {
    const loopOf = (holder: string, one = relay()) => {
      const lease = new Lease(store, { name: 'relay', holder, ttlMs: 2_000, clock: systemClock });
      const options = { pollMs: 50, gatherMs: 1, failureBackoffMs: 200, leaseRenewMs: 600 };
      return new RelayLoop(one, lease, { failed: (thrown) => failures.push(thrown) }, options);
    };

    it('looks at once when it is called, and publishes what is left when it stops', async () => {
      const loop = loopOf('a');
      loop.start();
      await put('a', 'a1');
      loop.wake();
      await eventually('the event', () => sent.length === 1);
      await put('a', 'a2');
      await loop.stop();
      expect(idsOf('things/a')).toEqual(['a1', 'a2']);
    });

    it('without the lease it neither publishes nor asks the store all the time, and takes over when it is free', async () => {
      const [first, second] = [loopOf('a'), loopOf('b')];
      first.start();
      await sleep(100);
      second.start();
      const acquire = jest.spyOn(Lease.prototype, 'acquire');
      const end = performance.now() + 1_000;
      while (performance.now() < end) {
        second.wake();
        await sleep(5);
      }
      expect(acquire.mock.calls.length).toBeLessThan(12);
      acquire.mockRestore();
      await first.stop();
      await put('a', 'a1');
      await eventually('the second to publish', () => sent.length === 1);
      await second.stop();
    });

    it('a broker that refuses is not asked in a hot loop, and one poison event does not hold up the others', async () => {
      let tries = 0;
      const loop = loopOf(
        'a',
        relay(async ({ id }, key) => {
          tries += 1;
          if (refuse(id)) throw new Error('refused');
          sent.push({ key, id });
        }),
      );
      refuse = (id) => id.startsWith('p');
      await put('poison', 'p1');
      loop.start();
      await sleep(1_000);
      expect(tries).toBeGreaterThan(1);
      expect(tries).toBeLessThan(8);
      await put('a', 'a1');
      await eventually('the other one', () => sent.length === 1);
      await loop.stop();
      expect(await waiting()).toBe(1);
    });

    it('goes on after the store was away', async () => {
      const loop = loopOf('a');
      loop.start();
      await mongod.kill();
      await eventually('that it is noticed', () => failures.length > 0);
      expect(isTransientStoreError(failures[0])).toBe(true);
      await expect(store.ping(300)).rejects.toThrow();
      await mongod.restart();
      await store.ping(10_000);
      await put('a', 'a1');
      await eventually('the event', () => sent.length === 1);
      await loop.stop();
    });
  });
});
