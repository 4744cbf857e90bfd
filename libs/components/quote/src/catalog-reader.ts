import type { JsonObject } from '@quotebridge/platform/core';

/** What pricing needs of the product catalog (TMF620 v5). */
export interface CatalogReader {
  /** The offering, or undefined when there is none. Throws {@link CatalogAway} when the catalog does not answer. */
  offering(id: string): Promise<JsonObject | undefined>;
  /** The prices that exist among the ids, by id. */
  prices(ids: readonly string[]): Promise<ReadonlyMap<string, JsonObject>>;
}

/** The catalog cannot be asked at the moment: nothing is known about the price, later tries may succeed. */
export class CatalogAway extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'CatalogAway';
  }
}
