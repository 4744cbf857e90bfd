import { mongoStores, type ConnectorStores } from '@quotebridge/connectors/sdk';
import { systemClock } from '@quotebridge/platform/core';
import { Store } from '@quotebridge/platform/store';
import { startMongo, type TestMongo } from '../support';

type Fingerprints = ConnectorStores['fingerprints'];
type Fingerprint = Parameters<Fingerprints['save']>[1][number];
type Entry = Parameters<ConnectorStores['journal']['put']>[2];

const STREAM = 'parts';

let mongo: TestMongo;
let store: Store;
let stores: ConnectorStores;
let count = 0;

const open = (instance: string): Promise<ConnectorStores> => mongoStores(store, instance, systemClock);

beforeAll(async () => {
  mongo = await startMongo();
  store = await Store.connect({ uri: mongo.uri, database: mongo.database('stores'), appName: 'test' });
});
afterAll(async () => {
  await store?.close();
  await mongo?.stop();
});
beforeEach(async () => {
  stores = await open(`erp-${(count += 1)}`);
});

describe('fingerprints that are announced', () => {
  let prints: Fingerprints;

  beforeEach(() => {
    prints = stores.fingerprints;
  });

  const one = (externalId: string, print: string): Fingerprint => ({
    externalId,
    print,
    ids: [`${count}-${externalId}`],
  });
  const known = async (...externalIds: string[]): Promise<string[]> =>
    [...(await prints.load(STREAM, externalIds)).values()]
      .map(({ externalId, print }) => `${externalId}:${print}`)
      .sort();

  it('lead to their records at once, and count only when they are confirmed', async () => {
    await prints.announce('run-1', STREAM, [one('a', '1'), one('b', '1')]);
    expect(await prints.externalIdOf(`${count}-a`)).toBe('a');
    expect(await known('a', 'b', 'c')).toEqual(['a:', 'b:']);
    await prints.confirm('run-1', STREAM, [one('a', '1')]);
    expect(await known('a', 'b')).toEqual(['a:1', 'b:']);
  });

  it('never replace what is known', async () => {
    await prints.save(STREAM, [one('a', '1')]);
    await prints.announce('run-1', STREAM, [one('a', '2'), one('b', '2')]);
    expect(await known('a', 'b')).toEqual(['a:1', 'b:']);
  });

  it('count as this run saw them, when another run had announced them with something else', async () => {
    await prints.announce('killed', STREAM, [one('a', 'old'), one('b', 'old')]);
    await prints.announce('run-2', STREAM, [one('a', 'new'), one('c', 'new')]);
    await prints.confirm('run-2', STREAM, [one('a', 'new'), one('c', 'new')]);
    expect(await known('a', 'b', 'c')).toEqual(['a:new', 'b:', 'c:new']);
  });

  it('of resources that are asked for at the same time lead each to its own record, of the instance that is meant', async () => {
    const other = `other-${count}`;
    const theirs = (await open(other)).fingerprints;
    await prints.save(STREAM, [one('a', '1'), one('b', '1'), { ...one('c', '1'), ids: ['shared'] }]);
    await theirs.save(STREAM, [{ externalId: 'theirs', print: '1', ids: ['shared'] }]);
    const asked = [`${count}-a`, 'shared', 'nobody', `${count}-b`, `${count}-a`].map((id) =>
      prints.externalIdOf(id),
    );
    expect(await Promise.all([...asked, prints.externalIdOf('shared', other)])).toEqual([
      ...['a', 'c', undefined, 'b', 'a'],
      'theirs',
    ]);
  });
});

describe('the journal of actions', () => {
  const entry = (state: Entry['state'], sentAtMs: number): Entry => ({
    state,
    sentAtMs,
    eventTime: '2026-11-22T10:00:00.000Z',
    eventId: `event-${sentAtMs}`,
  });
  const KEYS = Array.from({ length: 100 }, (_, index) => `order-${index}`);

  it('keeps every step of many actions that go on at the same time', async () => {
    const { journal } = stores;
    const effect = { SalesOrder: '4711' };
    const kept = await Promise.all(
      KEYS.map(async (key, index) => {
        const before = await journal.get('create', key);
        const mine = await journal.begin('create', key, entry('sending', index), 0);
        await journal.put('create', key, { ...entry('done', index), effect });
        return [before, mine, await journal.get('create', key)];
      }),
    );
    expect(kept).toEqual(KEYS.map((_, index) => [undefined, true, { ...entry('done', index), effect }]));
  });

  it('lets one begin what is being sent, when many try at once, and the others beside them begin theirs', async () => {
    const { journal } = stores;
    await journal.put('create', 'taken', entry('sending', 1_000));
    await journal.put('create', 'stale', entry('sending', 10));
    const begin = (key: string, at: number): Promise<boolean> =>
      journal.begin('create', key, entry('sending', at), 500);
    const same = Array.from({ length: 5 }, (_, index) => begin('same', 2_000 + index));
    const begun = await Promise.all([begin('taken', 2_000), begin('stale', 2_000), ...same]);
    expect(begun.slice(0, 2)).toEqual([false, true]);
    expect(begun.slice(2).filter((mine) => mine)).toEqual([true]);
    expect(await journal.get('create', 'taken')).toEqual(entry('sending', 1_000));
  });
});
