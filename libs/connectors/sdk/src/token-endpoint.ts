import { isJsonObject, type Clock, type JsonObject } from '@quotebridge/platform/core';
import {
  classifyHttp,
  HttpClient,
  replyJson,
  type Classifier,
  type Inject,
  type OutboundPolicy,
} from '@quotebridge/platform/resilience';
import type { Token } from './token-cache';

/** An OAuth 2.0 client and where it gets its tokens (RFC 6749). */
export interface TokenEndpointOptions {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string;
  /** Where the client's id and secret go: HTTP Basic or the form. */
  readonly send: 'basic' | 'form';
  readonly policy: OutboundPolicy;
  readonly clock: Clock;
  readonly inject?: Inject;
}

/** What a token endpoint gave: the token, and all of its answer. */
export interface TokenAnswer {
  readonly token: Token;
  readonly answer: JsonObject;
}

/** How a token endpoint is asked. */
export interface TokenAsk {
  readonly form: Readonly<Record<string, string>>;
  /** A second token does no harm. */
  readonly idempotent: boolean;
}

/** What is special about one way to get tokens. */
export interface TokenRules {
  /** What to say when the endpoint refuses; `reason` is how it did. */
  refused(reason: string): string;
  /** Why the token of an answer is not to be used, if so. */
  unfit?(answer: JsonObject): string | undefined;
}

/** Asks a token endpoint. */
export interface TokenEndpoint {
  ask(ask: TokenAsk): Promise<TokenAnswer>;
  close(): Promise<void>;
}

const tokenIn = (answer: unknown): answer is JsonObject & { readonly access_token: string } =>
  isJsonObject(answer) && typeof answer['access_token'] === 'string' && answer['access_token'] !== '';

/**
 * What an answer of a token endpoint means. A refusal is a matter of the credential, not of the record that happens to be on
 * its way, which therefore waits; so is an answer without a token, such as the page of a proxy.
 */
const classifier =
  ({ refused, unfit }: TokenRules): Classifier =>
  (exchange) => {
    const decision = classifyHttp(exchange);
    if (decision.kind === 'retryAfter' || exchange.reply === undefined) return decision;
    if (decision.kind !== 'succeed') {
      const reason = 'reason' in decision ? decision.reason : '';
      return { kind: 'refreshToken', token: 'access', reason: refused(reason) };
    }
    const answer = replyJson(exchange.reply);
    if (!tokenIn(answer))
      return { kind: 'retryAfter', reason: 'the token endpoint answered without an access_token' };
    const reason = unfit?.(answer);
    return reason === undefined ? decision : { kind: 'refreshToken', token: 'access', reason };
  };

/** A client of a token endpoint. Asking throws `CallFailed`. */
export const tokenEndpoint = (options: TokenEndpointOptions, rules: TokenRules): TokenEndpoint => {
  const { policy, clock, inject, clientId, clientSecret, scope, send } = options;
  const { origin, pathname, search } = new URL(options.tokenUrl);
  const http = new HttpClient({
    policy,
    clock,
    classify: classifier(rules),
    baseUrl: origin,
    ...(inject === undefined ? {} : { inject }),
  });
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  return {
    ask: async ({ form, idempotent }) => {
      const body = new URLSearchParams({
        ...form,
        ...(scope === undefined ? {} : { scope }),
        ...(send === 'form' ? { client_id: clientId, client_secret: clientSecret } : {}),
      });
      const reply = await http.call({
        method: 'POST',
        path: `${pathname}${search}`,
        idempotent,
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
          ...(send === 'basic' ? { authorization: `Basic ${basic}` } : {}),
        },
        body: body.toString(),
      });
      const answer = replyJson(reply);
      if (!tokenIn(answer)) throw new Error('The token endpoint answered without an access_token');
      const seconds = Number(answer['expires_in']);
      const ends = Number.isFinite(seconds) && seconds > 0;
      return {
        answer,
        token: {
          value: answer.access_token,
          ...(ends ? { expiresAtMs: clock.now() + seconds * 1000 } : {}),
        },
      };
    },
    close: () => http.close(),
  };
};
