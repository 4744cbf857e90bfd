import { isJsonObject, messageOf, type Clock, type JsonObject } from '@quotebridge/platform/core';
import { traceHeadersOf, withSpan, type Context } from '@quotebridge/platform/telemetry';
import { Agent, request } from 'undici';
import { CatalogAway, type CatalogReader } from './catalog-reader';
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

type Kind = 'productOffering' | 'productOfferingPrice';

/**
 * Reads offerings and prices over TMF620 v5: kept-alive connections, a deadline per read, and a bounded cache whose
 * entries are checked again by conditional GET. Reads of one document that is asked for twice at once are shared.
 */
export class HttpCatalog implements CatalogReader {
  private readonly agent: Agent;
  private readonly cache: DocumentCache;
  private readonly inFlight = new Map<string, Promise<JsonObject | undefined>>();

  constructor(private readonly options: HttpCatalogOptions) {
    this.agent = new Agent({ connections: options.connections, keepAliveTimeout: 30_000 });
    this.cache = new DocumentCache(options.clock, options.maxEntries, options.freshMs);
  }

  offering(id: string, trace?: Context): Promise<JsonObject | undefined> {
    return this.read('productOffering', id, trace);
  }

  async prices(ids: readonly string[], trace?: Context): Promise<ReadonlyMap<string, JsonObject>> {
    const wanted = [...new Set(ids)];
    const found = await Promise.all(wanted.map((id) => this.read('productOfferingPrice', id, trace)));
    return new Map(
      wanted.flatMap((id, index): [string, JsonObject][] => {
        const document = found[index];
        return document === undefined ? [] : [[id, document]];
      }),
    );
  }

  /** Forgets a document: the catalog says that it changed. */
  invalidate(kind: Kind, id: string): void {
    const key = keyOf(kind, id);
    this.cache.drop(key);
    this.inFlight.delete(key);
  }

  /** Forgets everything: it is not known what changed. */
  forget(): void {
    this.cache.clear();
    this.inFlight.clear();
  }

  async close(): Promise<void> {
    await this.agent.close();
  }

  private read(kind: Kind, id: string, trace: Context | undefined): Promise<JsonObject | undefined> {
    // No document has such an id; in a path it would lead somewhere else.
    if (id === '' || id === '.' || id === '..') return Promise.resolve(undefined);
    const key = keyOf(kind, id);
    const cached = this.cache.get(key);
    if (cached?.isFresh === true) return Promise.resolve(cached.document);
    const running = this.inFlight.get(key);
    if (running !== undefined) return running;
    const reading = this.fetch(kind, id, cached, trace).finally(() => {
      if (this.inFlight.get(key) === reading) this.inFlight.delete(key);
    });
    this.inFlight.set(key, reading);
    return reading;
  }

  private async fetch(
    kind: Kind,
    id: string,
    known: CachedDocument | undefined,
    trace: Context | undefined,
  ): Promise<JsonObject | undefined> {
    const key = keyOf(kind, id);
    const { mark } = this.cache;
    const attributes = { 'http.request.method': 'GET', 'url.template': `/${kind}/{id}` };
    const reply = await withSpan(`GET ${kind}`, 'client', attributes, trace, (context) =>
      this.send(kind, id, known?.etag, traceHeadersOf(context)),
    );
    if (reply.status === 304 && known !== undefined) {
      this.cache.put(key, known, mark);
      return known.document;
    }
    if (NOT_THERE.has(reply.status)) {
      this.cache.drop(key);
      return undefined;
    }
    if (reply.status !== 200 || !isJsonObject(reply.body)) {
      throw new CatalogAway(`The product catalog answered ${reply.status} to the read of ${kind} ${id}.`);
    }
    this.cache.put(
      key,
      { document: reply.body, ...(reply.etag === undefined ? {} : { etag: reply.etag }) },
      mark,
    );
    return reply.body;
  }

  private async send(
    kind: Kind,
    id: string,
    etag: string | undefined,
    traceHeaders: Readonly<Record<string, string>>,
  ): Promise<{ status: number; etag?: string; body?: unknown }> {
    const { baseUrl, deadlineMs, apiKey } = this.options;
    try {
      // No fetch: it costs more than the server takes for its answer.
      const { statusCode, headers, body } = await request(`${baseUrl}/${kind}/${encodeURIComponent(id)}`, {
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
