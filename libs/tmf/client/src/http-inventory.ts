import { isJsonObject, type Clock, type JsonObject } from '@quotebridge/platform/core';
import type { Context } from '@quotebridge/platform/telemetry';
import { DocumentCache } from './document-cache';
import { HttpReader, isPossible } from './http-reader';
import { InventoryAway, type InventoryReader, type StructureSubject } from './inventory-reader';

/** How the inventory is reached. */
export interface HttpInventoryOptions {
  /** Address of the product inventory without a path. */
  readonly baseUrl: string;
  readonly clock: Clock;
  /** Longest wait for an answer, milliseconds. */
  readonly deadlineMs: number;
  /** Most structures kept in memory, each as `keep` leaves it. */
  readonly maxEntries: number;
  /** Most bytes of structures kept in memory. */
  readonly maxBytes: number;
  /** For so long a structure is used without asking again, milliseconds. */
  readonly freshMs: number;
  /** For so long nobody asks again after a read that failed, milliseconds. */
  readonly pauseMs: number;
  readonly connections: number;
  /** Levels below the root that are read. */
  readonly levels: number;
  /** What is kept of a structure. */
  readonly keep: (view: JsonObject) => JsonObject;
  /** Credential of this component, sent as `X-API-Key`. */
  readonly apiKey?: () => string;
}

/** Answers that say for good that there is no one such product: unknown, several, or no possible name. */
const NOT_THERE: ReadonlySet<number> = new Set([400, 404, 409, 410, 414]);

const ROUTES: Readonly<Record<StructureSubject['kind'], string>> = {
  product: '/views/product/{id}/bom',
  serialNumber: '/views/bom/{id}',
  specification: '/views/specification/{id}/bom',
};

/** Reads structures from the views of the product inventory, as {@link HttpReader} reads. */
export class HttpInventory implements InventoryReader {
  private readonly reader: HttpReader;
  private readonly cache: DocumentCache;

  constructor(private readonly options: HttpInventoryOptions) {
    this.reader = new HttpReader({
      ...options,
      name: 'product inventory',
      notThere: NOT_THERE,
      away: (message, cause) => new InventoryAway(message, { cause }),
    });
    const bounds = { entries: options.maxEntries, bytes: options.maxBytes };
    this.cache = new DocumentCache(options.clock, bounds, options.freshMs);
  }

  structure({ kind, id }: StructureSubject, trace?: Context): Promise<JsonObject | undefined> {
    if (!isPossible(id)) return Promise.resolve(undefined);
    const { baseUrl, levels, keep } = this.options;
    const route = ROUTES[kind];
    const path = route.replace('{id}', () => encodeURIComponent(id));
    const url = `${baseUrl}${path}?levels=${levels}`;
    return this.reader.read(
      {
        key: path,
        url,
        span: 'GET structure',
        route,
        cache: this.cache,
        keep: (body) => (isJsonObject(body) ? keep(body) : undefined),
      },
      trace,
    );
  }

  async close(): Promise<void> {
    await this.reader.close();
  }
}
