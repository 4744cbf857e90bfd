import { Refusal, systemClock, type Clock } from '@quotebridge/platform/core';
import type { ApiKeyStore } from './api-key-store';
import { apiKeyVerifier } from './api-key-verifier';
import { bearerVerifier, type JwksOptions } from './bearer';
import { unauthenticated, type ChallengeReason } from './challenge';
import { credentialOf, digestOf, type Credential, type RequestHeaders } from './credential';
import { isLoopback } from './loopback';
import { LOCAL_PRINCIPAL, type Principal } from './principal';
import { PrincipalCache, type Checked } from './principal-cache';
import { checkedRoles, DEFAULT_ROLES, type Roles } from './roles';

/** Settings of {@link createAuthenticator}. */
export type AuthenticatorOptions =
  | {
      readonly mode: 'off';
      /** The address the server binds to; anything but loopback is refused. */
      readonly host: string;
    }
  | {
      readonly mode: 'on';
      readonly jwks?: JwksOptions;
      readonly apiKeys?: ApiKeyStore;
      readonly roles?: Roles;
      /** How long a checked API key is reused, which is how long a revoked one may still work. Default 5 seconds. */
      readonly apiKeyReuseMs?: number;
      readonly clock?: Clock;
    };

/** Finds out who makes a request. */
export interface Authenticator {
  /**
   * The principal at once when the credential was checked a moment ago, else a promise of it. Throws or rejects
   * with a {@link Refusal} 401 (with `WWW-Authenticate`), or 503 when credentials cannot be checked now.
   */
  authenticate(headers: RequestHeaders, remoteAddress?: string): Principal | Promise<Principal>;
}

type Verifiers = Readonly<Record<Credential['scheme'], ((value: string) => Promise<Checked>) | undefined>>;

const SWITCHED_OFF: Readonly<Record<Credential['scheme'], ChallengeReason>> = {
  bearer: 'bearerOff',
  apiKey: 'apiKeyOff',
};

const openOnLoopback = (host: string): Authenticator => {
  if (!isLoopback(host)) {
    throw new Error(
      `Access control is off but the server would listen on ${host}. Bind to 127.0.0.1, or switch access control on.`,
    );
  }
  return {
    authenticate: (_headers, remoteAddress) => {
      if (remoteAddress === undefined || isLoopback(remoteAddress)) return LOCAL_PRINCIPAL;
      throw new Refusal(403, 'loopbackOnly', 'Access control is off, so only this machine may connect.');
    },
  };
};

/**
 * Access control of a service: bearer tokens by JWKS, API keys, or (on loopback only) none. Throws at once when the
 * settings would leave the service open by mistake or closed to everyone.
 */
export const createAuthenticator = (options: AuthenticatorOptions): Authenticator => {
  if (options.mode === 'off') return openOnLoopback(options.host);
  const { jwks, apiKeys, clock = systemClock, apiKeyReuseMs = 5_000 } = options;
  if (jwks === undefined && apiKeys === undefined) {
    throw new Error('Access control is on but neither a token issuer (JWKS) nor a store of API keys is set.');
  }
  const roles = checkedRoles(options.roles ?? DEFAULT_ROLES);
  const verifiers: Verifiers = {
    bearer: jwks && bearerVerifier(jwks, roles, clock),
    apiKey: apiKeys && apiKeyVerifier(apiKeys, roles, clock, apiKeyReuseMs),
  };
  const cache = new PrincipalCache(clock);
  return {
    authenticate: (headers) => {
      const credential = credentialOf(headers);
      const verify = verifiers[credential.scheme];
      if (verify === undefined) throw unauthenticated(SWITCHED_OFF[credential.scheme]);
      const digest = digestOf(credential);
      return cache.get(digest) ?? cache.load(digest, () => verify(credential.value));
    },
  };
};
