import fc from 'fast-check';
import { Refusal } from '@quotebridge/platform/core';
import {
  allows,
  createApiKey,
  createAuthenticator,
  DEFAULT_ROLES,
  holdsRole,
  listApiKeys,
  revokeApiKey,
  type ApiKeyRecord,
  type ApiKeyStore,
  type Authenticator,
} from './index';
import { hashSecret, newApiKey, parseApiKey, secretMatches } from './api-key';

const START = Date.parse('2026-03-01T12:00:00Z');
const DAY = 86_400_000;

/** The port kept in memory; the one on MongoDB is tested end to end with the command. */
class MemoryStore implements ApiKeyStore {
  readonly records = new Map<string, ApiKeyRecord>();
  finds = 0;
  away = false;

  async find(id: string): Promise<ApiKeyRecord | undefined> {
    this.finds += 1;
    if (this.away) throw new Error('connect ECONNREFUSED');
    return this.records.get(id);
  }
  async insert(record: ApiKeyRecord): Promise<void> {
    this.records.set(record.id, record);
  }
  async list(): Promise<ApiKeyRecord[]> {
    return [...this.records.values()];
  }
  async revoke(id: string, at: Date): Promise<boolean> {
    const record = this.records.get(id);
    if (record) this.records.set(id, { ...record, revokedAt: at });
    return record !== undefined;
  }
}

describe('the form of an API key', () => {
  it('every new key can be taken apart into its parts, and matches its own hash only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 40, maxLength: 40 }), fc.string(), (bytes, other) => {
        let at = 0;
        const made = newApiKey((length) => Buffer.from(bytes.subarray(at, (at += length))));
        expect(parseApiKey(made.key)).toEqual({ id: made.id, secret: made.secret });
        expect(secretMatches(made.secret, hashSecret(made.secret))).toBe(true);
        expect(secretMatches(other, hashSecret(made.secret))).toBe(false);
      }),
    );
  });

  it('no other text is taken for a key', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(parseApiKey(text)).toBeUndefined()));
  });

  it.each(['', 'qb_', 'qb_0123456789abcdef_short'])('"%s" is not a key', (text) => {
    expect(parseApiKey(text)).toBeUndefined();
  });

  it('a damaged stored hash matches nothing', () => {
    expect(secretMatches('', '')).toBe(false);
    expect(secretMatches('secret', 'x')).toBe(false);
  });
});

