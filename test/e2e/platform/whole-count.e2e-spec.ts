import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '@quotebridge/platform/core';
import { countSourceOf, Store, WholeCount } from '@quotebridge/platform/store';
import { mongo } from 'mongoose';
import { eventually, freePort } from '../support';
import { startChild, type Child } from '../support/child';

const KEY = 'TheKeyOfTheMembers';
const DATABASE = 'catalog';

describe('the total of a whole list on a MongoDB that wants a login', () => {
  let folder: string;
  let mongod: Child;
  let uri: string;
  const stores: Store[] = [];

  /** Makes the set, and a user who may read and write one database and nothing else. */
  const prepare = async (host: string): Promise<void> => {
    const auth = { username: '__system', password: KEY };
    const options = { auth, authSource: 'local', serverSelectionTimeoutMS: 60_000 };
    const client = new mongo.MongoClient(`mongodb://${host}/?directConnection=true`, options);
    const admin = client.db('admin');
    await admin.command({ replSetInitiate: { _id: 'qb', members: [{ _id: 0, host }] } });
    await eventually(
      'a MongoDB that takes writes',
      async () => (await admin.command({ hello: 1 }))['isWritablePrimary'] === true,
    );
    const roles = [{ role: 'readWrite', db: DATABASE }];
    await client.db(DATABASE).command({ createUser: 'catalog', pwd: 'secret', roles });
    await client.close();
  };
  const connect = async (appName: string): Promise<Store> => {
    const store = await Store.connect({ uri, database: DATABASE, appName });
    stores.push(store);
    return store;
  };

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'quotebridge-whole-count-'));
    const keyFile = path.join(folder, 'key');
    writeFileSync(keyFile, `${KEY}\n`, { mode: 0o400 });
    const port = await freePort();
    const args = ['--dbpath', folder, '--bind_ip', '127.0.0.1', '--port', String(port), '--quiet'];
    args.push('--replSet', 'qb', '--keyFile', keyFile, '--nounixsocket', '--wiredTigerCacheSizeGB', '0.25');
    mongod = startChild(process.env['QB_MONGOD'] ?? 'mongod', args, process.env);
    await prepare(`127.0.0.1:${port}`);
    uri = `mongodb://catalog:secret@127.0.0.1:${port}/${DATABASE}?replicaSet=qb`;
  }, 120_000);
  afterAll(async () => {
    for (const store of stores) await store.close();
    await mongod?.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('is never learnt while a transaction of another replica is open, whose writes the server counts already', async () => {
    const [here, elsewhere] = [await connect('product-catalog'), await connect('product-catalog')];
    await here.collection('offering').insertMany([{ _id: 'a' }, { _id: 'b' }]);
    const session = elsewhere.connection.getClient().startSession();
    session.startTransaction({ writeConcern: { w: 'majority' } });
    await elsewhere.collection('offering').insertOne({ _id: 'c' }, { session });

    const asked = { comparisons: 0, counted: 0 };
    const source = countSourceOf(here, 'offering');
    const whole = new WholeCount(
      {
        ...source,
        quiet: () => {
          asked.comparisons += 1;
          return source.quiet();
        },
        counted: (maxTimeMs) => {
          asked.counted += 1;
          return source.counted(maxTimeMs);
        },
      },
      systemClock,
    );
    expect(await whole.count(60_000)).toBe(2);
    // Each comparison asks twice at most; two that agree are believed.
    await eventually('comparisons during the transaction', () => asked.comparisons >= 4);
    await session.commitTransaction();
    await session.endSession();

    await eventually('a total that nobody had to count', async () => {
      const before = asked.counted;
      expect(await whole.count(60_000)).toBe(3);
      return asked.counted === before;
    });
  }, 120_000);

  it('does not wait for transactions of other components', async () => {
    const [here, elsewhere] = [await connect('product-catalog'), await connect('quote')];
    const session = elsewhere.connection.getClient().startSession();
    session.startTransaction();
    await elsewhere.collection('quote').insertOne({ _id: 'a' }, { session });
    expect([await here.hasTransactionOpen(), await elsewhere.hasTransactionOpen()]).toEqual([false, true]);
    await session.abortTransaction();
    await session.endSession();
    expect(await elsewhere.hasTransactionOpen()).toBe(false);
  });
});
