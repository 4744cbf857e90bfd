import { Refusal } from '@quotebridge/platform/core';

/** Why a credential was not accepted; the texts never repeat any part of it. */
const REASONS = {
  missing:
    'Send a bearer token (Authorization: Bearer …) or an API key (X-API-Key, or Authorization: ApiKey …).',
  scheme: 'The Authorization header must use the scheme Bearer or ApiKey.',
  several: 'Send one credential: either Authorization or X-API-Key, not both.',
  malformed: 'The bearer token is not a signed JWT.',
  algorithm: 'The bearer token must be signed with RS256, ES256 or EdDSA.',
  signature: 'The signature of the bearer token does not verify.',
  key: 'The bearer token is signed by a key that its issuer does not publish.',
  expired: 'The bearer token has expired. Get a new one.',
  early: 'The bearer token is not valid yet. Check the clock of the machine that issued it.',
  issuer: 'The bearer token comes from another issuer than this service trusts.',
  audience: 'The bearer token is meant for another audience.',
  claims: 'The bearer token lacks a required claim: exp, and one of sub, client_id or azp.',
  bearerOff: 'This service takes no bearer tokens. Use an API key.',
  apiKey: 'The API key is unknown, expired or revoked.',
  apiKeyOff: 'This service takes no API keys. Use a bearer token.',
} as const;

/** Key of a reason a 401 can have. */
export type ChallengeReason = keyof typeof REASONS;

/** The 401 with its `WWW-Authenticate` (RFC 6750, 3; RFC 9110, 11.6.1). */
export const unauthenticated = (reason: ChallengeReason): Refusal => {
  // RFC 6750, 3.1: no error code when the request carried no credential at all.
  const error = reason === 'missing' ? '' : ', error="invalid_token"';
  return new Refusal(401, 'unauthenticated', REASONS[reason], {
    headers: { 'WWW-Authenticate': `Bearer realm="quotebridge"${error}, ApiKey realm="quotebridge"` },
  });
};

/** The 503 for when credentials cannot be checked at the moment, so that nobody throws a good one away. */
export const cannotCheck = (what: string, cause: unknown): Refusal =>
  new Refusal(
    503,
    'credentialCheckUnavailable',
    `${what} cannot be reached to check the credential. Retry shortly.`,
    {
      headers: { 'Retry-After': '5' },
      cause,
    },
  );
