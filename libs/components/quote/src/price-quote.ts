import { isJsonObject, objectsAt, ok, type JsonObject } from '@quotebridge/platform/core';
import {
  explanationJson,
  positionIn,
  priceItem,
  pricedPartIds,
  relatedPriceIds,
  toQuotePrice,
  totalPrices,
  type PricingRules,
  type TimePeriod,
} from '@quotebridge/cpq/pricing';
import type { Context } from '@quotebridge/platform/telemetry';
import type { CatalogReader, CustomerPrices } from '@quotebridge/tmf/client';
import { agreedPrice, buyerOf, canHaveTerms, type Buyer } from './customer-terms';
import { EXPLANATION, requestedAlterations, requestsOnly, UNPRICED, UNPRICED_ITEMS } from './item-price';
import { isCharged, itemsOf, offeringIdOf } from './items';
import { MARGIN, quoteMargin } from './margin';

/** How far bundles and price links are followed before the catalog is taken for circular. */
const MAX_DEPTH = 12;

/** What pricing a quote needs besides the quote. */
export interface PricingContext {
  readonly catalog: CatalogReader;
  readonly rules: PricingRules;
  /** Works out what the quote earns as well. */
  readonly withMargin?: boolean;
  /** Instant at which prices must be valid, date-time text. */
  readonly date: string;
  /** The request that reads of the catalog belong to. */
  readonly trace?: Context;
}

/**
 * The quote with each item priced from the catalog, and its totals. An item that cannot be priced keeps what was
 * asked for it and says why (`unpricedReason`); the others are priced all the same. Throws `CatalogAway` when the
 * catalog does not answer.
 */
export const priceQuote = async (quote: JsonObject, context: PricingContext): Promise<JsonObject> => {
  const asked: Asked = {
    buyer: buyerOf(quote),
    currency: typeof quote['currency'] === 'string' ? quote['currency'] : undefined,
  };
  const quoteItem = await Promise.all(
    objectsAt(quote, 'quoteItem').map((item) => priceTree(item, asked, context)),
  );
  const { [UNPRICED_ITEMS]: _old, [MARGIN]: _margin, ...rest } = quote;
  const unpriced = itemsOf({ quoteItem }).filter((item) => item[UNPRICED] !== undefined);
  const margin = context.withMargin === true ? await quoteMargin(quoteItem, context) : undefined;
  return {
    ...rest,
    quoteItem,
    quoteTotalPrice: totalPrices(quoteItem),
    ...(margin === undefined ? {} : { [MARGIN]: margin }),
    ...(unpriced.length === 0 ? {} : { [UNPRICED_ITEMS]: unpriced.map(({ id }) => String(id)) }),
  };
};

/** What the quote says for all its items. */
interface Asked {
  readonly buyer: Buyer | undefined;
  readonly currency: string | undefined;
}

const priceTree = async (item: JsonObject, asked: Asked, context: PricingContext): Promise<JsonObject> => {
  const nested = await Promise.all(
    objectsAt(item, 'quoteItem').map((inner) => priceTree(inner, asked, context)),
  );
  const { [UNPRICED]: _reason, [EXPLANATION]: _steps, quoteItemPrice: _prices, ...bare } = item;
  const whole = { ...bare, ...(nested.length === 0 ? {} : { quoteItem: nested }) };
  if (!isCharged(item)) return { ...whole, quoteItemPrice: [] };
  const priced = await priceOne(item, nested.length > 0, asked, context);
  return { ...whole, ...priced };
};

