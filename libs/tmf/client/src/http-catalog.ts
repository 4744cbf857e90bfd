import {
  isJsonObject,
  objectsAt,
  referencedId,
  VERSION_MARK,
  versionOf,
  type Clock,
  type JsonObject,
} from '@quotebridge/platform/core';
import type { Context } from '@quotebridge/platform/telemetry';
import { CatalogAway, type CatalogReader, type CustomerPrices } from './catalog-reader';
import { DocumentCache } from './document-cache';
import { HttpReader, isPossible, type Source } from './http-reader';
import { isBeforeSale, onSale, statesOnSale, type SoldKind } from './on-sale';

/** How the catalog is reached. */
export interface HttpCatalogOptions {
  /** Base address of TMF620 v5, for example `http://catalog:3620/tmf-api/productCatalogManagement/v5`. */
  readonly baseUrl: string;
  readonly clock: Clock;
  /** Longest wait for an answer, and within it for the next piece, milliseconds. */
  readonly deadlineMs: number;
  /** Most documents kept in memory. */
  readonly maxEntries: number;
  /** Most bytes of documents kept in memory, and as many of what was made of several. */
  readonly maxBytes: number;
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
const VERSIONS = 'versions';
/** More versions of one id are not on sale at once. */
const MOST_VERSIONS = 100;

/** Reads offerings, prices and specifications over TMF620 v5, as {@link HttpReader} reads. */
export class HttpCatalog implements CatalogReader {
  private readonly reader: HttpReader;
  private readonly cache: DocumentCache;
  /** What was made of several prices, and single versions, which are asked for rarely: any change of the catalog may concern them. */
  private readonly views: DocumentCache;

  constructor(private readonly options: HttpCatalogOptions) {
    this.reader = new HttpReader({
      ...options,
      name: 'product catalog',
      notThere: NOT_THERE,
      away: (message, cause) => new CatalogAway(message, { cause }),
    });
    const bounds = { entries: options.maxEntries, bytes: options.maxBytes };
    this.cache = new DocumentCache(options.clock, bounds, options.freshMs);
    this.views = new DocumentCache(options.clock, bounds, options.freshMs);
  }

  offering(id: string, trace?: Context): Promise<JsonObject | undefined> {
    return this.current('productOffering', id, trace);
  }

  specification(id: string, trace?: Context): Promise<JsonObject | undefined> {
    return this.read(this.documentAt('productSpecification', id), trace);
  }

  async prices(ids: readonly string[], trace?: Context): Promise<ReadonlyMap<string, JsonObject>> {
    const wanted = [...new Set(ids)];
    const found = await Promise.all(wanted.map((id) => this.current('productOfferingPrice', id, trace)));
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
    const found = await this.reader.read(
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
    this.reader.unshare(
      (running) => running === key || running.startsWith(`${VIEW}/`) || namesVersion(running),
    );
  }

  /** Forgets everything: it is not known what changed. */
  forget(): void {
    this.cache.clear();
    this.views.clear();
    this.reader.unshare();
  }

  async close(): Promise<void> {
    await this.reader.close();
  }

  /** What the id names; without a version the one that is sold, while the next is prepared (ADR 0037). */
  private async current(
    kind: SoldKind,
    id: string,
    trace: Context | undefined,
  ): Promise<JsonObject | undefined> {
    const latest = await this.read(this.documentAt(kind, id), trace);
    if (latest === undefined && namesVersion(id)) return this.unversioned(kind, id, trace);
    if (latest === undefined || namesVersion(id) || !isBeforeSale(kind, latest)) return latest;
    const listed = await this.reader.read(this.versionsOnSale(kind, id), trace);
    const sold = onSale(kind, objectsAt(listed ?? {}, VERSIONS));
    if (sold === undefined) return latest;
    const named = referencedId({ id, version: versionOf(sold) }) ?? id;
    return (await this.read(this.documentAt(kind, named), trace)) ?? latest;
  }

  /** A catalog of somebody else need not know addresses of versions: the document itself says which one it is. */
  private async unversioned(
    kind: SoldKind,
    named: string,
    trace: Context | undefined,
  ): Promise<JsonObject | undefined> {
    if (this.options.baseUrl.endsWith(OWN_API)) return undefined;
    const id = named.slice(0, named.indexOf(VERSION_MARK));
    const document = await this.read(this.documentAt(kind, id), trace);
    const isNamed = document && referencedId({ id, version: versionOf(document) }) === named;
    return isNamed === true ? document : undefined;
  }

  private versionsOnSale(kind: SoldKind, id: string): Source {
    const query = new URLSearchParams({
      id,
      lifecycleStatus: statesOnSale(kind).join(','),
      fields: 'version,lifecycleStatus',
      limit: String(MOST_VERSIONS),
    });
    return {
      key: `${VIEW}/${VERSIONS}/${kind}/${id}`,
      url: `${this.options.baseUrl}/${kind}?${query.toString()}`,
      span: `GET ${kind} list`,
      route: `/${kind}`,
      cache: this.views,
      keep: (body) => (Array.isArray(body) ? { [VERSIONS]: body.filter(isJsonObject) } : undefined),
    };
  }

  private documentAt(kind: Kind, id: string): Source | undefined {
    if (!isPossible(id)) return undefined;
    const url = `${this.options.baseUrl}/${kind}/${encodeURIComponent(id)}`;
    const cache = namesVersion(id) ? this.views : this.cache;
    return { key: keyOf(kind, id), url, span: `GET ${kind}`, route: `/${kind}/{id}`, cache };
  }

  private read(source: Source | undefined, trace: Context | undefined): Promise<JsonObject | undefined> {
    return source === undefined ? Promise.resolve(undefined) : this.reader.read(source, trace);
  }
}

/** `42:(version=1.0)` is what a reference with a version is read by. */
const namesVersion = (id: string): boolean => id.includes(VERSION_MARK);

const keyOf = (kind: Kind, id: string): string => `${kind}/${id}`;
