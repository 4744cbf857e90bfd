import type { JsonObject } from '@quotebridge/platform/core';
import type { Context } from '@quotebridge/platform/telemetry';

/**
 * What other components read of the product catalog (TMF620 v5). An id may name a version, `42:(version=1.0)`; without one it
 * stands for the latest that is on sale, or the latest of all. `trace` is the request that the read belongs to.
 */
export interface CatalogReader {
  /** The offering, or undefined when there is none. Throws {@link CatalogAway} when the catalog does not answer. */
  offering(id: string, trace?: Context): Promise<JsonObject | undefined>;
  /** The specification of a part, with what it costs us when our key may see that; undefined when there is none. */
  specification(id: string, trace?: Context): Promise<JsonObject | undefined>;
  /** The prices that exist among the ids, by id as it was asked for. */
  prices(ids: readonly string[], trace?: Context): Promise<ReadonlyMap<string, JsonObject>>;
  /**
   * All prices that may count for a customer (by his number) who buys an offering; undefined when there is no such
   * offering, or when the catalog is another one than ours and does not tell.
   */
  customerPrices(
    offering: string,
    customer: string | undefined,
    trace?: Context,
  ): Promise<CustomerPrices | undefined>;
}

/** The view `/views/offerings/{id}/prices` of the product catalog. */
export interface CustomerPrices {
  /** Categories of the part that is offered. */
  readonly categories: readonly string[];
  /** TMF620 productOfferingPrice, v5, with their ids. */
  readonly prices: readonly JsonObject[];
}

/** The catalog cannot be asked at the moment: nothing is known, later tries may succeed. */
export class CatalogAway extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'CatalogAway';
  }
}
