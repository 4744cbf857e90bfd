import { mongoStores, type ConnectorStores } from '@quotebridge/connectors/sdk';
import { systemClock } from '@quotebridge/platform/core';
import { Store } from '@quotebridge/platform/store';
import { startMongo, type TestMongo } from '../support';

type Fingerprints = ConnectorStores['fingerprints'];
type Fingerprint = Parameters<Fingerprints['save']>[1][number];

const STREAM = 'parts';

describe('fingerprints that are announced', () => {
  let mongo: TestMongo;
  let store: Store;
  let prints: Fingerprints;
  let count = 0;

  beforeAll(async () => {
    mongo = await startMongo();
    store = await Store.connect({ uri: mongo.uri, database: mongo.database('prints'), appName: 'test' });
  });
  afterAll(async () => {
    await store?.close();
    await mongo?.stop();
  });
  beforeEach(async () => {
    prints = (await mongoStores(store, `erp-${(count += 1)}`, systemClock)).fingerprints;
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
});
