import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import {
  CallFailed,
  HttpClient,
  nextLink,
  replyJson,
  type HttpReply,
} from '@quotebridge/platform/resilience';
import {
  clientCredentials,
  callsOf,
  limitsOf,
  objectsIn,
  textAt,
  type AccessTokens,
  type ConnectorContext,
} from '@quotebridge/connectors/sdk';
import { classify, readUsage } from './classify';
import type { SalesforceSettings } from './settings';

const BEARER = 'Bearer ';

/** One call within a composite; `path` is what follows the version. */
export interface CompositePart {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly referenceId: string;
  readonly body?: JsonObject;
}

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
      unfit: (answer) => this.anotherOrg(answer['instance_url']),
    });
    this.http = new HttpClient({
      ...shared,
      baseUrl: settings.instanceUrl,
      classify,
      budget,
      ...callsOf(settings),
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

  /** Pages of a query; sub-queries that did not fit are completed. `all` sees deleted records, too. */
  async *query(soql: string, all = false): AsyncGenerator<readonly JsonObject[]> {
    let path: string | undefined = this.queryPath(soql, all);
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

  /**
   * Several calls as one, all or nothing. Gives the answers by reference. `repeatable`: the same again changes
   * nothing more, so it may be sent again after an unclear answer.
   */
  async composite(parts: readonly CompositePart[], repeatable: boolean): Promise<ReadonlyMap<string, Json>> {
    const compositeRequest = parts.map(({ path, ...part }) => ({ ...part, url: `${this.root}/${path}` }));
    const reply = await this.http.call({
      method: 'POST',
      path: `${this.root}/composite`,
      idempotent: repeatable,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ allOrNone: true, compositeRequest }),
    });
    const body = replyJson(reply);
    const answers = isJsonObject(body) ? objectsIn(body['compositeResponse']) : [];
    return new Map(answers.map((part) => [textAt(part, 'referenceId') ?? '', part['body'] ?? null]));
  }

  /**
   * One call of the address behind the version. `repeatable`: the same again changes nothing more; by the method unless
   * given.
   */
  call(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: JsonObject,
    repeatable?: boolean,
  ): Promise<HttpReply> {
    return this.http.call({
      method,
      path: `${this.root}/${path}`,
      headers: {
        accept: 'application/json, text/csv',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(repeatable === undefined ? {} : { idempotent: repeatable }),
    });
  }

  /** The address of a query behind the version, as a part of a composite. */
  queryPart(soql: string): string {
    return this.queryPath(soql, false).slice(this.root.length + 1);
  }

  async close(): Promise<void> {
    await Promise.all([this.http.close(), this.tokens.close()]);
  }

  private queryPath(soql: string, all: boolean): string {
    return `${this.root}/${all ? 'queryAll' : 'query'}?q=${encodeURIComponent(soql)}`;
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
  private anotherOrg(answered: Json | undefined): string | undefined {
    if (typeof answered !== 'string') return undefined;
    const expected = new URL(this.settings.instanceUrl).origin;
    const actual = URL.canParse(answered) ? new URL(answered).origin : answered;
    return expected === actual
      ? undefined
      : `the token is for ${actual}, but instanceUrl is ${expected}; set instanceUrl to the My Domain address`;
  }
}
