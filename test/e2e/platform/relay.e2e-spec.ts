import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@quotebridge/platform/core';
import {
  ensureCollection,
  isTransientStoreError,
  Lease,
  OUTBOX_INDEX,
  OutboxRelay,
  RelayLoop,
  Store,
  TOMBSTONES,
  type OutboxEvent,
  type RelayWork,
} from '@quotebridge/platform/store';
import { eventually, startOwnMongo, type OwnMongo } from '../support';

let mongod: OwnMongo;
let store: Store;

beforeAll(async () => {
  mongod = await startOwnMongo();
});
afterAll(() => mongod.stop());
beforeEach(async () => {
  const database = mongod.database('relay');
  store = await Store.connect({
    uri: mongod.uri,
    database,
    appName: 'test',
    serverSelectionTimeoutMs: 1_000,
  });
});
afterEach(() => store.close());

describe('guarantee 1: the relay publishes each pending event, in order, and takes away only what was published', () => {
  interface Sent {
    readonly key: string;
    readonly id: string;
  }
  const NAMES = ['things'];
  let sent: Sent[];
  let refuse: (id: string) => boolean;
  let failures: unknown[];

  const relay = (
    publish?: (event: OutboxEvent, key: string) => Promise<void>,
    opened?: (event: OutboxEvent) => OutboxEvent,
  ) =>
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
      opened,
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

  it('one that cannot be opened, as its key is gone, stops its document only', async () => {
    await put('a', 'a1', 'a2');
    await put('b', 'b1');
    await bury('c', 'c1');
    const withoutKey = (sealed: OutboxEvent): OutboxEvent => {
      if (sealed.id === 'a1' || sealed.id === 'c1') throw new Error('the key is gone');
      return sealed;
    };
    expect(await relay(undefined, withoutKey).pass()).toMatchObject({ published: 1, failed: 2 });
    expect([idsOf('things/b'), await waiting()]).toEqual([['b1'], 2]);
    await relay().pass();
    expect([idsOf('things/a'), idsOf('things/c'), await waiting()]).toEqual([['a1', 'a2'], ['c1'], 0]);
  });

  it('however many cannot be opened, the others leave', async () => {
    for (let at = 0; at < 300; at += 1) await put(`a${at}`, `lost${at}`);
    for (let at = 0; at < 300; at += 1) await bury(`c${at}`, `lost-too${at}`);
    await put('b', 'b1');
    const withoutKey = (sealed: OutboxEvent): OutboxEvent => {
      if (sealed.id.startsWith('lost')) throw new Error('the key is gone');
      return sealed;
    };
    const one = relay(undefined, withoutKey);
    for (let passes = 0; passes < 4; passes += 1) await one.pass();
    expect([sent.map(({ id }) => id), await waiting()]).toEqual([['b1'], 600]);
    expect(await one.pass()).toEqual({ published: 0, failed: 0, more: false });
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

  describe('events that are handed over with their document', () => {
    const handed = (id: string, ...ids: string[]): RelayWork => ({
      collections: new Set(),
      fresh: [{ collection: 'things', fresh: { id, events: ids.map(event), given: true } }],
    });

    it('leave without being read back, and are taken away', async () => {
      await put('a', 'a1');
      const one = relay();
      expect(await one.pass(undefined, handed('a', 'a1'))).toEqual({ published: 1, failed: 0, more: false });
      expect([idsOf('things/a'), await waiting()]).toEqual([['a1'], 0]);
    });

    it('wait for what an earlier resource of the same id has left', async () => {
      await bury('a', 'a1', 'a2-deleted');
      await put('a', 'a3');
      await relay().pass(undefined, handed('a', 'a3'));
      expect([idsOf('things/a'), await waiting()]).toEqual([['a1', 'a2-deleted', 'a3'], 0]);
    });

    it('also when the earlier ones do not all fit into a batch', async () => {
      const ids = Array.from({ length: 300 }, (_, n) => `d${n}`);
      for (const id of ids) await bury(id, `${id}-deleted`);
      await put('d299', 'd299-again');
      const one = relay();
      const work = handed('d299', 'd299-again');
      expect(await one.pass(undefined, work)).toMatchObject({ published: 256, more: true });
      expect(idsOf('things/d299')).toEqual([]);
      for (let pass = 0; (await waiting()) > 0 && pass < 20; pass += 1) await one.pass();
      expect(idsOf('things/d299')).toEqual(['d299-deleted', 'd299-again']);
    });

    it('do not come again after the removal that came meanwhile', async () => {
      await bury('a', 'a1', 'a2-deleted');
      await relay().pass(undefined, handed('a', 'a1'));
      expect([idsOf('things/a'), await waiting()]).toEqual([['a1', 'a2-deleted'], 0]);
    });

    it('stay in the store when the one before them is refused', async () => {
      await bury('a', 'a1-deleted');
      await put('a', 'a2');
      refuse = (id) => id === 'a1-deleted';
      expect(await relay().pass(undefined, handed('a', 'a2'))).toMatchObject({ published: 0, failed: 1 });
      refuse = () => false;
      await relay().pass();
      expect([idsOf('things/a'), await waiting()]).toEqual([['a1-deleted', 'a2'], 0]);
    });
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
      const start = performance.now();
      loop.start();
      await eventually('some tries', () => tries > 3);
      // A pause of 200 ms between two.
      expect(tries).toBeLessThan(3 + (performance.now() - start) / 200);
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
      await store.ping(60_000);
      await put('a', 'a1');
      await eventually('the event', () => sent.length === 1);
      await loop.stop();
    });
  });
});