const priceOne = async (
  item: JsonObject,
  hasNested: boolean,
  { buyer, currency }: Asked,
  { catalog, rules, date, trace }: PricingContext,
): Promise<JsonObject> => {
  const offeringId = offeringIdOf(item);
  if (offeringId === undefined) {
    // An item that only groups others costs nothing itself.
    return hasNested ? { quoteItemPrice: [] } : cannot(item, 'noOffering', 'It names no product offering.');
  }
  const offering = await catalog.offering(offeringId, trace);
  if (offering === undefined) {
    return cannot(
      item,
      'missingOffering',
      `The product offering ${offeringId} does not exist in the catalog.`,
    );
  }
  const reason = whyNotSellable(offering, item, date);
  if (reason !== undefined) return cannot(item, 'notSellable', reason);
  const parts = hasNested ? new Map<string, JsonObject>() : await partsOf(offering, catalog, trace);
  const prices = await pricesOf([offering, ...parts.values()], catalog, trace);
  const purchase = {
    offering,
    quantity: quantityOf(item),
    date,
    ...(currency === undefined ? {} : { currency }),
  };
  const known = await customerPricesOf(offeringId, offering, buyer, catalog, trace);
  const agreed =
    known === undefined || buyer === undefined
      ? ok(undefined)
      : agreedPrice(buyer, purchase, known, new Set(prices.keys()));
  if (!agreed.ok) return cannot(item, agreed.error.code, `${agreed.error.message}.`);
  const result = priceItem(
    {
      ...purchase,
      parts,
      prices,
      characteristics: characteristicsOf(item),
      partsAreItems: hasNested,
      alterations: requestedAlterations(item),
      ...(agreed.value === undefined ? {} : { agreed: agreed.value }),
    },
    rules,
  );
  if (!result.ok) return cannot(item, result.error.code, result.error.message);
  return {
    quoteItemPrice: result.value.charges.map(toQuotePrice),
    [EXPLANATION]: explanationJson(result.value.steps),
  };
};

/** The prices that may count for the buyer; not asked for when nobody is named or there can be none. */
const customerPricesOf = async (
  id: string,
  offering: JsonObject,
  buyer: Buyer | undefined,
  catalog: CatalogReader,
  trace: Context | undefined,
): Promise<CustomerPrices | undefined> =>
  buyer === undefined || !canHaveTerms(offering)
    ? undefined
    : catalog.customerPrices(id, buyer.customer, trace);

const cannot = (item: JsonObject, code: string, message: string): JsonObject => ({
  quoteItemPrice: requestsOnly(item),
  [UNPRICED]: { '@type': 'UnpricedReason', code, message },
});

/** Only what is launched is sold; what the customer has already may be changed while it is retired (FACTS 1). */
const whyNotSellable = (offering: JsonObject, item: JsonObject, date: string): string | undefined => {
  const name = `The product offering '${String(offering['name'])}'`;
  const states = item['action'] === 'modify' ? ['launched', 'retired'] : ['launched'];
  const status = String(offering['lifecycleStatus']);
  if (!states.includes(status.toLowerCase())) return `${name} is ${status}, not Launched.`;
  if (offering['isSellable'] === false && item['action'] !== 'modify') return `${name} is not sellable.`;
  const period = isJsonObject(offering['validFor']) ? (offering['validFor'] as TimePeriod) : undefined;
  return {
    within: undefined,
    before: `${name} is valid from ${period?.startDateTime ?? ''} on.`,
    after: `${name} was valid until ${period?.endDateTime ?? ''}.`,
    unreadable: `${name} has a validity that is not a period of date-times.`,
  }[positionIn(period, date)];
};

/** Offerings that make the price of a bundle, and theirs. */
const partsOf = async (
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
const pricesOf = async (
  offerings: readonly JsonObject[],
  catalog: CatalogReader,
  trace: Context | undefined,
): Promise<ReadonlyMap<string, JsonObject>> => {
  const prices = new Map<string, JsonObject>();
  const asked = new Set<string>();
  const listed = offerings.flatMap((offering) => objectsAt(offering, 'productOfferingPrice'));
  let open = [
    ...listed.flatMap(({ id }) => (typeof id === 'string' ? [id] : [])),
    ...listed.flatMap(relatedPriceIds),
  ];
  for (let depth = 0; open.length > 0 && depth < MAX_DEPTH; depth += 1) {
    for (const id of open) asked.add(id);
    const found = await catalog.prices(open, trace);
    for (const [id, price] of found) prices.set(id, price);
    open = [...new Set([...found.values()].flatMap(relatedPriceIds))].filter((id) => !asked.has(id));
  }
  return prices;
};

const quantityOf = (item: JsonObject): number | string => {
  const { quantity } = item;
  return typeof quantity === 'number' || typeof quantity === 'string' ? quantity : 1;
};

const characteristicsOf = (item: JsonObject): Record<string, unknown> => {
  const product = isJsonObject(item['product']) ? item['product'] : {};
  return Object.fromEntries(
    objectsAt(product, 'productCharacteristic').map(({ name, value }) => [String(name), value]),
  );
};