describe('API keys', () => {
  let time = START;
  let store: MemoryStore;
  let who: Authenticator;
  const clock = { now: () => time };
  const options = () => ({ store, clock, roles: DEFAULT_ROLES });
  const refusalOf = async (headers: Record<string, string>): Promise<Refusal> => {
    const thrown = await Promise.resolve()
      .then(() => who.authenticate(headers))
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(thrown).toBeInstanceOf(Refusal);
    return thrown as Refusal;
  };

  beforeEach(() => {
    time = START;
    store = new MemoryStore();
    who = createAuthenticator({ mode: 'on', clock, apiKeys: store });
  });

  it.each<[string, (key: string) => Record<string, string>]>([
    ['X-API-Key', (key) => ({ 'x-api-key': key })],
    ['Authorization: ApiKey', (key) => ({ authorization: `ApiKey ${key}` })],
    ['Authorization: apikey', (key) => ({ authorization: `apikey ${key}` })],
  ])('a key works in %s and brings the scopes of its role', async (_where, headers) => {
    const { key, id } = await createApiKey({ name: 'CRM sync', role: 'sales' }, options());
    const principal = await who.authenticate(headers(key));
    expect(principal).toMatchObject({ id, name: 'CRM sync', kind: 'service' });
    expect(allows(principal, 'quote', 'write')).toBe(true);
    expect(allows(principal, 'productOffering', 'write')).toBe(false);
  });

  it('holds its role and those it decides for, which bring no scopes', async () => {
    const approverOf = ['sales-manager', 'admin'];
    const { key } = await createApiKey({ name: 'approver', role: 'sales', approverOf }, options());
    const principal = await who.authenticate({ 'x-api-key': key });
    expect(
      ['sales', 'sales-manager', 'admin', 'management'].map((role) => holdsRole(principal, role)),
    ).toEqual([true, true, true, false]);
    expect(allows(principal, 'productOffering', 'write')).toBe(false);
  });

  it.each([[['two words']], [['']], [['a', 'x'.repeat(101)]]])(
    'is not made to decide for %j',
    async (approverOf) => {
      const made = createApiKey({ name: 'a', role: 'sales', approverOf }, options());
      await expect(made).rejects.toMatchObject({ status: 400 });
    },
  );

  it('the secret is nowhere in what is stored or listed, and the hash is not listed', async () => {
    const { key } = await createApiKey({ name: 'a', role: 'reader' }, options());
    const secret = parseApiKey(key)?.secret ?? 'none';
    const listed = JSON.stringify(await listApiKeys(options()));
    expect(JSON.stringify([...store.records.values()])).not.toContain(secret);
    expect(listed).not.toContain(secret);
    expect(listed).not.toContain(hashSecret(secret));
  });

  it('a revoked key stops working within five seconds', async () => {
    const { key, id } = await createApiKey({ name: 'a', role: 'reader' }, options());
    const headers = { 'x-api-key': key };
    await who.authenticate(headers);
    await revokeApiKey(id, options());
    time += 5_000;
    expect(await refusalOf(headers)).toMatchObject({
      status: 401,
      message: 'The API key is unknown, expired or revoked.',
    });
  });

  it('an expired key stops working at once, also when it was remembered', async () => {
    const { key } = await createApiKey(
      { name: 'a', role: 'reader', expiresAt: new Date(START + 1_000) },
      options(),
    );
    await who.authenticate({ 'x-api-key': key });
    time += 1_000;
    expect(await refusalOf({ 'x-api-key': key })).toMatchObject({ status: 401 });
  });

  it('a remembered key is not looked up again, and answers without a promise', async () => {
    const { key } = await createApiKey({ name: 'a', role: 'reader' }, options());
    const headers = { 'x-api-key': key };
    const all = await Promise.all(Array.from({ length: 50 }, async () => who.authenticate(headers)));
    expect(new Set(all).size).toBe(1);
    expect(who.authenticate(headers)).toBe(all[0]);
    expect(store.finds).toBe(1);
  });

  it('a wrong secret, an unknown id and nonsense get the same answer', async () => {
    const { key, id } = await createApiKey({ name: 'a', role: 'reader' }, options());
    const other = newApiKey();
    const wrong = [`qb_${id}_${other.secret}`, other.key, 'nonsense', `${key}x`, ''];
    const answers = await Promise.all(wrong.map((bad) => refusalOf({ 'x-api-key': bad })));
    expect(new Set(answers.map(({ status, message }) => `${status} ${message}`))).toEqual(
      new Set(['401 The API key is unknown, expired or revoked.']),
    );
  });

  it('a store that is away gives 503, and works again when it is back', async () => {
    const { key } = await createApiKey({ name: 'a', role: 'reader' }, options());
    store.away = true;
    const refusal = await refusalOf({ 'x-api-key': key });
    expect(refusal).toMatchObject({ status: 503, headers: { 'Retry-After': '5' } });
    expect(refusal.message).not.toContain('ECONNREFUSED');
    store.away = false;
    expect(await who.authenticate({ 'x-api-key': key })).toMatchObject({ name: 'a' });
  });

  it('the role of a key that was since removed from the table grants nothing', async () => {
    const { key } = await createApiKey({ name: 'a', role: 'reader' }, options());
    const later = createAuthenticator({ mode: 'on', clock, apiKeys: store, roles: { admin: ['*:*'] } });
    expect((await later.authenticate({ 'x-api-key': key })).scopes.size).toBe(0);
  });

  it.each([
    [{ name: ' ', role: 'reader' }, /name of 1 to 200/],
    [{ name: 'x'.repeat(201), role: 'reader' }, /name of 1 to 200/],
    [{ name: 'a', role: 'boss' }, /no role "boss". Choose one of admin/],
    [{ name: 'a', role: 'toString' }, /no role "toString"/],
    [{ name: 'a', role: 'reader', expiresAt: new Date(START - DAY) }, /in the future/],
    [{ name: 'a', role: 'reader', expiresAt: new Date('nonsense') }, /in the future/],
  ])('%j is refused before anything is stored', async (wanted, message) => {
    await expect(createApiKey(wanted, options())).rejects.toThrow(message);
    expect(store.records.size).toBe(0);
  });

  it('the list shows what each key is worth now', async () => {
    const made = await Promise.all([
      createApiKey({ name: 'stays', role: 'reader' }, options()),
      createApiKey({ name: 'ends', role: 'reader', expiresAt: new Date(START + DAY) }, options()),
      createApiKey({ name: 'gone', role: 'reader' }, options()),
    ]);
    await revokeApiKey(made[2].id, options());
    time += 2 * DAY;
    const states = (await listApiKeys(options())).map(({ name, state }) => [name, state]);
    expect(states).toEqual([
      ['stays', 'active'],
      ['ends', 'expired'],
      ['gone', 'revoked'],
    ]);
  });

  it('revoking an unknown key is refused with what to do', async () => {
    await expect(revokeApiKey('ffff', options())).rejects.toThrow(
      /no API key with the id "ffff". List the keys/,
    );
  });
});
