import { isJsonObject, messageOf, type Clock, type JsonObject } from '@quotebridge/platform/core';
import { traceHeadersOf, withSpan, type Context } from '@quotebridge/platform/telemetry';
import { Agent, request } from 'undici';
import { CatalogAway, type CatalogReader, type CustomerPrices } from './catalog-reader';
import { DocumentCache, type CachedDocument } from './document-cache';

/** How the catalog is reached. */
export interface HttpCatalogOptions {
  /** Base address of TMF620 v5, for example `http://catalog:3620/tmf-api/productCatalogManagement/v5`. */
  readonly baseUrl: string;
  readonly clock: Clock;
  /** Longest wait for an answer, and within it for the next piece, milliseconds. */
  readonly deadlineMs: number;
  /** Most documents kept in memory. */
  readonly maxEntries: number;
  /** For so long a document is used without asking again, milliseconds; events drop it sooner. */
  readonly freshMs: number;
  readonly connections: number;
  /** Credential of this component, sent as `X-API-Key`. */
  readonly apiKey?: () => string;
}

/** Answers that say for good that there is no such document: unknown, gone, or no possible id. */
const NOT_THERE: ReadonlySet<number> = new Set([400, 404, 410, 414]);

type Kind = 'productOffering' | 'productOfferingPrice' | 'productSpecification';

/** Where our own catalog has its API, and what keys of its views begin with. */
const OWN_API = '/tmf-api/productCatalogManagement/v5';
const VIEW = 'views';

/** One address that is read, under which key it is remembered, and how traces call it. */
interface Source {
  readonly key: string;
  readonly url: string;
  readonly span: string;
  readonly route: string;
  readonly cache: DocumentCache;
}

/**
 * Reads offerings, prices and specifications over TMF620 v5: kept-alive connections, a deadline per read, and a bounded cache whose
 * entries are checked again by conditional GET. Reads of one document that is asked for twice at once are shared.
 */
export class HttpCatalog implements CatalogReader {
  private readonly agent: Agent;
  private readonly cache: DocumentCache;
  /** What was made of several prices: any change of the catalog may concern it. */
  private readonly views: DocumentCache;
  private readonly inFlight = new Map<string, Promise<JsonObject | undefined>>();

  constructor(private readonly options: HttpCatalogOptions) {
    this.agent = new Agent({ connections: options.connections, keepAliveTimeout: 30_000 });
    this.cache = new DocumentCache(options.clock, options.maxEntries, options.freshMs);
    this.views = new DocumentCache(options.clock, options.maxEntries, options.freshMs);
  }

  offering(id: string, trace?: Context): Promise<JsonObject | undefined> {
    return this.read(this.documentAt('productOffering', id), trace);
  }

  specification(id: string, trace?: Context): Promise<JsonObject | undefined> {
    return this.read(this.documentAt('productSpecification', id), trace);
  }

  async prices(ids: readonly string[], trace?: Context): Promise<ReadonlyMap<string, JsonObject>> {
    const wanted = [...new Set(ids)];
    const found = await Promise.all(
      wanted.map((id) => this.read(this.documentAt('productOfferingPrice', id), trace)),
    );
    return new Map(
      wanted.flatMap((id, index): [string, JsonObject][] => {
        const document = found[index];
        return document === undefined ? [] : [[id, document]];
      }),
    );
  }

  async customerPrices(
    offering: string,
    customer: string | undefined,
    trace?: Context,
  ): Promise<CustomerPrices | undefined> {
    const { baseUrl } = this.options;
    // The views stand beside the API of our own catalog; one of somebody else has none.
    if (!baseUrl.endsWith(OWN_API) || !isPossible(offering)) return undefined;
    const query = customer === undefined ? '' : `?${new URLSearchParams({ customer }).toString()}`;
    const path = `${encodeURIComponent(offering)}/prices${query}`;
    const found = await this.read(
      {
        key: `${VIEW}/${path}`,
        url: `${baseUrl.slice(0, -OWN_API.length)}/views/offerings/${path}`,
        span: 'GET offering prices',
        route: '/views/offerings/{id}/prices',
        cache: this.views,
      },
      trace,
    );
    if (found === undefined) return undefined;
    const { categories, prices } = found;
    return {
      categories: Array.isArray(categories)
        ? categories.filter((category) => typeof category === 'string')
        : [],
      prices: Array.isArray(prices) ? prices.filter(isJsonObject) : [],
    };
  }

