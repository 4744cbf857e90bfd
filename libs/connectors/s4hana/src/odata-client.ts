import type { JsonObject } from '@quotebridge/platform/core';
import {
  CallFailed,
  HttpClient,
  nextLink,
  replyJson,
  type HttpReply,
} from '@quotebridge/platform/resilience';
import { limitsOf, type ConnectorContext } from '@quotebridge/connectors/sdk';
import { BatchCalls, type EntityChange } from './batch/batch-calls';
import { classify } from './classify';
import { CsrfSessions } from './csrf-session';
import { readEntity, readPage, textLiteral, type ODataPage } from './odata-values';
import type { S4Settings } from './settings';
import { signInFor, type SignIn } from './sign-in';

/** Root of the OData V2 services. */
const ROOT = '/sap/opu/odata/sap';

/** System query options, names with `$`. */
export type Query = Readonly<Record<string, string>>;

/** How the client calls. */
export interface ODataClientOptions {
  /** Longest wait for one answer, milliseconds. */
  readonly attemptMs: number;
  /** Longest time for a call with all its tries, milliseconds. */
  readonly deadlineMs: number;
  /** Calls at the same time. */
  readonly concurrency: number;
}

/** Fields of the entity with this key to be set. */
export type KeyedChange = Omit<EntityChange, 'path'> & { readonly key: Readonly<Record<string, string>> };

type ClientContext = Pick<ConnectorContext, 'policy' | 'clock' | 'secrets' | 'inject' | 'budget'>;

const pathOf = (set: string): string => (set.startsWith('/') ? set : `${ROOT}/${set}`);

/** The root of the service that an address belongs to: right below {@link ROOT}, elsewhere right above what is called. */
const rootOf = (path: string): string => {
  const [place = ''] = path.split('?');
  const end = place.startsWith(`${ROOT}/`) ? place.indexOf('/', ROOT.length + 1) : place.lastIndexOf('/');
  return place.slice(0, end);
};

/** OData V2 over SAP Gateway, and reads of V4: signed in, CSRF token with its cookies on every write, next links checked. */
export class ODataClient {
  private readonly http: HttpClient;
  private readonly signIn: SignIn;
  private readonly csrf: CsrfSessions;
  private readonly batches: BatchCalls;

  constructor(
    private readonly settings: S4Settings,
    { policy, clock, secrets, inject, budget }: ClientContext,
    calls: ODataClientOptions,
  ) {
    const shared = { policy, clock, ...(inject === undefined ? {} : { inject }) };
    this.signIn = signInFor(settings, { ...shared, secrets });
    this.csrf = new CsrfSessions((root) =>
      this.http.call({
        method: 'GET',
        path: this.withOptions(`${root}/`, { $format: 'json' }),
        headers: { 'x-csrf-token': 'Fetch', accept: 'application/json' },
      }),
    );
    this.http = new HttpClient({
      ...shared,
      baseUrl: settings.baseUrl,
      classify,
      ...calls,
      budget: budget(limitsOf(settings)),
      authorizer: {
        headers: async ({ method, path }) => ({
          authorization: await this.signIn.header(),
          ...(method === 'GET' || method === 'HEAD' ? {} : await this.csrf.headers(rootOf(path))),
        }),
        refresh: async (token, used) => {
          if (token === 'csrf') this.csrf.invalidate(used['x-csrf-token']);
          else this.signIn.invalidate(used['authorization'] ?? '');
        },
      },
    });
    this.batches = new BatchCalls(this.http, (root) => this.withOptions(`${root}/$batch`, {}));
  }

  /** Pages of a set as the server cuts them, following its next links. `set` is `<service>/<set>`, or a whole path. */
  pages(set: string, query: Query): AsyncGenerator<readonly JsonObject[]> {
    return this.pagesFrom(this.path(set, { ...query, $format: 'json' }));
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

  /**
   * All records of several queries of one set, each known to be small, asked for together. What is not answered well
   * within a batch is asked for again alone, so one part that fails costs nothing of the others.
   */
  async together(set: string, queries: readonly Query[]): Promise<readonly JsonObject[]> {
    const paths = queries.map((query) => this.path(set, { ...query, $format: 'json' }));
    const root = rootOf(pathOf(set));
    const replies = await this.batches.read(
      root,
      paths.map((path) => path.slice(root.length + 1)),
    );
    const records: JsonObject[] = [];
    for (const [index, path] of paths.entries()) {
      const reply = replies[index];
      const first = reply === undefined ? undefined : readPage(replyJson(reply));
      for await (const page of this.pagesFrom(path, first)) records.push(...page);
    }
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
   * Sets fields of entities of one set, of all of them or of none (a change set). Setting them twice has no second
   * effect, so an unclear outcome is simply tried again. Throws a {@link CallFailed} that `isStale` knows when one has
   * changed since its `etag` was read.
   */
  change(set: string, changes: readonly KeyedChange[]): Promise<void> {
    const root = rootOf(pathOf(set));
    const name = pathOf(set).slice(root.length + 1);
    return this.batches.change(
      root,
      changes.map(({ key, ...change }) => {
        const names = Object.entries(key).map(
          ([field, value]) => `${field}=${encodeURIComponent(textLiteral(value))}`,
        );
        return { ...change, path: `${name}(${names.join(',')})` };
      }),
    );
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

  private async *pagesFrom(start: string, first?: ODataPage): AsyncGenerator<readonly JsonObject[]> {
    let path: string | undefined = start;
    let known = first;
    while (path !== undefined) {
      const page: ODataPage = known ?? (await this.read(path));
      known = undefined;
      yield page.records;
      path = page.next === undefined ? undefined : this.follow(path, page.next);
    }
  }

  private async read(path: string): Promise<ODataPage> {
    const reply = await this.http.call({ method: 'GET', path, headers: { accept: 'application/json' } });
    const page = readPage(replyJson(reply));
    if (page === undefined) throw this.unreadable('GET', path, reply);
    return page;
  }

  private path(set: string, query: Query): string {
    return this.withOptions(pathOf(set), query);
  }

  private withOptions(path: string, query: Query): string {
    const { client } = this.settings;
    const options = { ...query, ...(client === undefined ? {} : { 'sap-client': client }) };
    const text = Object.entries(options)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&');
    return `${path}${text === '' ? '' : `?${text}`}`;
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
    const decision = { kind: 'retryAfter' as const, reason: 'the answer is no OData document' };
    return new CallFailed(decision, { method, url, reply, atMs: 0 }, ambiguous);
  }
}
