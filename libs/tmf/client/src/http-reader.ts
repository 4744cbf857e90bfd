import { isJsonObject, messageOf, type Clock, type JsonObject } from '@quotebridge/platform/core';
import { traceHeadersOf, withSpan, type Context } from '@quotebridge/platform/telemetry';
import { Agent, request } from 'undici';
import type { CachedDocument, DocumentCache } from './document-cache';

/** How another component is read. */
export interface HttpReaderOptions {
  /** What it is called in messages, for example `product catalog`. */
  readonly name: string;
  readonly baseUrl: string;
  readonly clock: Clock;
  /** Longest wait for an answer, and within it for the next piece, milliseconds. */
  readonly deadlineMs: number;
  readonly connections: number;
  /** Statuses that say for good that there is nothing to read. */
  readonly notThere: ReadonlySet<number>;
  /** For so long nobody asks again after a read that failed, milliseconds; none when absent. */
  readonly pauseMs?: number;
  /** Credential of this component, sent as `X-API-Key`. */
  readonly apiKey?: () => string;
  /** The error for a read that failed and may succeed later. */
  readonly away: (message: string, cause?: unknown) => Error;
}

/** Statuses of an answer with what was asked for; a list may be one page of more. */
const READ: ReadonlySet<number> = new Set([200, 206]);

const whole = (body: unknown): JsonObject | undefined => (isJsonObject(body) ? body : undefined);

/** One address that is read, under which key it is remembered, and how traces call it. */
export interface Source {
  readonly key: string;
  readonly url: string;
  readonly span: string;
  readonly route: string;
  readonly cache: DocumentCache;
  /** What is kept of an answer, undefined when it is none that was expected; an object as it is when absent. */
  readonly keep?: (body: unknown) => JsonObject | undefined;
}

/**
 * Reads documents of another component: kept-alive connections, a deadline per read, and caches whose entries are checked
 * again by conditional GET. Reads of one document that is asked for twice at once are shared.
 */
export class HttpReader {
  private readonly agent: Agent;
  private readonly inFlight = new Map<string, Promise<JsonObject | undefined>>();
  private pausedUntil = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: HttpReaderOptions) {
    this.agent = new Agent({ connections: options.connections, keepAliveTimeout: 30_000 });
  }

  /** The document, or undefined when there is none. Throws what `away` makes when nobody can say. */
  read(source: Source, trace: Context | undefined): Promise<JsonObject | undefined> {
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

  /** Who asks from now on does not share a running read of these keys; of all when absent. */
  unshare(concerns: (key: string) => boolean = () => true): void {
    for (const running of this.inFlight.keys()) if (concerns(running)) this.inFlight.delete(running);
  }

  async close(): Promise<void> {
    await this.agent.close();
  }

  private async fetch(
    { key, url, span, route, cache, keep = whole }: Source,
    known: CachedDocument | undefined,
    trace: Context | undefined,
  ): Promise<JsonObject | undefined> {
    const { name, notThere } = this.options;
    const { mark } = cache;
    const attributes = { 'http.request.method': 'GET', 'url.template': route };
    const reply = await withSpan(span, 'client', attributes, trace, (context) =>
      this.send(url, known?.etag, traceHeadersOf(context)),
    );
    if (reply.status === 304 && known !== undefined) {
      cache.put(key, known, mark);
      return known.document;
    }
    if (notThere.has(reply.status)) {
      cache.drop(key);
      return undefined;
    }
    const document = keep(reply.body);
    if (document === undefined) {
      throw this.failed(`The ${name} answered ${reply.status} to the read of ${key}.`);
    }
    cache.put(key, { document, ...(reply.etag === undefined ? {} : { etag: reply.etag }) }, mark);
    return document;
  }

  private async send(
    url: string,
    etag: string | undefined,
    traceHeaders: Readonly<Record<string, string>>,
  ): Promise<{ status: number; etag?: string; body?: unknown }> {
    const { name, baseUrl, clock, deadlineMs, apiKey } = this.options;
    if (clock.now() < this.pausedUntil)
      throw this.options.away(`The ${name} at ${baseUrl} did not answer a moment ago.`);
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
        ...(READ.has(statusCode) ? { body: JSON.parse(text) as unknown } : {}),
      };
    } catch (thrown) {
      throw this.failed(`The ${name} at ${baseUrl} does not answer: ${messageOf(thrown)}.`, thrown);
    }
  }

  private failed(message: string, cause?: unknown): Error {
    const { clock, pauseMs, away } = this.options;
    if (pauseMs !== undefined) this.pausedUntil = clock.now() + pauseMs;
    return away(message, cause);
  }
}

/** No document has an impossible id; in a path it would lead somewhere else. */
export const isPossible = (id: string): boolean => !['', '.', '..'].includes(id);
