import { verify } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isJsonObject, type Clock, type Ids, type JsonObject } from '@quotebridge/platform/core';
import { Tokens, basicCredentials, bearerToken, sameSecret } from '@quotebridge/sandbox/core';
import { refused } from './errors';
import { recordId } from './ids';

/** Who may call the sandbox. */
export interface SalesforceCredentials {
  /** Consumer key of the connected or external client app. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** User that tokens run as; `sub` of the JWT bearer flow. */
  readonly username: string;
  /** PEM public key for the JWT bearer flow; without it that flow is closed. */
  readonly jwtPublicKey?: string;
}

/** Credentials of a sandbox that was told none. They protect nothing but made-up data. */
export const SALESFORCE_SANDBOX_CREDENTIALS: SalesforceCredentials = {
  clientId: 'quotebridge',
  clientSecret: 'salesforce-sandbox-secret',
  username: 'integration@machine-builder.example',
};

const SESSION_MS = 2 * 3600 * 1000;
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const LONGEST_JWT_SECONDS = 300;

type Granted =
  { readonly ok: true } | { readonly ok: false; readonly error: string; readonly description: string };

const no = (error: string, description: string): Granted => ({ ok: false, error, description });

const decoded = (part: string | undefined): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Token endpoint and the check of every call. Tokens end without the caller having been told when. */
export class SalesforceAuth {
  private readonly tokens: Tokens;

  constructor(
    private readonly credentials: SalesforceCredentials,
    private readonly clock: Clock,
    ids: Ids,
  ) {
    this.tokens = new Tokens(clock, SESSION_MS, () => `00DQB00000000001!${ids.next().replace(/-/g, '')}`);
  }

  expire(): void {
    this.tokens.clear();
  }

  /** POST /services/oauth2/token: client credentials or JWT bearer. `instance` becomes `instance_url`. */
  answerToken(request: FastifyRequest, reply: FastifyReply, instance: string): FastifyReply {
    const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
    const granted = this.grant(form, request.headers.authorization);
    if (!granted.ok)
      return reply.code(400).send({ error: granted.error, error_description: granted.description });
    return reply.send({
      access_token: this.tokens.issue(),
      signature: 'c2FuZGJveA==',
      scope: 'api',
      instance_url: instance,
      id: `${instance}/id/${recordId('00D', 1)}/${recordId('005', 1)}`,
      token_type: 'Bearer',
      issued_at: String(this.clock.now()),
    });
  }

  /** Lets a call pass or refuses it with 401 INVALID_SESSION_ID. */
  check(request: FastifyRequest): void {
    const token = bearerToken(request.headers.authorization);
    if (token !== undefined && this.tokens.isValid(token)) return;
    throw refused(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
  }

  private grant(form: URLSearchParams, authorization: string | undefined): Granted {
    const type = form.get('grant_type');
    if (type === JWT_BEARER) return this.grantJwt(form.get('assertion') ?? '');
    if (type !== 'client_credentials') return no('unsupported_grant_type', 'grant type not supported');
    const basic = basicCredentials(authorization);
    const id = basic?.user ?? form.get('client_id') ?? '';
    const secret = basic?.password ?? form.get('client_secret') ?? '';
    if (!sameSecret(id, this.credentials.clientId))
      return no('invalid_client_id', 'client identifier invalid');
    if (!sameSecret(secret, this.credentials.clientSecret))
      return no('invalid_client', 'invalid client credentials');
    return { ok: true };
  }

  private grantJwt(assertion: string): Granted {
    const [head, body, signature] = assertion.split('.');
    const [header, claims] = [decoded(head), decoded(body)];
    const key = this.credentials.jwtPublicKey;
    if (header?.['alg'] !== 'RS256' || claims === undefined || signature === undefined || key === undefined) {
      return no('invalid_grant', 'invalid assertion');
    }
    if (!verify('RSA-SHA256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))) {
      return no('invalid_grant', 'invalid assertion');
    }
    const seconds = Number(claims['exp']) - this.clock.now() / 1000;
    if (!(seconds > 0 && seconds <= LONGEST_JWT_SECONDS))
      return no('invalid_grant', 'expired authorization code');
    if (claims['iss'] !== this.credentials.clientId)
      return no('invalid_client_id', 'client identifier invalid');
    if (claims['sub'] !== this.credentials.username)
      return no('invalid_grant', "user hasn't approved this consumer");
    if (typeof claims['aud'] !== 'string' || claims['aud'] === '')
      return no('invalid_grant', 'audience is invalid');
    return { ok: true };
  }
}
