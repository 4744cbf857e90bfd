import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock, Ids } from '@quotebridge/platform/core';
import { Tokens, basicCredentials, bearerToken, sameSecret } from '@quotebridge/sandbox/core';
import { refused } from './odata/errors';

/** Who may call the sandbox. */
export interface S4Credentials {
  /** OAuth 2.0 client of the communication arrangement. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** Communication user for HTTP Basic. */
  readonly user: string;
  readonly password: string;
}

/** Credentials of a sandbox that was told none. They protect nothing but made-up data. */
export const S4_SANDBOX_CREDENTIALS: S4Credentials = {
  clientId: 'quotebridge',
  clientSecret: 's4-sandbox-secret',
  user: 'QUOTEBRIDGE',
  password: 's4-sandbox-password',
};

const TOKEN_SECONDS = 3600;

/** The token endpoint and the check of every call: HTTP Basic or a bearer token by client credentials. */
export class S4Auth {
  private readonly tokens: Tokens;

  constructor(
    private readonly credentials: S4Credentials,
    clock: Clock,
    ids: Ids,
  ) {
    this.tokens = new Tokens(clock, TOKEN_SECONDS * 1000, () => ids.next().replace(/-/g, ''));
  }

  expire(): void {
    this.tokens.clear();
  }

  /** POST /sap/bc/sec/oauth2/token (RFC 6749, 4.4); the client signs in by Basic or in the form. */
  answerToken(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
    const basic = basicCredentials(request.headers.authorization);
    const id = basic?.user ?? form.get('client_id') ?? '';
    const secret = basic?.password ?? form.get('client_secret') ?? '';
    if (!this.isClient(id, secret)) {
      return reply
        .code(401)
        .header('www-authenticate', 'Basic realm="SAP NetWeaver Application Server"')
        .send({ error: 'invalid_client', error_description: 'Client authentication failed' });
    }
    if (form.get('grant_type') !== 'client_credentials') {
      return reply
        .code(400)
        .send({ error: 'unsupported_grant_type', error_description: 'Only client_credentials is set up' });
    }
    return reply.header('cache-control', 'no-store').send({
      access_token: this.tokens.issue(),
      token_type: 'Bearer',
      expires_in: TOKEN_SECONDS,
      scope: form.get('scope') ?? '',
    });
  }

  /** Lets a call pass or refuses it with 401. */
  check(request: FastifyRequest): void {
    const token = bearerToken(request.headers.authorization);
    if (token !== undefined && this.tokens.isValid(token)) return;
    const basic = basicCredentials(request.headers.authorization);
    if (basic !== undefined && this.isUser(basic.user, basic.password)) return;
    throw refused(401, '/IWBEP/CM_MGW_RT/401', 'Anmeldung fehlgeschlagen / Logon failed');
  }

  private isClient(id: string, secret: string): boolean {
    return sameSecret(id, this.credentials.clientId) && sameSecret(secret, this.credentials.clientSecret);
  }

  private isUser(user: string, password: string): boolean {
    return sameSecret(user, this.credentials.user) && sameSecret(password, this.credentials.password);
  }
}
