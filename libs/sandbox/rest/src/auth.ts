import { basicCredentials, bearerToken, sameSecret, Tokens } from '@quotebridge/sandbox/core';
import { Refusal, type Clock, type Ids } from '@quotebridge/platform/core';
import type { FastifyRequest } from 'fastify';

/** What a sandbox accepts. */
export interface RestCredentials {
  readonly user: string;
  readonly password: string;
  readonly apiKey: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The first refresh token; each is good once, and one that comes twice ends the sign-in (RFC 9700, 4.14.2). */
  readonly refreshToken: string;
}

/** The credentials of a sandbox that is not told others. */
export const REST_SANDBOX_CREDENTIALS: RestCredentials = {
  user: 'quotebridge',
  password: 'rest-sandbox-password',
  apiKey: 'rest-sandbox-api-key',
  clientId: 'quotebridge',
  clientSecret: 'rest-sandbox-secret',
  refreshToken: 'rest-sandbox-refresh-token',
};

const TOKEN_LIFE_MS = 3_600_000;

/** Signs callers in: Basic, API key, or a bearer token by client credentials or refresh token. */
export class RestSignIn {
  private readonly tokens: Tokens;
  private refresh: string | undefined;

  constructor(
    private readonly credentials: RestCredentials,
    clock: Clock,
    private readonly ids: Ids,
  ) {
    this.tokens = new Tokens(clock, TOKEN_LIFE_MS, () => `rest-${ids.next()}`);
    this.refresh = credentials.refreshToken;
  }

  expire(): void {
    this.tokens.clear();
  }

  restart(): void {
    this.tokens.clear();
    this.refresh = this.credentials.refreshToken;
  }

  /** Answers the token endpoint. */
  token(request: FastifyRequest): object {
    const form = new URLSearchParams(String(request.body ?? ''));
    const basic = basicCredentials(request.headers.authorization);
    const id = basic?.user ?? form.get('client_id') ?? '';
    const secret = basic?.password ?? form.get('client_secret') ?? '';
    if (id !== this.credentials.clientId || !sameSecret(secret, this.credentials.clientSecret))
      throw new Refusal(401, 'invalid_client', 'The client is unknown or its secret is wrong.');
    const answer = { token_type: 'Bearer', expires_in: TOKEN_LIFE_MS / 1000 };
    switch (form.get('grant_type')) {
      case 'client_credentials':
        return { ...answer, access_token: this.tokens.issue() };
      case 'refresh_token': {
        if (this.refresh === undefined || !sameSecret(form.get('refresh_token') ?? '', this.refresh)) {
          // Somebody else may have stolen it: nobody can tell who of the two, so both are signed out.
          this.tokens.clear();
          this.refresh = undefined;
          throw new Refusal(400, 'invalid_grant', 'The refresh token is not the newest one.');
        }
        this.refresh = `refresh-${this.ids.next()}`;
        return { ...answer, access_token: this.tokens.issue(), refresh_token: this.refresh };
      }
      default:
        throw new Refusal(
          400,
          'unsupported_grant_type',
          'The grant must be client_credentials or refresh_token.',
        );
    }
  }

  check(request: FastifyRequest<{ Querystring: Record<string, string> }>): void {
    const { headers, query } = request;
    const key = headers['x-api-key'] ?? query['api_key'];
    if (typeof key === 'string' && sameSecret(key, this.credentials.apiKey)) return;
    const basic = basicCredentials(headers.authorization);
    if (basic?.user === this.credentials.user && sameSecret(basic.password, this.credentials.password))
      return;
    if (this.tokens.isValid(bearerToken(headers.authorization) ?? '')) return;
    throw new Refusal(401, 'unauthorized', 'Sign in with an API key, Basic or a bearer token.');
  }
}
