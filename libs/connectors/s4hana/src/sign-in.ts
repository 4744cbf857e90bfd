import { isJsonObject } from '@quotebridge/platform/core';
import { HttpClient, replyJson, type HttpClientOptions } from '@quotebridge/platform/resilience';
import { TokenCache, type Token } from '@quotebridge/connectors/sdk';
import type { S4Settings } from './settings';

/** Puts the user or the access token on a call. */
export interface SignIn {
  header(): Promise<string>;
  invalidate(refusedHeader: string): void;
  close(): Promise<void>;
}

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

type Shared = Pick<HttpClientOptions, 'policy' | 'inject'> & Required<Pick<HttpClientOptions, 'clock'>>;

/** The way to sign in that the settings chose: HTTP Basic, or OAuth 2.0 client credentials (RFC 6749, 4.4). */
export const signInFor = (
  { auth }: S4Settings,
  secrets: Readonly<Record<string, string>>,
  shared: Shared,
): SignIn => {
  if (auth.kind === 'basic') {
    const value = basic(auth.user, secrets['password'] ?? '');
    return { header: async () => value, invalidate: () => undefined, close: async () => undefined };
  }
  const { origin, pathname, search } = new URL(auth.tokenUrl);
  const http = new HttpClient({ ...shared, baseUrl: origin });
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (auth.scope !== undefined) form.set('scope', auth.scope);
  const fetchToken = async (): Promise<Token> => {
    const reply = await http.call({
      method: 'POST',
      path: `${pathname}${search}`,
      idempotent: true,
      headers: {
        authorization: basic(auth.clientId, secrets['clientSecret'] ?? ''),
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: form.toString(),
    });
    const body = replyJson(reply);
    const value = isJsonObject(body) ? body['access_token'] : undefined;
    const seconds = isJsonObject(body) ? Number(body['expires_in']) : NaN;
    if (typeof value !== 'string') throw new Error('The token endpoint answered without an access_token');
    return Number.isFinite(seconds) ? { value, expiresAtMs: shared.clock.now() + seconds * 1000 } : { value };
  };
  const cache = new TokenCache(fetchToken, shared.clock);
  return {
    header: async () => `Bearer ${await cache.get()}`,
    invalidate: (refused) => cache.invalidate(refused.replace(/^Bearer /, '')),
    close: () => http.close(),
  };
};
