import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  SignJWT,
  type JWK,
  type JWTPayload,
  type KeyLike,
} from 'jose';
import { Refusal } from '@quotebridge/platform/core';
import {
  allows,
  createAuthenticator,
  holdsRole,
  type Authenticator,
  type JwksOptions,
  type Principal,
} from './index';

const START = Date.parse('2026-03-01T12:00:00Z');
const ISSUER = 'https://login.example.test/';
const MINUTE = 60_000;

interface Signer {
  readonly alg: string;
  readonly kid: string;
  readonly privateKey: KeyLike;
  readonly publicKey: KeyLike;
}

const signer = async (alg: string, kid: string): Promise<Signer> => ({
  alg,
  kid,
  ...(await generateKeyPair(alg)),
});
const published = async ({ publicKey, kid, alg }: Signer): Promise<JWK> => ({
  ...(await exportJWK(publicKey)),
  kid,
  alg,
  use: 'sig',
});

describe('bearer tokens against a real key server', () => {
  let time = START;
  const clock = { now: () => time };
  let server: Server;
  let jwksUri: string;
  let keys: JWK[] = [];
  let fetches = 0;
  let answering = true;
  const signers: Record<string, Signer> = {};

  const token = (claims: JWTPayload = {}, by = signers['RS256'] as Signer): Promise<string> =>
    new SignJWT({ sub: 'u-1', aud: 'quotebridge', iss: ISSUER, exp: time / 1000 + 600, ...claims })
      .setProtectedHeader({ alg: by.alg, kid: by.kid })
      .sign(by.privateKey);
  const authenticator = (more: Partial<JwksOptions> = {}): Authenticator =>
    createAuthenticator({
      mode: 'on',
      clock,
      jwks: { issuer: ISSUER, audience: 'quotebridge', jwksUri, ...more },
    });
  const as = async (who: Authenticator, bearer: string): Promise<Principal> =>
    who.authenticate({ authorization: `Bearer ${bearer}` });
  const refusalOf = async (work: () => unknown): Promise<Refusal> => {
    try {
      await work();
    } catch (thrown) {
      if (thrown instanceof Refusal) return thrown;
      throw thrown;
    }
    throw new Error('nothing was refused');
  };

  beforeAll(async () => {
    for (const alg of ['RS256', 'ES256', 'EdDSA', 'RS512', 'PS256'])
      signers[alg] = await signer(alg, `key-${alg}`);
    server = createServer((_request, response) => {
      fetches += 1;
      if (!answering) response.writeHead(503).end();
      else response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    jwksUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  });
  beforeEach(async () => {
    time = START;
    fetches = 0;
    answering = true;
    keys = await Promise.all(Object.values(signers).map(published));
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  it.each(['RS256', 'ES256', 'EdDSA'])('a token signed with %s is accepted', async (alg) => {
    const principal = await as(authenticator(), await token({}, signers[alg]));
    expect(principal).toMatchObject({ id: 'u-1', kind: 'user' });
  });

  const hours = (n: number): number => START / 1000 + n * 3600;
  it.each<[string, JWTPayload, RegExp]>([
    ['an expired token', { exp: hours(-1) }, /expired/],
    ['a token from the future', { nbf: hours(1), exp: hours(2) }, /not valid yet/],
    ['a token for another audience', { aud: 'billing' }, /another audience/],
    ['a token without an audience', { aud: [] }, /another audience/],
    ['a token of another issuer', { iss: 'https://evil.example.test/' }, /another issuer/],
    ['a token with a nearly equal issuer', { iss: ISSUER.slice(0, -1) }, /another issuer/],
    ['a token without an expiry', { exp: undefined as never }, /lacks a required claim/],
    ['a token without a subject', { sub: undefined as never }, /lacks a required claim/],
  ])('%s is refused with the reason', async (_what, claims, reason) => {
    const refusal = await refusalOf(async () => as(authenticator(), await token(claims)));
    expect(refusal).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(refusal.message).toMatch(reason);
    expect(refusal.headers['WWW-Authenticate']).toContain('error="invalid_token"');
  });

  it.each(['RS512', 'PS256'])(
    'a good signature with %s is refused: the algorithm is not on the list',
    async (alg) => {
      expect(
        (await refusalOf(async () => as(authenticator(), await token({}, signers[alg])))).message,
      ).toMatch(/RS256/);
    },
  );

  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { sub: 'u-1', aud: 'quotebridge', iss: ISSUER, exp: START / 1000 + 600, scope: '*:*' };

  it.each(['none', 'None', 'NONE'])('an unsigned token with alg %s is refused', async (alg) => {
    const unsigned = `${encode({ alg, kid: 'key-RS256' })}.${encode(claims)}.`;
    expect(await refusalOf(() => as(authenticator(), unsigned))).toMatchObject({ status: 401 });
  });

  it('a token signed with the public key as a shared secret is refused', async () => {
    const { publicKey } = signers['RS256'] as Signer;
    const body = `${encode({ alg: 'HS256', kid: 'key-RS256' })}.${encode(claims)}`;
    const forged = `${body}.${createHmac('sha256', await exportSPKI(publicKey))
      .update(body)
      .digest('base64url')}`;
    expect((await refusalOf(() => as(authenticator(), forged))).message).toMatch(/RS256/);
  });

  it('a token that brings its own key is refused', async () => {
    const own = await signer('RS256', 'own');
    const forged = await new SignJWT(claims)
      .setProtectedHeader({
        alg: 'RS256',
        kid: 'key-RS256',
        jwk: await exportJWK(own.publicKey),
        jku: jwksUri,
      })
      .sign(own.privateKey);
    expect((await refusalOf(() => as(authenticator(), forged))).message).toMatch(/does not verify/);
  });

  it('changed claims are refused', async () => {
    const [head, , signature] = (await token()).split('.');
    const changed = `${head}.${encode({ ...claims, sub: 'admin' })}.${signature}`;
    expect((await refusalOf(() => as(authenticator(), changed))).message).toMatch(/does not verify/);
  });

  it.each(['x', 'a.b.c', '..', `${'x'.repeat(9_000)}`, 'a.b.c.d.e'])(
    '"%.10s" is refused and never repeated',
    async (text) => {
      const refusal = await refusalOf(() => as(authenticator(), text));
      expect(refusal.status).toBe(401);
      if (text.length > 3) expect(refusal.message).not.toContain(text);
    },
  );

  it('clocks may differ by half a minute and no more', async () => {
    const bearer = await token({ exp: START / 1000 });
    time = START + 29_000;
    expect((await as(authenticator(), bearer)).id).toBe('u-1');
    time = START + 31_000;
    expect((await refusalOf(() => as(authenticator(), bearer))).message).toMatch(/expired/);
  });

  it('a verified token answers at once until it expires, even when it was remembered', async () => {
    const who = authenticator();
    const bearer = await token({ exp: START / 1000 + 60 });
    const first = await as(who, bearer);
    expect(who.authenticate({ authorization: `Bearer ${bearer}` })).toBe(first);
    time = START + 91_000;
    expect((await refusalOf(() => as(who, bearer))).message).toMatch(/expired/);
  });

  it('scopes come from the token’s scope words and from its roles', async () => {
    const bearer = await token({ scope: 'openid quote:read', realm_access: { roles: ['sales', 'unknown'] } });
    const principal = await as(authenticator({ rolesClaim: 'realm_access.roles' }), bearer);
    expect(allows(principal, 'quote', 'read')).toBe(true);
    expect(allows(principal, 'productOrder', 'write')).toBe(true);
    expect(allows(principal, 'productOffering', 'write')).toBe(false);
  });

  it('the roles held are those of the claim, also those that bring no scopes', async () => {
    const principal = await as(authenticator(), await token({ roles: ['sales', 'sales-manager'] }));
    expect(holdsRole(principal, 'sales-manager')).toBe(true);
    expect(holdsRole(principal, 'management')).toBe(false);
    expect(
      holdsRole(await as(authenticator(), await token({ scope: 'sales-manager' })), 'sales-manager'),
    ).toBe(false);
  });

  it('a client acting for itself is a service', async () => {
    expect(await as(authenticator(), await token({ sub: 'erp-sync', client_id: 'erp-sync' }))).toMatchObject({
      id: 'erp-sync',
      kind: 'service',
    });
  });

  it('a new key of the issuer is found without a restart', async () => {
    const who = authenticator();
    await as(who, await token());
    const next = await signer('ES256', 'next');
    keys = [...keys, await published(next)];
    time += MINUTE;
    expect((await as(who, await token({}, next))).id).toBe('u-1');
    expect(fetches).toBe(2);
  });

  it('however many unknown keys are tried, the issuer is asked once per cool-down', async () => {
    const who = authenticator();
    await as(who, await token());
    const strangers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => signer('EdDSA', `stranger-${n}`)),
    );
    const tryAll = async (): Promise<void> => {
      for (const stranger of strangers) {
        const bearer = await token({}, stranger);
        expect((await refusalOf(() => as(who, bearer))).message).toMatch(/does not publish/);
      }
    };
    await tryAll();
    expect(fetches).toBe(1);
    time += MINUTE;
    await tryAll();
    expect(fetches).toBe(2);
  });

  it('without the issuer a service that knows its keys goes on, for an hour', async () => {
    const who = authenticator({ maxReuseMs: 0 });
    await as(who, await token());
    answering = false;
    time = START + 59 * MINUTE;
    expect((await as(who, await token())).id).toBe('u-1');
    time = START + 61 * MINUTE;
    expect(await refusalOf(async () => as(who, await token()))).toMatchObject({
      status: 503,
      headers: { 'Retry-After': '5' },
    });
    answering = true;
    time += 6_000;
    expect((await as(who, await token())).id).toBe('u-1');
  });

  it('an issuer that never answered gives 503, not 401', async () => {
    answering = false;
    expect(await refusalOf(async () => as(authenticator(), await token()))).toMatchObject({ status: 503 });
  });

  it('a key that is not known while the issuer is away gives 503: it may be a new one', async () => {
    const who = authenticator();
    await as(who, await token());
    const next = await signer('ES256', 'next');
    keys = [...keys, await published(next)];
    answering = false;
    time += MINUTE;
    const bearer = await token({}, next);
    const twice = [await refusalOf(() => as(who, bearer)), await refusalOf(() => as(who, bearer))];
    expect(twice).toMatchObject([{ status: 503 }, { status: 503 }]);
    answering = true;
    time += 6_000;
    expect((await as(who, bearer)).id).toBe('u-1');
  });

  it('a token that does not name its key is tried with each of the issuer, old and new', async () => {
    const [old, next, stranger] = await Promise.all(['a', 'b', 'c'].map((kid) => signer('RS256', kid)));
    const unnamed = async (by: Signer | undefined): Promise<JWK> => {
      const { kid: _kid, ...key } = await published(by as Signer);
      return key;
    };
    keys = [await unnamed(old), await unnamed(next)];
    const who = authenticator();
    const bearer = (by: Signer | undefined, claims: JWTPayload = {}): Promise<string> =>
      new SignJWT({ sub: 'u-1', aud: 'quotebridge', iss: ISSUER, exp: time / 1000 + 600, ...claims })
        .setProtectedHeader({ alg: 'RS256' })
        .sign((by as Signer).privateKey);
    for (const by of [old, next]) expect((await as(who, await bearer(by))).id).toBe('u-1');
    expect((await refusalOf(async () => as(who, await bearer(stranger)))).message).toMatch(/does not verify/);
    const late = await refusalOf(async () => as(who, await bearer(next, { exp: START / 1000 - 3600 })));
    expect(late.message).toMatch(/expired/);
  });

  it('keys over plain http from another machine are refused at start', () => {
    expect(() => authenticator({ jwksUri: 'http://login.example.test/keys' })).toThrow(/must use https/);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['no credential', {}, /Send a bearer token/],
    ['two credentials', { authorization: 'Bearer x', 'x-api-key': 'y' }, /Send one credential/],
    ['another scheme', { authorization: 'Basic dTpw' }, /scheme Bearer or ApiKey/],
    ['a bare word', { authorization: 'Bearer' }, /scheme Bearer or ApiKey/],
    ['an API key where none are taken', { 'x-api-key': 'y' }, /takes no API keys/],
  ])('%s: 401 says what to send', async (_what, headers, message) => {
    const refusal = await refusalOf(() => authenticator().authenticate(headers));
    expect(refusal.status).toBe(401);
    expect(refusal.message).toMatch(message);
    expect(refusal.headers['WWW-Authenticate']).toMatch(
      /^Bearer realm="quotebridge".*ApiKey realm="quotebridge"$/,
    );
  });
});

describe('access control switched off', () => {
  it.each(['127.0.0.1', '::1', 'localhost', '127.1.2.3'])('is possible on %s', async (host) => {
    const principal = await createAuthenticator({ mode: 'off', host }).authenticate({}, '::ffff:127.0.0.1');
    expect(principal.kind).toBe('anonymous');
    expect(allows(principal, 'quote', 'admin')).toBe(true);
  });

  it.each(['0.0.0.0', '::', '', '10.0.0.5', '127.evil.test', '192.168.127.1'])(
    'is refused on "%s"',
    (host) => {
      expect(() => createAuthenticator({ mode: 'off', host })).toThrow(/Access control is off but/);
    },
  );

  it('still refuses a caller from another machine', () => {
    const who = createAuthenticator({ mode: 'off', host: '127.0.0.1' });
    expect(() => who.authenticate({}, '10.0.0.9')).toThrow(expect.objectContaining({ status: 403 }));
  });

  it('on, but with nothing to check against, is refused at start', () => {
    expect(() => createAuthenticator({ mode: 'on' })).toThrow(/neither a token issuer/);
  });
});
