import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import { CallFailed, HttpClient, nextLink, replyJson } from '@quotebridge/platform/resilience';
import {
  clientCredentials,
  limitsOf,
  objectsIn,
  textAt,
  type AccessTokens,
  type ConnectorContext,
} from '@quotebridge/connectors/sdk';
import { classify, readUsage } from './classify';
import type { SalesforceSettings } from './settings';

const BEARER = 'Bearer ';

/** The Salesforce REST API: signed in by client credentials, SOQL page by page, updates by id. */
export class RestClient {
  private readonly http: HttpClient;
  private readonly tokens: AccessTokens;
  private readonly root: string;

  constructor(
    private readonly settings: SalesforceSettings,
    context: Pick<ConnectorContext, 'policy' | 'clock' | 'secrets' | 'inject' | 'budget'>,
  ) {
    const { policy, clock, secrets, inject } = context;
    const shared = { policy, clock, ...(inject === undefined ? {} : { inject }) };
    const budget = context.budget(limitsOf(settings));
    this.root = `/services/data/v${settings.apiVersion}`;
    this.tokens = clientCredentials({
      ...shared,
      tokenUrl: new URL('/services/oauth2/token', settings.instanceUrl).href,
      clientId: settings.clientId,
      clientSecret: secrets['clientSecret'] ?? '',
      send: 'form',
      accept: (answer) => this.checkInstance(answer['instance_url']),
    });
    this.http = new HttpClient({
      ...shared,
      baseUrl: settings.instanceUrl,
      classify,
      budget,
      attemptMs: settings.attemptSeconds * 1000,
      deadlineMs: settings.attemptSeconds * 4000,
      observe: ({ reply }) => {
        const usage = readUsage(reply?.headers['sforce-limit-info']);
        if (usage !== undefined) budget.observe(usage.used, usage.perDay);
      },
      authorizer: {
        headers: async () => ({ authorization: `${BEARER}${await this.tokens.get()}` }),
        refresh: async (_token, used) =>
          this.tokens.invalidate((used['authorization'] ?? '').slice(BEARER.length)),
      },
    });
  }

  /** Pages of a query; sub-queries that did not fit are completed. */
  async *query(soql: string): AsyncGenerator<readonly JsonObject[]> {
    let path: string | undefined = `${this.root}/query?q=${encodeURIComponent(soql)}`;
    while (path !== undefined) {
      const page: JsonObject = await this.get(path);
      yield await Promise.all(objectsIn(page['records']).map((record) => this.completed(record)));
      path = this.nextOf(path, page);
    }
  }

  /** Every record of a query that is known to be small. */
  async all(soql: string): Promise<readonly JsonObject[]> {
    const records: JsonObject[] = [];
    for await (const page of this.query(soql)) records.push(...page);
    return records;
  }

  /** Sets fields of a record. Setting the same values again changes nothing, so it may be repeated. */
  async update(type: string, id: string, fields: JsonObject): Promise<void> {
    await this.http.call({
      method: 'PATCH',
      path: `${this.root}/sobjects/${type}/${encodeURIComponent(id)}`,
      idempotent: true,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.http.close(), this.tokens.close()]);
  }

  private async get(path: string): Promise<JsonObject> {
    const reply = await this.http.call({ method: 'GET', path, headers: { accept: 'application/json' } });
    const body = replyJson(reply);
    if (isJsonObject(body)) return body;
    const url = new URL(path, this.settings.instanceUrl).href;
    const decision = { kind: 'retryAfter' as const, reason: 'the answer is no query result' };
    throw new CallFailed(decision, { method: 'GET', url, reply, atMs: 0 }, false);
  }

  private nextOf(path: string, page: JsonObject): string | undefined {
    const link = textAt(page, 'nextRecordsUrl');
    if (page['done'] !== false || link === undefined) return undefined;
    const current = new URL(path, this.settings.instanceUrl).href;
    const next = nextLink(current, link);
    if (next.ok) return next.value;
    throw new CallFailed(
      { kind: 'fail', reason: next.error },
      { method: 'GET', url: current, atMs: 0 },
      false,
    );
  }

  private async completed(record: JsonObject): Promise<JsonObject> {
    const complete: JsonObject = {};
    for (const [name, value] of Object.entries(record)) {
      if (!isJsonObject(value) || !Array.isArray(value['records'])) {
        complete[name] = value;
        continue;
      }
      const records = [...objectsIn(value['records'])];
      let page: JsonObject = value;
      for (let path = this.nextOf(this.root, page); path !== undefined; path = this.nextOf(path, page)) {
        page = await this.get(path);
        records.push(...objectsIn(page['records']));
      }
      complete[name] = { totalSize: records.length, done: true, records };
    }
    return complete;
  }

  /** The token is for the org that answered; another one than the configured would be a mix-up. */
  private checkInstance(answered: unknown): void {
    if (typeof answered !== 'string') return;
    const [expected, actual] = [new URL(this.settings.instanceUrl).origin, new URL(answered).origin];
    if (expected !== actual) {
      throw new Error(
        `The token is for ${actual}, but instanceUrl is ${expected}; set instanceUrl to the My Domain address`,
      );
    }
  }
}
