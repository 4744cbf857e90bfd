import type { JsonObject } from '@quotebridge/platform/core';
import {
  CallFailed,
  HttpClient,
  nextLink,
  replyJson,
  type HttpReply,
} from '@quotebridge/platform/resilience';
import { limitsOf, type ConnectorContext } from '@quotebridge/connectors/sdk';
import { classify } from './classify';
import { cookieHeader, CsrfCache } from './csrf-session';
import { readEntity, readPage, textLiteral, type ODataPage } from './odata-values';
import type { S4Settings } from './settings';
import { signInFor, type SignIn } from './sign-in';

/** Root of the OData V2 services. */
const ROOT = '/sap/opu/odata/sap';

/** System query options, names with `$`. */
export type Query = Readonly<Record<string, string>>;

/** How the client calls. */
export interface ODataClientOptions {
  /** The service from whose root CSRF tokens are fetched. */
  readonly csrfService: string;
  /** Longest wait for one answer, milliseconds. */
  readonly attemptMs: number;
  /** Longest time for a call with all its tries, milliseconds. */
  readonly deadlineMs: number;
  /** Calls at the same time. */
  readonly concurrency: number;
}

type ClientContext = Pick<ConnectorContext, 'policy' | 'clock' | 'secrets' | 'inject' | 'budget'>;

/** OData V2 over SAP Gateway: signed in, CSRF token with its cookies on every write, next links checked. */
export class ODataClient {
  private readonly http: HttpClient;
  private readonly signIn: SignIn;
  private readonly csrf: CsrfCache;

  constructor(
    private readonly settings: S4Settings,
    { policy, clock, secrets, inject, budget }: ClientContext,
    { csrfService, ...calls }: ODataClientOptions,
  ) {
    const shared = { policy, clock, ...(inject === undefined ? {} : { inject }) };
    this.signIn = signInFor(settings, { ...shared, secrets });
    this.csrf = new CsrfCache(async () => {
      const reply = await this.http.call({
        method: 'GET',
        path: this.path(`${csrfService}/`, { $format: 'json' }),
        headers: { 'x-csrf-token': 'Fetch', accept: 'application/json' },
      });
      const token = reply.headers['x-csrf-token'];
      return { cookies: cookieHeader(reply.setCookies), ...(token === undefined ? {} : { token }) };
    });
    this.http = new HttpClient({
      ...shared,
      baseUrl: settings.baseUrl,
      classify,
      ...calls,
      budget: budget(limitsOf(settings)),
      authorizer: {
        headers: async ({ method }) => ({
          authorization: await this.signIn.header(),
          ...(method === 'GET' || method === 'HEAD' ? {} : await this.csrf.headers()),
        }),
        refresh: async (token, used) => {
          if (token === 'csrf') this.csrf.invalidate(used['x-csrf-token']);
          else this.signIn.invalidate(used['authorization'] ?? '');
        },
      },
    });
  }

  /** Pages of a set as the server cuts them, following its next links. `set` is `<service>/<set>`. */
  async *pages(set: string, query: Query): AsyncGenerator<readonly JsonObject[]> {
    let path: string | undefined = this.path(set, { ...query, $format: 'json' });
    while (path !== undefined) {
      const page: ODataPage = await this.read(path);
      yield page.records;
      path = page.next === undefined ? undefined : this.follow(path, page.next);
    }
  }

  /** The first page of a query for at most `top` records, and whether nothing follows it. */
  async page(
    set: string,
    query: Query,
    top: number,
  ): Promise<{ page: readonly JsonObject[]; isLast: boolean }> {
    const { records, next } = await this.read(this.path(set, { ...query, $format: 'json' }));
    return { page: records, isLast: next === undefined && records.length < top };
  }

  /** All records of a query that is known to be small. */
  async all(set: string, query: Query): Promise<readonly JsonObject[]> {
    const records: JsonObject[] = [];
    for await (const page of this.pages(set, query)) records.push(...page);
    return records;
  }

  /** Creates an entity (deep insert) and returns it as the system stored it. Never repeated on an unclear outcome. */
  create(set: string, entity: JsonObject): Promise<JsonObject> {
    return this.post(set, entity, false);
  }

  /** What would come of creating an entity that is never kept; may be repeated. */
  simulate(set: string, entity: JsonObject): Promise<JsonObject> {
    return this.post(set, entity, true);
  }

  /** The value of a function import; `name` is `<service>/<function>`, parameters are literals. */
  async ask(name: string, parameters: Query): Promise<JsonObject> {
    const path = this.path(name, { ...parameters, $format: 'json' });
    const reply = await this.http.call({ method: 'GET', path, headers: { accept: 'application/json' } });
    const value = readEntity(replyJson(reply));
    if (value === undefined) throw this.unreadable('GET', path, reply);
    return value;
  }

  /**
   * Sets fields of an entity by its key, whatever else has changed in it meanwhile. Setting them twice has no second
   * effect, so an unclear outcome is simply tried again.
   */
  async update(set: string, key: Readonly<Record<string, string>>, fields: JsonObject): Promise<void> {
    const names = Object.entries(key).map(
      ([name, value]) => `${name}=${encodeURIComponent(textLiteral(value))}`,
    );
    await this.http.call({
      method: 'PATCH',
      path: this.path(`${set}(${names.join(',')})`, {}),
      headers: { accept: 'application/json', 'content-type': 'application/json', 'if-match': '*' },
      body: JSON.stringify(fields),
      idempotent: true,
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.http.close(), this.signIn.close()]);
  }

  private async post(set: string, entity: JsonObject, mayRepeat: boolean): Promise<JsonObject> {
    const path = this.path(set, {});
    const reply = await this.http.call({
      method: 'POST',
      path,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(entity),
      ...(mayRepeat ? { idempotent: true } : {}),
    });
    const answered = readEntity(replyJson(reply));
    if (answered === undefined) throw this.unreadable('POST', path, reply, !mayRepeat);
    return answered;
  }

  private async read(path: string): Promise<ODataPage> {
    const reply = await this.http.call({ method: 'GET', path, headers: { accept: 'application/json' } });
    const page = readPage(replyJson(reply));
    if (page === undefined) throw this.unreadable('GET', path, reply);
    return page;
  }

  private path(set: string, query: Query): string {
    const { client } = this.settings;
    const options = { ...query, ...(client === undefined ? {} : { 'sap-client': client }) };
    const text = Object.entries(options)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&');
    return `${ROOT}/${set}${text === '' ? '' : `?${text}`}`;
  }

  private follow(path: string, link: string): string {
    const current = new URL(path, this.settings.baseUrl).href;
    const next = nextLink(current, link);
    if (next.ok) return next.value;
    const exchange = { method: 'GET', url: current, atMs: 0 };
    throw new CallFailed({ kind: 'fail', reason: next.error }, exchange, false);
  }

  private unreadable(method: string, path: string, reply: HttpReply, ambiguous = false): CallFailed {
    const url = new URL(path, this.settings.baseUrl).href;
    const decision = { kind: 'retryAfter' as const, reason: 'the answer is no OData V2 document' };
    return new CallFailed(decision, { method, url, reply, atMs: 0 }, ambiguous);
  }
}
