import { objectsAt, referencedId, type JsonObject } from '@quotebridge/platform/core';
import { pricedPartIds, relatedPriceIds } from '@quotebridge/cpq/pricing';
import type { Context } from '@quotebridge/platform/telemetry';
import type { CatalogReader, CustomerPrices } from '@quotebridge/tmf/client';
import { canHaveTerms, type Buyer } from './customer-terms';

/** How far bundles and price links are followed before the catalog is taken for circular. */
const MAX_DEPTH = 12;

/** Offerings that make the price of a bundle, and theirs. */
export const partsOf = async (
  offering: JsonObject,
  catalog: CatalogReader,
  trace: Context | undefined,
): Promise<ReadonlyMap<string, JsonObject>> => {
  const parts = new Map<string, JsonObject>();
  let open = [...pricedPartIds(offering)];
  for (let depth = 0; open.length > 0 && depth < MAX_DEPTH; depth += 1) {
    const found = await Promise.all(open.map((id) => catalog.offering(id, trace)));
    const next: string[] = [];
    found.forEach((part, index) => {
      if (part === undefined) return;
      parts.set(open[index] ?? '', part);
      next.push(...pricedPartIds(part));
    });
    open = [...new Set(next)].filter((id) => !parts.has(id));
  }
  return parts;
};

/** Every price that the offerings list, and whatever those refer to. */
export const pricesOf = async (
  offerings: readonly JsonObject[],
  catalog: CatalogReader,
  trace: Context | undefined,
): Promise<ReadonlyMap<string, JsonObject>> => {
  const prices = new Map<string, JsonObject>();
  const asked = new Set<string>();
  const listed = offerings.flatMap((offering) => objectsAt(offering, 'productOfferingPrice'));
  let open = [...listed.flatMap((entry) => referencedId(entry) ?? []), ...listed.flatMap(relatedPriceIds)];
  for (let depth = 0; open.length > 0 && depth < MAX_DEPTH; depth += 1) {
    for (const id of open) asked.add(id);
    const found = await catalog.prices(open, trace);
    for (const [id, price] of found) prices.set(id, price);
    open = [...new Set([...found.values()].flatMap(relatedPriceIds))].filter((id) => !asked.has(id));
  }
  return prices;
};

/** The prices that may count for the buyer; not asked for when nobody is named or there can be none. */
export const customerPricesOf = async (
  id: string,
  offering: JsonObject,
  buyer: Buyer | undefined,
  catalog: CatalogReader,
  trace: Context | undefined,
): Promise<CustomerPrices | undefined> =>
  buyer === undefined || !canHaveTerms(offering)
    ? undefined
    : catalog.customerPrices(id, buyer.customer, trace);
