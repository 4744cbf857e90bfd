import { errors, type JWTPayload } from 'jose';
import type { Clock } from '@quotebridge/platform/core';
import { unauthenticated, type ChallengeReason } from './challenge';
import { issuerKeys, type IssuerKeysOptions } from './issuer-keys';
import type { Checked } from './principal-cache';
import type { Principal } from './principal';
import { scopesOf, type Roles } from './roles';
import { verifyToken } from './verify-token';

/** Which bearer tokens are trusted. */
export interface JwksOptions extends IssuerKeysOptions {
  /** The `iss` a token must have, to the letter. */
  readonly issuer: string;
  /** One of these must be in the token's `aud`. */
  readonly audience: string | readonly string[];
  /** Claim that lists role names: a claim's name, or a path such as `realm_access.roles`. Default `roles`. */
  readonly rolesClaim?: string;
  /** How far clocks may differ, in seconds. Default 30. */
  readonly clockToleranceSeconds?: number;
  /** Longest time a verified token is reused without another look at it, in milliseconds. Default 5 minutes. */
  readonly maxReuseMs?: number;
  /** Allows a plain http `jwksUri` to another machine. Only for closed test networks. */
  readonly allowHttp?: boolean;
}

// Asymmetric only: with a shared-secret algorithm everyone who can verify could also sign.
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];

const CLAIM_REASONS: Readonly<Record<string, ChallengeReason>> = {
  iss: 'issuer',
  aud: 'audience',
  nbf: 'early',
};

/** Why a token was not accepted, or undefined when the error is not about the token. */
const reasonOf = (thrown: unknown): ChallengeReason | undefined => {
  if (thrown instanceof errors.JWTExpired) return 'expired';
  if (thrown instanceof errors.JWTClaimValidationFailed) return CLAIM_REASONS[thrown.claim] ?? 'claims';
  if (thrown instanceof errors.JOSEAlgNotAllowed) return 'algorithm';
  if (thrown instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (thrown instanceof errors.JWKSNoMatchingKey || thrown instanceof errors.JWKSMultipleMatchingKeys)
    return 'key';
  return thrown instanceof errors.JOSEError || thrown instanceof TypeError ? 'malformed' : undefined;
};

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const namesOf = (value: unknown): string[] => {
  if (typeof value === 'string') return value.split(' ').filter((word) => word !== '');
  return Array.isArray(value) ? value.filter((word): word is string => typeof word === 'string') : [];
};

/** The value of a claim by name, or by path when no claim has that very name. */
const claimAt = (claims: JWTPayload, path: string): unknown =>
  Object.hasOwn(claims, path)
    ? claims[path]
    : path
        .split('.')
        .reduce<unknown>(
          (at, step) =>
            typeof at === 'object' && at !== null && Object.hasOwn(at, step)
              ? (at as Record<string, unknown>)[step]
              : undefined,
          claims,
        );

/**
 * Who a verified token speaks for. Scopes come from `scope` (RFC 8693, 4.2) or `scp`, and from the roles it lists.
 * A token whose subject is its own client is a service (RFC 9068, 2.2).
 */
export const principalOfClaims = (claims: JWTPayload, roles: Roles, rolesClaim: string): Principal => {
  const client = textOf(claims['client_id']) ?? textOf(claims['azp']);
  const id = textOf(claims.sub) ?? client;
  if (id === undefined) throw unauthenticated('claims');
  const held = namesOf(claimAt(claims, rolesClaim));
  return {
    id,
    name: textOf(claims['preferred_username']) ?? textOf(claims['name']) ?? id,
    kind: id === client ? 'service' : 'user',
    scopes: new Set([...namesOf(claims['scope']), ...namesOf(claims['scp']), ...scopesOf(roles, held)]),
    roles: new Set(held),
  };
};

const refuseUnsafeUri = (uri: string, allowHttp: boolean): void => {
  const { protocol, hostname } = new URL(uri);
  const loopback = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  if (protocol === 'https:' || (protocol === 'http:' && (loopback || allowHttp))) return;
  throw new Error(
    `The JWKS address must use https (it has ${protocol}//${hostname}), or its keys could be replaced.`,
  );
};

/** Checks bearer tokens (JWT, RFC 7519) against the issuer's published keys. Rejects with 401, or 503 without keys. */
export const bearerVerifier = (
  options: JwksOptions,
  roles: Roles,
  clock: Clock,
): ((token: string) => Promise<Checked>) => {
  refuseUnsafeUri(options.jwksUri, options.allowHttp ?? false);
  const { rolesClaim = 'roles', clockToleranceSeconds = 30, maxReuseMs = 300_000 } = options;
  const keys = issuerKeys(options, clock);
  const audience = typeof options.audience === 'string' ? options.audience : [...options.audience];
  return async (token) => {
    try {
      const { payload } = await verifyToken(token, keys, {
        issuer: options.issuer,
        audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp'],
        clockTolerance: clockToleranceSeconds,
        currentDate: new Date(clock.now()),
      });
      const expires = ((payload.exp ?? 0) + clockToleranceSeconds) * 1000;
      return {
        principal: principalOfClaims(payload, roles, rolesClaim),
        until: Math.min(expires, clock.now() + maxReuseMs),
      };
    } catch (thrown) {
      const reason = reasonOf(thrown);
      throw reason === undefined ? thrown : unauthenticated(reason);
    }
  };
};
