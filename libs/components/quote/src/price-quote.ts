import {
  err,
  isJsonObject,
  objectsAt,
  ok,
  textAt,
  type JsonObject,
  type Result,
} from '@quotebridge/platform/core';
import {
  explanationJson,
  positionIn,
  priceItem,
  toQuotePrice,
  totalPrices,
  type PricingInput,
  type PricingRules,
  type TimePeriod,
} from '@quotebridge/cpq/pricing';
import type { Context } from '@quotebridge/platform/telemetry';
import type { CatalogReader, CustomerPrices } from '@quotebridge/tmf/client';
import { customerPricesOf, partsOf, pricesOf } from './catalog-documents';
import { agreedPrice, buyerOf, type Buyer } from './customer-terms';
import { EXPLANATION, requestedAlterations, requestsOnly, UNPRICED, UNPRICED_ITEMS } from './item-price';
import { isCharged, itemsOf, offeringIdOf } from './items';
import { MARGIN, quoteMargin } from './margin';
import type { PriceMemo } from './price-memo';

/** How the house prices. */
export interface Pricing {
  readonly catalog: CatalogReader;
  readonly rules: PricingRules;
  /** What was worked out before with the same rules. */
  readonly memo: PriceMemo<ItemPrice>;
  /** Works out what the quote earns as well. */
  readonly withMargin?: boolean;
}

/** What pricing a quote needs besides the quote. */
export interface PricingContext extends Pricing {
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
  { catalog, rules, memo, date, trace }: PricingContext,
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
  const known = await customerPricesOf(offeringId, offering, buyer, catalog, trace);
  const asked = {
    quantity: quantityOf(item),
    characteristics: characteristicsOf(item),
    partsAreItems: hasNested,
    alterations: requestedAlterations(item),
    ...(currency === undefined ? {} : { currency }),
  };
  const priced = memo.once(
    {
      documents: [offering, ...parts.values(), ...prices.values(), ...(known?.prices ?? [])],
      asked: [asked, buyer, known?.categories],
      date,
    },
    () => workOut({ ...asked, offering, parts, prices, date }, buyer, known, rules),
  );
  return priced.ok ? priced.value : cannot(item, priced.error.code, priced.error.message);
};

/** What was read under its key, by its id alone: what is agreed is about a price in whichever version. */
const byId = (prices: ReadonlyMap<string, JsonObject>): ReadonlyMap<string, JsonObject> =>
  new Map([...prices].map(([key, price]) => [textAt(price, 'id') ?? key, price]));

/** Code and message of what keeps an item from having a price. */
interface NotPriced {
  readonly code: string;
  readonly message: string;
}

/** What an item without nested ones says about its price; {@link PriceMemo} keeps them. */
export type ItemPrice = Result<JsonObject, NotPriced>;

const workOut = (
  input: PricingInput,
  buyer: Buyer | undefined,
  known: CustomerPrices | undefined,
  rules: PricingRules,
): ItemPrice => {
  const agreed =
    known === undefined || buyer === undefined
      ? ok(undefined)
      : agreedPrice(buyer, input, known, byId(input.prices));
  if (!agreed.ok) return err({ code: agreed.error.code, message: `${agreed.error.message}.` });
  const result = priceItem(agreed.value === undefined ? input : { ...input, agreed: agreed.value }, rules);
  if (!result.ok) return err({ code: result.error.code, message: result.error.message });
  return ok({
    quoteItemPrice: result.value.charges.map(toQuotePrice),
    [EXPLANATION]: explanationJson(result.value.steps),
  });
};

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
