import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '@quotebridge/platform/core';
import { cannotCheck } from './challenge';

/** How the issuer's public keys are fetched and kept; times in milliseconds. */
export interface IssuerKeysOptions {
  readonly jwksUri: string;
  /** Keys older than this are fetched again in the background. Default 10 minutes. */
  readonly freshMs?: number;
  /** Keys older than this are no longer used when the issuer cannot be reached. Default 1 hour. */
  readonly staleMs?: number;
  /** At most one fetch in this time, however many unknown keys are asked for. Default 30 seconds. */
  readonly cooldownMs?: number;
  readonly timeoutMs?: number;
}

const MAX_BYTES = 256 * 1024;
const FAILURE_COOLDOWN_MS = 5_000;

/** Reads and checks the key set document (RFC 7517, 5). */
const fetchKeySet = async (uri: string, timeoutMs: number): Promise<JSONWebKeySet> => {
  const response = await fetch(uri, {
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    headers: { accept: 'application/jwk-set+json, application/json' },
  });
  if (!response.ok) throw new Error(`the issuer's key set answered with status ${response.status}`);
  const text = await response.text();
  if (text.length > MAX_BYTES) throw new Error(`the issuer's key set is larger than ${MAX_BYTES} bytes`);
  return JSON.parse(text) as JSONWebKeySet;
};

/**
 * The issuer's published keys (JWKS). Known keys answer without a network call, an unknown `kid` leads to one fetch
 * per cool-down, and an issuer that is away for a while does not stop a service that knows its keys; whether it has
 * the key that it does not know cannot be said then (503).
 */
export const issuerKeys = (options: IssuerKeysOptions, clock: Clock): JWTVerifyGetKey => {
  const { freshMs = 600_000, staleMs = 3_600_000, cooldownMs = 30_000, timeoutMs = 5_000 } = options;
  let keys: JWTVerifyGetKey | undefined;
  let fetchedAt = -Infinity;
  let triedAt = -Infinity;
  let failure: unknown;
  let fetching: Promise<void> | undefined;

  const refresh = (): Promise<void> => {
    triedAt = clock.now();
    fetching ??= fetchKeySet(options.jwksUri, timeoutMs)
      .then((set) => {
        keys = createLocalJWKSet(set);
        fetchedAt = clock.now();
        failure = undefined;
      })
      .catch((thrown: unknown) => {
        failure = thrown;
      })
      .finally(() => {
        fetching = undefined;
      });
    return fetching;
  };
  const mayTry = (): boolean => {
    const wait = failure === undefined ? cooldownMs : Math.min(cooldownMs, FAILURE_COOLDOWN_MS);
    return fetching !== undefined || clock.now() - triedAt >= wait;
  };
  const usable = (): JWTVerifyGetKey => {
    if (keys === undefined || clock.now() - fetchedAt >= staleMs)
      throw cannotCheck('The token issuer', failure);
    return keys;
  };

  return async (header, token) => {
    const age = clock.now() - fetchedAt;
    if (age >= freshMs && mayTry()) {
      const refreshed = refresh();
      if (age >= staleMs) await refreshed;
    } else if (fetching !== undefined && age >= staleMs) await fetching;
    try {
      return await usable()(header, token);
    } catch (thrown) {
      if (!(thrown instanceof errors.JWKSNoMatchingKey)) throw thrown;
      if (mayTry()) await refresh();
      // The issuer may have published the key since: without it nobody can say that the token is wrong.
      if (failure !== undefined) throw cannotCheck('The token issuer', failure);
      return usable()(header, token);
    }
  };
};
