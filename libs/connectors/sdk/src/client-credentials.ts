import { isJsonObject, type Clock } from '@quotebridge/platform/core';
import {
  classifyHttp,
  HttpClient,
  replyJson,
  type Classifier,
  type HttpReply,
  type Inject,
  type OutboundPolicy,
} from '@quotebridge/platform/resilience';
import { TokenCache, type Token } from './token-cache';

/** An OAuth 2.0 client and where it gets its tokens (RFC 6749, 4.4). */
export interface ClientCredentialsOptions {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string;
  /** Where the client's id and secret go: HTTP Basic or the form. */
  readonly send: 'basic' | 'form';
  readonly policy: OutboundPolicy;
  readonly clock: Clock;
  readonly inject?: Inject;
  /** Looks at the whole answer before the token is used; throws to refuse it. */
  readonly accept?: (answer: Readonly<Record<string, unknown>>) => void;
}

/** A kept access token. */
export interface AccessTokens {
  get(): Promise<string>;
  invalidate(refused: string): void;
  close(): Promise<void>;
}

// A refused client is a matter of the credential, not of the record that happens to be on its way.
const classify: Classifier = (exchange) => {
  const decision = classifyHttp(exchange);
  if (decision.kind !== 'reject') return decision;
  return { kind: 'refreshToken', token: 'access', reason: `the client was refused (${decision.reason})` };
};

const readToken = (reply: HttpReply, clock: Clock, accept: ClientCredentialsOptions['accept']): Token => {
  const answer = replyJson(reply);
  const value = isJsonObject(answer) ? answer['access_token'] : undefined;
  if (!isJsonObject(answer) || typeof value !== 'string' || value === '') {
    throw new Error('The token endpoint answered without an access_token');
  }
  accept?.(answer);
  const seconds = Number(answer['expires_in']);
  return Number.isFinite(seconds) && seconds > 0
    ? { value, expiresAtMs: clock.now() + seconds * 1000 }
    : { value };
};

/** Tokens by the client credentials grant: fetched when needed, shared, renewed before they end or when refused. */
export const clientCredentials = (options: ClientCredentialsOptions): AccessTokens => {
  const { policy, clock, inject, clientId, clientSecret, scope } = options;
  const { origin, pathname, search } = new URL(options.tokenUrl);
  const http = new HttpClient({
    policy,
    clock,
    classify,
    baseUrl: origin,
    ...(inject === undefined ? {} : { inject }),
  });
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scope !== undefined) form.set('scope', scope);
  if (options.send === 'form') {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  }
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const cache = new TokenCache(async () => {
    const reply = await http.call({
      method: 'POST',
      path: `${pathname}${search}`,
      // A second token does no harm.
      idempotent: true,
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        ...(options.send === 'basic' ? { authorization: `Basic ${basic}` } : {}),
      },
      body: form.toString(),
    });
    return readToken(reply, clock, options.accept);
  }, clock);
  return {
    get: () => cache.get(),
    invalidate: (refused) => cache.invalidate(refused),
    close: () => http.close(),
  };
};
