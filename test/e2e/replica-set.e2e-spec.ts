import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mongo } from 'mongoose';
import { freePort, runApp } from './support';
import { startChild, type Child } from './support/child';

describe('the replica-set command on a MongoDB that wants a login', () => {
  let folder: string;
  let mongod: Child;
  let member: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'quotebridge-replica-set-'));
    const keyFile = path.join(folder, 'key');
    writeFileSync(keyFile, 'TheKeyOfTheMembers\n', { mode: 0o400 });
    const port = await freePort();
    member = `127.0.0.1:${port}`;
    const args = ['--dbpath', folder, '--bind_ip', '127.0.0.1', '--port', String(port)];
    args.push('--replSet', 'qb', '--keyFile', keyFile, '--nounixsocket', '--wiredTigerCacheSizeGB', '0.25');
    mongod = startChild(process.env['QB_MONGOD'] ?? 'mongod', args, process.env);
  });
  afterAll(async () => {
    await mongod.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const init = async (password: string): Promise<string> => {
    const passwordFile = path.join(folder, 'password');
    writeFileSync(passwordFile, `${password}\n`);
    const access = [
      '--key-file',
      path.join(folder, 'key'),
      '--user',
      'suite',
      '--password-file',
      passwordFile,
    ];
    const args = ['replica-set', 'init', '--name', 'qb', '--members', member, '--within', '25', ...access];
    const { code, lines } = await runApp('admin', args, {});
    expect([code, lines]).toEqual([0, [expect.stringMatching(/has a primary/)]]);
    return lines.join();
  };
  const write = async (login: string): Promise<unknown> => {
    const uri = `mongodb://${login}${member}/?replicaSet=qb&serverSelectionTimeoutMS=10000`;
    const client = new mongo.MongoClient(uri);
    try {
      const collection = client.db('quote').collection('quote');
      await collection.createIndex({ state: 1 });
      return (await collection.insertOne({ state: 'approved' })).acknowledged;
    } catch (thrown) {
      return thrown instanceof mongo.MongoServerError ? thrown.codeName : thrown;
    } finally {
      await client.close();
    }
  };

  it('makes a set and a user who may write everywhere; nobody else may', async () => {
    expect(await init('first')).toContain('is made');
    expect(await write('suite:first@')).toBe(true);
    expect(await write('suite:other@')).toBe('AuthenticationFailed');
    expect(await write('')).toBe('Unauthorized');
  });

  it('leaves the set as it is the next time, and gives the user the password of then', async () => {
    expect(await init('second')).toContain('was there');
    expect(await write('suite:second@')).toBe(true);
    expect(await write('suite:first@')).toBe('AuthenticationFailed');
  });
});
