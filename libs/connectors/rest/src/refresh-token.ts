import { TokenCache, type AccessTokens, type Notes } from '@quotebridge/connectors/sdk';
import { isJsonObject, type Clock } from '@quotebridge/platform/core';
import {
  classifyHttp,
  HttpClient,
  replyJson,
  type Classifier,
  type Inject,
  type OutboundPolicy,
} from '@quotebridge/platform/resilience';

interface RefreshTokenOptions {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The first refresh token; a server may replace it with every answer. */
  readonly refreshToken: string;
  readonly scope?: string;
  readonly send: 'basic' | 'form';
  readonly policy: OutboundPolicy;
  readonly clock: Clock;
  readonly notes: Notes;
  readonly inject?: Inject;
}

// A refused refresh token is a matter of the credential, not of the record on its way.
const classify: Classifier = (exchange) => {
  const decision = classifyHttp(exchange);
  return decision.kind === 'reject'
    ? {
        kind: 'fail',
        reason: `the refresh token was refused (${decision.reason}); a person must sign in again`,
      }
    : decision;
};

const KEY = 'current';

/**
 * Access tokens by the refresh token grant (RFC 6749, 6). A server that rotates refresh tokens takes each only once, so
 * the newest is kept in the notes of the instance, for the next start and for other replicas.
 */
export const refreshTokens = (options: RefreshTokenOptions): AccessTokens => {
  const { policy, clock, notes, inject, scope } = options;
  const { origin, pathname, search } = new URL(options.tokenUrl);
  const http = new HttpClient({
    policy,
    clock,
    classify,
    baseUrl: origin,
    ...(inject === undefined ? {} : { inject }),
  });
  const basic = Buffer.from(`${options.clientId}:${options.clientSecret}`).toString('base64');
  const cache = new TokenCache(async () => {
    const kept = await notes.get('refreshToken', KEY);
    // A person who gives a new first token wants that one used.
    const isKept = kept?.['first'] === options.refreshToken && typeof kept['token'] === 'string';
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: isKept ? String(kept['token']) : options.refreshToken,
      ...(scope === undefined ? {} : { scope }),
      ...(options.send === 'form'
        ? { client_id: options.clientId, client_secret: options.clientSecret }
        : {}),
    });
    const reply = await http.call({
      method: 'POST',
      path: `${pathname}${search}`,
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        ...(options.send === 'basic' ? { authorization: `Basic ${basic}` } : {}),
      },
      body: form.toString(),
    });
    const answer = replyJson(reply);
    const value = isJsonObject(answer) ? answer['access_token'] : undefined;
    if (!isJsonObject(answer) || typeof value !== 'string' || value === '')
      throw new Error('The token endpoint answered without an access_token');
    const rotated = answer['refresh_token'];
    if (typeof rotated === 'string' && rotated !== '')
      await notes.put('refreshToken', [{ key: KEY, value: { first: options.refreshToken, token: rotated } }]);
    const seconds = Number(answer['expires_in']);
    return { value, ...(seconds > 0 ? { expiresAtMs: clock.now() + seconds * 1000 } : {}) };
  }, clock);
  return {
    get: () => cache.get(),
    invalidate: (refused) => cache.invalidate(refused),
    close: () => http.close(),
  };
};
