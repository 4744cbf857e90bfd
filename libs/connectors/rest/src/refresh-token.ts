import {
  isFresh,
  TokenCache,
  tokenEndpoint,
  type AccessTokens,
  type ConnectorContext,
  type Token,
  type TokenEndpointOptions,
} from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import { CallFailed } from '@quotebridge/platform/resilience';

interface RefreshTokenOptions extends TokenEndpointOptions, Pick<ConnectorContext, 'notes' | 'alone'> {
  /** The first refresh token; a server may replace it with every answer. */
  readonly refreshToken: string;
  readonly sleep?: (ms: number) => Promise<void>;
}

const KIND = 'refreshToken';
const KEY = 'current';
/** How often is looked whether another replica has got the token, and for how long. */
const LOOK_MS = 100;
const PATIENCE_MS = 45_000;

const realSleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What is noted: the newest refresh token and what it gave, under the first one that a person has set. */
interface Kept {
  readonly refresh: string;
  readonly access?: Token;
}

const accessIn = (note: JsonObject): Token | undefined => {
  const { access, expiresAtMs } = note;
  if (typeof access !== 'string') return undefined;
  return { value: access, ...(typeof expiresAtMs === 'number' ? { expiresAtMs } : {}) };
};

/**
 * Access tokens by the refresh token grant (RFC 6749, 6). A server that rotates refresh tokens takes each only once, and may
 * end the sign-in when one comes twice (RFC 9700, 4.14.2). So one replica asks at a time, and the others take what it got from
 * the notes of the instance.
 */
export const refreshTokens = (options: RefreshTokenOptions): AccessTokens => {
  const { clock, notes, alone, sleep = realSleep, refreshToken: first } = options;
  const endpoint = tokenEndpoint(options, {
    refused: (reason) => `the refresh token was refused (${reason}); a person must sign in again`,
  });
  let refused: string | undefined;
  /** An answer that could not be noted yet: a new refresh token that is lost ends the sign-in as well. */
  let due: { readonly used: string; readonly now: Kept } | undefined;

  const kept = async (): Promise<Kept> => {
    const note = await notes.get(KIND, KEY);
    // A person who gives a new first token wants that one used.
    if (note?.['first'] !== first || typeof note['token'] !== 'string') return { refresh: first };
    const access = accessIn(note);
    return { refresh: note['token'], ...(access === undefined ? {} : { access }) };
  };
  const note = async (): Promise<void> => {
    if (due === undefined) return;
    const { used, now } = due;
    // A newer one that somebody else has noted stays.
    if ((await kept()).refresh === used) {
      const { value: access, expiresAtMs } = now.access ?? {};
      const value = { first, token: now.refresh, access, expiresAtMs };
      await notes.put(KIND, [{ key: KEY, value }]);
    }
    due = undefined;
  };
  const usable = ({ access }: Kept): Token | undefined =>
    access !== undefined && access.value !== refused && isFresh(access, clock) ? access : undefined;

  const renewed = async (): Promise<Token> => {
    await note();
    const known = await kept();
    const there = usable(known);
    if (there !== undefined) return there;
    const { refresh } = known;
    const form = { grant_type: 'refresh_token', refresh_token: refresh };
    const { token, answer } = await endpoint.ask({ form, idempotent: false });
    const rotated = answer['refresh_token'];
    const isRotated = typeof rotated === 'string' && rotated !== '';
    due = { used: refresh, now: { refresh: isRotated ? rotated : refresh, access: token } };
    await note();
    return token;
  };

  const cache = new TokenCache(async () => {
    const until = clock.now() + PATIENCE_MS;
    for (;;) {
      const token = usable(await kept()) ?? (await alone(KIND, renewed));
      if (token !== undefined) return token;
      if (clock.now() >= until) {
        const reason = 'another replica has been getting the access token for too long';
        const fault = { message: reason, sent: false };
        const exchange = { method: 'POST', url: options.tokenUrl, fault, atMs: clock.now() };
        throw new CallFailed({ kind: 'retryAfter', reason }, exchange, false);
      }
      await sleep(LOOK_MS);
    }
  }, clock);
  return {
    get: () => cache.get(),
    invalidate: (token) => {
      refused = token;
      cache.invalidate(token);
    },
    close: () => endpoint.close(),
  };
};