  /** Forgets a document, and what was made of several: the catalog says that it changed. */
  invalidate(kind: Kind, id: string): void {
    const key = keyOf(kind, id);
    this.cache.drop(key);
    this.views.clear();
    for (const running of this.inFlight.keys())
      if (running === key || running.startsWith(`${VIEW}/`)) this.inFlight.delete(running);
  }

  /** Forgets everything: it is not known what changed. */
  forget(): void {
    this.cache.clear();
    this.views.clear();
    this.inFlight.clear();
  }

  async close(): Promise<void> {
    await this.agent.close();
  }

  /** No document has an impossible id; in a path it would lead somewhere else. */
  private documentAt(kind: Kind, id: string): Source | undefined {
    if (!isPossible(id)) return undefined;
    const url = `${this.options.baseUrl}/${kind}/${encodeURIComponent(id)}`;
    return { key: keyOf(kind, id), url, span: `GET ${kind}`, route: `/${kind}/{id}`, cache: this.cache };
  }

  private read(source: Source | undefined, trace: Context | undefined): Promise<JsonObject | undefined> {
    if (source === undefined) return Promise.resolve(undefined);
    const { key, cache } = source;
    const cached = cache.get(key);
    if (cached?.isFresh === true) return Promise.resolve(cached.document);
    const running = this.inFlight.get(key);
    if (running !== undefined) return running;
    const reading = this.fetch(source, cached, trace).finally(() => {
      if (this.inFlight.get(key) === reading) this.inFlight.delete(key);
    });
    this.inFlight.set(key, reading);
    return reading;
  }

  private async fetch(
    { key, url, span, route, cache }: Source,
    known: CachedDocument | undefined,
    trace: Context | undefined,
  ): Promise<JsonObject | undefined> {
    const { mark } = cache;
    const attributes = { 'http.request.method': 'GET', 'url.template': route };
    const reply = await withSpan(span, 'client', attributes, trace, (context) =>
      this.send(url, known?.etag, traceHeadersOf(context)),
    );
    if (reply.status === 304 && known !== undefined) {
      cache.put(key, known, mark);
      return known.document;
    }
    if (NOT_THERE.has(reply.status)) {
      cache.drop(key);
      return undefined;
    }
    if (reply.status !== 200 || !isJsonObject(reply.body)) {
      throw new CatalogAway(`The product catalog answered ${reply.status} to the read of ${key}.`);
    }
    cache.put(key, { document: reply.body, ...(reply.etag === undefined ? {} : { etag: reply.etag }) }, mark);
    return reply.body;
  }

  private async send(
    url: string,
    etag: string | undefined,
    traceHeaders: Readonly<Record<string, string>>,
  ): Promise<{ status: number; etag?: string; body?: unknown }> {
    const { baseUrl, deadlineMs, apiKey } = this.options;
    try {
      // No fetch: it costs more than the server takes for its answer.
      const { statusCode, headers, body } = await request(url, {
        dispatcher: this.agent,
        headersTimeout: deadlineMs,
        bodyTimeout: deadlineMs,
        headers: {
          accept: 'application/json',
          ...traceHeaders,
          ...(etag === undefined ? {} : { 'if-none-match': etag }),
          ...(apiKey === undefined ? {} : { 'x-api-key': apiKey() }),
        },
      });
      const text = await body.text();
      const fresh = headers['etag'];
      return {
        status: statusCode,
        ...(typeof fresh === 'string' ? { etag: fresh } : {}),
        ...(statusCode === 200 ? { body: JSON.parse(text) as unknown } : {}),
      };
    } catch (thrown) {
      throw new CatalogAway(`The product catalog at ${baseUrl} does not answer: ${messageOf(thrown)}.`, {
        cause: thrown,
      });
    }
  }
}

const keyOf = (kind: Kind, id: string): string => `${kind}/${id}`;

const isPossible = (id: string): boolean => !['', '.', '..'].includes(id);
