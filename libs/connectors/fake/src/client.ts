import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import { CallFailed, HttpClient, nextLink, replyJson, type HttpCall } from '@quotebridge/platform/resilience';
import {
  clientCredentials,
  callsOf,
  limitsOf,
  textAt,
  type AccessTokens,
  type ConnectorContext,
} from '@quotebridge/connectors/sdk';
import { classify } from './classify';
import type { FakeSettings } from './settings';

const BEARER = 'Bearer ';

/** The system's API: signed in by client credentials, next links checked. */
export class FakeClient {
  private readonly http: HttpClient;
  private readonly tokens: AccessTokens;

  constructor(
    private readonly settings: FakeSettings,
    { policy, clock, secrets, inject, budget }: Omit<ConnectorContext, 'instance' | 'settings'>,
  ) {
    const shared = { policy, clock, ...(inject === undefined ? {} : { inject }) };
    this.tokens = clientCredentials({
      ...shared,
      tokenUrl: new URL('/oauth2/token', settings.baseUrl).href,
      clientId: settings.clientId,
      clientSecret: secrets['clientSecret'] ?? '',
      send: 'form',
    });
    this.http = new HttpClient({
      ...shared,
      baseUrl: settings.baseUrl,
      classify,
      budget: budget(limitsOf(settings)),
      ...callsOf(settings),
      authorizer: {
        headers: async () => ({ authorization: `${BEARER}${await this.tokens.get()}` }),
        refresh: async (_token, used) =>
          this.tokens.invalidate((used['authorization'] ?? '').slice(BEARER.length)),
      },
    });
  }

  /** Reads one document. Throws `CallFailed`. */
  get(path: string): Promise<JsonObject> {
    return this.call({ method: 'GET', path });
  }

  /** Pages of a list, following its links. */
  async *pages(first: string): AsyncGenerator<JsonObject> {
    for (let path: string | undefined = first; path !== undefined;) {
      const page: JsonObject = await this.get(path);
      yield page;
      path = this.nextOf(path, textAt(page, 'next'));
    }
  }

  /** Creates something. Never repeated on an unclear outcome: the caller looks. */
  create(path: string, body: JsonObject): Promise<JsonObject> {
    return this.call({ method: 'POST', path, body: JSON.stringify(body) });
  }

  async close(): Promise<void> {
    await Promise.all([this.http.close(), this.tokens.close()]);
  }

  private nextOf(path: string, link: string | undefined): string | undefined {
    if (link === undefined) return undefined;
    const current = new URL(path, this.settings.baseUrl).href;
    const next = nextLink(current, link);
    if (next.ok) return next.value;
    throw new CallFailed(
      { kind: 'fail', reason: next.error },
      { method: 'GET', url: current, atMs: 0 },
      false,
    );
  }

  private async call(call: HttpCall): Promise<JsonObject> {
    const headers = { accept: 'application/json', 'content-type': 'application/json' };
    const reply = await this.http.call({ ...call, headers });
    const body = replyJson(reply);
    if (isJsonObject(body)) return body;
    const url = new URL(call.path, this.settings.baseUrl).href;
    const decision = { kind: 'retryAfter' as const, reason: 'the answer is no JSON object' };
    throw new CallFailed(decision, { method: call.method, url, reply, atMs: 0 }, call.method === 'POST');
  }
}
