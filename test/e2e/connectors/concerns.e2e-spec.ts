import { Concerns, mongoStores, type ConnectorStores } from '@quotebridge/connectors/sdk';
import { systemClock } from '@quotebridge/platform/core';
import { Store } from '@quotebridge/platform/store';
import { startMongo, type TestMongo } from '../support';

describe('records of concern', () => {
  let mongo: TestMongo;
  let store: Store;
  let stores: ConnectorStores;
  let count = 0;

  const open = (): Promise<ConnectorStores> => mongoStores(store, `crm-${count}`, systemClock);

  beforeAll(async () => {
    mongo = await startMongo();
    store = await Store.connect({ uri: mongo.uri, database: mongo.database('concerns'), appName: 'test' });
  });
  afterAll(async () => {
    await store?.close();
    await mongo?.stop();
  });
  beforeEach(async () => {
    count += 1;
    stores = await open();
  });

  it('are counted by what they are and listed in parts, the latest first, however many there are', async () => {
    let now = Date.UTC(2026, 0, 1);
    const concerns = new Concerns(stores.concerns, { now: () => now });
    for (let number = 0; number < 25; number += 1) {
      await concerns.tell(number % 5 === 0 ? 'b' : 'a', `r~${number}`, 'is not as it should be');
      // Several of one moment are told apart.
      now += number % 3 === 0 ? 1 : 0;
    }
    expect([...(await stores.concerns.counts())].sort()).toEqual([
      ['a', 20],
      ['b', 5],
    ]);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const part = await stores.concerns.list({ limit: 7, ...(after === undefined ? {} : { after }) });
      expect(part.items.length).toBeLessThanOrEqual(7);
      seen.push(...part.items.map(({ at, key }) => `${at} ${key}`));
      after = part.next;
    } while (after !== undefined);
    expect(new Set(seen).size).toBe(25);
    const times = seen.map((one) => one.slice(0, 24));
    expect(times).toEqual([...times].sort().reverse());
  });

  it('go when they are as they should be, keep their time while nothing changes, and are those of one instance', async () => {
    let now = Date.UTC(2026, 0, 1);
    const concerns = new Concerns(stores.concerns, { now: () => now });
    await concerns.tell('a', '1', 'one');
    await concerns.tell('a', '2', 'two');
    now += 1_000;
    await concerns.tell('a', '1', 'one');
    await concerns.tell('a', '2', undefined);
    expect((await stores.concerns.list({ limit: 9 })).items).toEqual([
      { what: 'a', key: '1', message: 'one', at: '2026-01-01T00:00:00.000Z' },
    ]);
    count += 1;
    expect((await (await open()).concerns.list({ limit: 9 })).items).toEqual([]);
  });

  it('that an earlier version has noted are taken over', async () => {
    const value = { what: 'a', key: '1', message: 'one', at: '2026-01-01T00:00:00.000Z' };
    await stores.notes.put('concern', [
      { key: 'a/1', value },
      { key: 'a/2', value: {} },
    ]);
    const { concerns, notes } = await open();
    expect((await concerns.list({ limit: 9 })).items).toEqual([value]);
    expect(await notes.get('concern', 'a/1')).toBeUndefined();
  });
});
