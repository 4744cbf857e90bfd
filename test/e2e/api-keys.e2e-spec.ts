import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type mongo } from 'mongoose';
import {
  API_KEY_COLLECTION,
  createAuthenticator,
  mongoApiKeyStore,
  type ApiKeyDocument,
  type Authenticator,
} from '@quotebridge/platform/security';
import { runApp, startMongo, type TestMongo } from './support';

describe('the api-key command on a real MongoDB', () => {
  let mongodb: TestMongo;
  let env: Record<string, string>;
  let who: Authenticator;
  let collection: mongo.Collection<ApiKeyDocument>;

  const admin = (...args: string[]) => runApp('admin', ['api-key', ...args], env);
  const create = async (...more: string[]): Promise<{ key: string; id: string }> => {
    const { code, lines } = await admin('create', '--name', 'CRM sync', '--role', 'sales', ...more);
    expect(code).toBe(0);
    const key = lines.find((line) => line.startsWith('qb_')) ?? '';
    return { key, id: key.split('_')[1] ?? '' };
  };

  beforeAll(async () => {
    mongodb = await startMongo();
    const database = mongodb.database('access');
    env = { MONGODB_URI: mongodb.uri, ACCESS_DATABASE: database };
    collection = (await mongodb.client()).db(database).collection<ApiKeyDocument>(API_KEY_COLLECTION);
    who = createAuthenticator({ mode: 'on', apiKeys: mongoApiKeyStore(collection), apiKeyReuseMs: 200 });
  }, 120_000);
  afterAll(() => mongodb.stop(), 60_000);

  it('a key that it made is accepted with its role, and its secret is not in the database', async () => {
    const { key, id } = await create();
    const principal = await who.authenticate({ 'x-api-key': key });
    expect(principal).toMatchObject({ id, name: 'CRM sync', kind: 'service' });
    expect(principal.scopes.has('quote:write')).toBe(true);
    const stored = JSON.stringify(await collection.find().toArray());
    expect(stored).toContain(id);
    expect(stored).not.toContain(key.split('_').slice(2).join('_'));
  });

  it('a key that it revoked is refused by a running service within seconds, and listed as revoked', async () => {
    const { key, id } = await create('--expires', '2999-12-31');
    await who.authenticate({ 'x-api-key': key });
    expect((await admin('revoke', id)).code).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 250));
    await expect(async () => who.authenticate({ 'x-api-key': key })).rejects.toMatchObject({ status: 401 });
    const { lines } = await admin('list');
    expect(lines.find((line) => line.startsWith(id))).toMatch(/CRM sync +sales +- +revoked .* 2999-12-31/);
  });

  it('a key that was made elsewhere is stored once, and never in the place of another one', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'qb-keys-'));
    const register = (key: string) => {
      writeFileSync(path.join(folder, 'key'), `${key}\n`);
      return admin('register', '--file', path.join(folder, 'key'), '--name', 'catalog', '--role', 'reader');
    };
    try {
      const key = `qb_0123456789012345_${'a'.repeat(43)}`;
      expect((await register(key)).code).toBe(0);
      expect((await register(key)).code).toBe(0);
      expect(await who.authenticate({ 'x-api-key': key })).toMatchObject({ id: '0123456789012345' });
      const other = await register(`qb_0123456789012345_${'b'.repeat(43)}`);
      expect([other.code, other.lines.join(' ')]).toEqual([
        1,
        expect.stringMatching(/another key with the id/),
      ]);
      expect(await who.authenticate({ 'x-api-key': key })).toMatchObject({ name: 'catalog' });
      expect((await register('secret')).code).toBe(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('revoking twice keeps the first time', async () => {
    const { id } = await create();
    await admin('revoke', id);
    const first = await collection.findOne({ _id: id });
    expect((await admin('revoke', id)).code).toBe(0);
    expect(await collection.findOne({ _id: id })).toEqual(first);
  });

  it.each([
    [['revoke', 'ffffffffffffffff'], 1, /no API key with the id "ffffffffffffffff"/],
    [['create', '--name', 'x', '--role', 'boss'], 1, /no role "boss"/],
    [['create', '--name', 'x'], 2, /needs --name and --role/],
  ])('%j ends with its reason and changes nothing', async (args, code, message) => {
    const before = await collection.countDocuments();
    const result = await admin(...args);
    expect(result.code).toBe(code);
    expect(result.lines.join('\n')).toMatch(message);
    expect(await collection.countDocuments()).toBe(before);
  });

  it('without MONGODB_URI it says which setting is missing', async () => {
    const { code, lines } = await runApp('admin', ['api-key', 'list'], {});
    expect(code).toBe(1);
    expect(lines.join('\n')).toContain('MONGODB_URI');
  });
});
