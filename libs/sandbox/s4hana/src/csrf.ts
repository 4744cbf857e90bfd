import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal, type Ids } from '@quotebridge/platform/core';

const MOST_SESSIONS = 1000;

const cookiesOf = (header: string | undefined): Map<string, string> =>
  new Map(
    (header ?? '').split(';').map((pair): [string, string] => {
      const [name = '', ...value] = pair.trim().split('=');
      return [name, value.join('=')];
    }),
  );

/**
 * CSRF protection as SAP Gateway has it: a token is fetched with a read, belongs to the cookies that came with it,
 * and every write needs both.
 */
export class Csrf {
  /** Token by session id; the oldest go first. */
  private readonly sessions = new Map<string, string>();
  private readonly sessionCookie: string;
  private readonly tokenCookie: string;

  constructor(
    client: string,
    private readonly ids: Ids,
  ) {
    this.sessionCookie = `SAP_SESSIONID_QB1_${client}`;
    this.tokenCookie = `sap-XSRF_QB1_${client}`;
  }

  expire(): void {
    this.sessions.clear();
  }

  /** On a read with `x-csrf-token: Fetch`: gives the token of the session, a new one when there is none. */
  give(request: FastifyRequest, reply: FastifyReply, withCookies: boolean): void {
    if (String(request.headers['x-csrf-token'] ?? '').toLowerCase() !== 'fetch') return;
    const known = cookiesOf(request.headers.cookie).get(this.sessionCookie) ?? '';
    const session = this.sessions.has(known) ? known : this.ids.next();
    const token = this.sessions.get(session) ?? `${this.ids.next().replace(/-/g, '')}==`;
    this.sessions.set(session, token);
    for (const oldest of this.sessions.keys()) {
      if (this.sessions.size <= MOST_SESSIONS) break;
      this.sessions.delete(oldest);
    }
    void reply.header('x-csrf-token', token);
    if (!withCookies) return;
    void reply.header('set-cookie', [
      `${this.sessionCookie}=${session}; path=/; HttpOnly`,
      `${this.tokenCookie}=${token}; path=/`,
    ]);
  }

  /** On a write: refuses with 403 and `x-csrf-token: Required` unless token and cookies belong together. */
  check(request: FastifyRequest): void {
    const cookies = cookiesOf(request.headers.cookie);
    const expected = this.sessions.get(cookies.get(this.sessionCookie) ?? '');
    const given = request.headers['x-csrf-token'];
    if (expected !== undefined && given === expected && cookies.get(this.tokenCookie) === expected) return;
    throw new Refusal(403, 'CSRF', 'CSRF token validation failed', {
      headers: { 'x-csrf-token': 'Required' },
    });
  }
}
