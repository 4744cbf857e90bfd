import * as fc from 'fast-check';
import { redactor } from './redact';
import { TokenCache } from './token-cache';

describe('redactor', () => {
  it('no secret of the instance is left in any text', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 4, maxLength: 30 }),
        fc.string(),
        fc.string(),
        (secret, before, after) => {
          fc.pre(!'***'.includes(secret.trim()) && !before.includes(secret) && !after.includes(secret));
          const clean = redactor({ password: secret })(
            `${before} ${secret} ${encodeURIComponent(secret)} ${after}`,
          );
          expect(clean).not.toContain(` ${secret} `);
        },
      ),
    );
  });

  it.each([
    ['Authorization: Bearer abcdef123456', 'abcdef123456'],
    ['authorization: Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
    ['grant_type=client_credentials&client_secret=hunter22', 'hunter22'],
    ['{"access_token":"tok-123456"}', 'tok-123456'],
    ['mongodb://joe:hunter22@host/db', 'hunter22'],
  ])('hides what looks like a credential in %s', (text, secret) => {
    expect(redactor({})(text)).not.toContain(secret);
  });

  it('leaves ordinary text as it is', () => {
    const text = 'HTTP 400 V1/801 Pricing error: mandatory condition PPR0 is missing for material SP-1001.';
    expect(redactor({ clientSecret: 'something-else' })(text)).toBe(text);
  });
});

describe('TokenCache', () => {
  it('callers that come together share one fetch, and a failed one is tried again', async () => {
    let fetched = 0;
    const cache = new TokenCache(
      async () => {
        fetched += 1;
        if (fetched === 1) throw new Error('down');
        return { value: `token-${fetched}` };
      },
      { now: () => 0 },
    );
    const first = await Promise.allSettled([cache.get(), cache.get()]);
    expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await Promise.all([cache.get(), cache.get(), cache.get()])).toEqual([
      'token-2',
      'token-2',
      'token-2',
    ]);
    expect(fetched).toBe(2);
  });

  it('a late refusal of an old token does not undo a renewal', async () => {
    let count = 0;
    const cache = new TokenCache(async () => ({ value: `token-${(count += 1)}` }), { now: () => 0 });
    const old = await cache.get();
    cache.invalidate(old);
    expect(await cache.get()).toBe('token-2');
    cache.invalidate(old);
    expect(await cache.get()).toBe('token-2');
  });

  it('a token is renewed before it ends', async () => {
    let now = 0;
    let count = 0;
    const cache = new TokenCache(
      async () => ({ value: `token-${(count += 1)}`, expiresAtMs: now + 60_000 }),
      { now: () => now },
    );
    await cache.get();
    now = 29_000;
    expect(await cache.get()).toBe('token-1');
    now = 31_000;
    expect(await cache.get()).toBe('token-2');
  });
});
