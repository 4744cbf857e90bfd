import { customerTerms, type CustomerTerms, type NoPrice } from '@quotebridge/cpq/parts';
import { decimalOf, pricedPartIds, type AgreedPrice } from '@quotebridge/cpq/pricing';
import { isJsonObject, objectsAt, ok, type JsonObject, type Result } from '@quotebridge/platform/core';
import type { CustomerPrices } from '@quotebridge/tmf/client';

/** Who buys: a customer by his number, from these price lists. */
export interface Buyer {
  readonly customer?: string;
  readonly priceLists: readonly string[];
}

const textsIn = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((text) => typeof text === 'string' && text !== '');

/**
 * The buyer that a quote names: the related party in the role `customer`, whose id is the number in the ERP, and the
 * extension attribute `priceList`, one or several. Undefined when it names neither.
 */
export const buyerOf = (quote: JsonObject): Buyer | undefined => {
  const party = objectsAt(quote, 'relatedParty').find(
    ({ role }) => typeof role === 'string' && role.toLowerCase() === 'customer',
  );
  const reference = isJsonObject(party?.['partyOrPartyRole']) ? party['partyOrPartyRole'] : party;
  const [customer] = textsIn(reference?.['id']);
  const priceLists = textsIn(quote['priceList']);
  if (customer === undefined && priceLists.length === 0) return undefined;
  return { priceLists, ...(customer === undefined ? {} : { customer }) };
};

/** May the offering have prices for single customers? Not when it is priced by what it bundles. */
export const canHaveTerms = (offering: JsonObject): boolean =>
  isJsonObject(offering['productSpecification']) && pricedPartIds(offering).length === 0;

/** What is bought: how many of an offering, at which time, in which currency if one is wanted. */
export interface Purchase {
  readonly offering: JsonObject;
  readonly quantity: number | string;
  readonly date: string;
  readonly currency?: string;
}

/**
 * What the buyer pays once by what was agreed with him, by a price list, or by discounts beyond those of the offering;
 * undefined when the offering's own prices are all that counts. `listed` are those by id, in the versions that count.
 */
export const agreedPrice = (
  { customer, priceLists }: Buyer,
  { offering, quantity, date, currency }: Purchase,
  { categories, prices }: CustomerPrices,
  listed: ReadonlyMap<string, JsonObject>,
): Result<AgreedPrice | undefined, NoPrice> => {
  const documents = prices.flatMap((price) =>
    typeof price['id'] === 'string' ? [{ id: price['id'], price: listed.get(price['id']) ?? price }] : [],
  );
  const terms = customerTerms(documents, {
    priceLists,
    categories,
    date,
    quantity: decimalOf(quantity)?.toString() ?? '',
    ...(customer === undefined ? {} : { customer }),
    ...(currency === undefined ? {} : { currency }),
  });
  if (!terms.ok) return isAsListed(terms.error) ? ok(undefined) : terms;
  const own = new Set([...listed.keys(), ...objectsAt(offering, 'productOfferingPrice').map(nameOf)]);
  if (!isBeyond(terms.value, own)) return ok(undefined);
  const { agreed } = terms.value;
  return ok({ ...agreed, isListPrice: agreed.isListPrice && own.has(agreed.base.id) });
};

/** The list prices decide, and say themselves what is wrong. */
const isAsListed = ({ code }: NoPrice): boolean => code === 'noPrice' || code === 'badQuantity';

/** A price that stands in the offering itself goes by its name when it has no id. */
const nameOf = ({ id, name }: JsonObject): string => String(id ?? name);

const isBeyond = ({ levels }: CustomerTerms, own: ReadonlySet<string>): boolean =>
  [...levels].some(([id, level]) => level !== 'list' || !own.has(id));
