import {
  defaultRules,
  isQuantityUse,
  matches,
  positionIn,
  readCatalogPrice,
  type CatalogPrice,
  type ValueUse,
} from '@quotebridge/cpq/pricing';
import { endOf, instantOf, objectsAt, startOf, textAt, type JsonObject } from '@quotebridge/platform/core';
import { validForOf } from './relations';

/** A price document of the catalog (TMF620 productOfferingPrice, v5) with its id. */
export interface PriceDocument {
  readonly id: string;
  readonly price: JsonObject;
}

/** What is asked for: a price for a customer, a quantity and a day. */
export interface PriceQuestion {
  readonly customer?: string;
  /** Price lists that the customer buys from. */
  readonly priceLists: readonly string[];
  /** Categories that the part belongs to. */
  readonly categories?: readonly string[];
  /** Decimal text, such as `2.5`. */
  readonly quantity: string;
  /** Date-time. */
  readonly date: string;
  readonly currency?: string;
}

/** For whom a price is: a named customer goes before a price list, and that before everybody. */
export type PriceLevel = 'customer' | 'priceList' | 'list';

/** The levels, the one that goes first at the beginning. */
export const PRICE_LEVELS: readonly PriceLevel[] = ['customer', 'priceList', 'list'];

/** Names of the characteristics by which a price says for whom and for what it is (`prodSpecCharValueUse`). */
export const CONDITIONS = { customer: 'customer', priceList: 'priceList', category: 'category' } as const;

/** A price that may apply. */
export interface Candidate {
  readonly price: CatalogPrice;
  readonly level: PriceLevel;
  /** For whom it is, in words. */
  readonly basis: string;
  /** When it began, in milliseconds since the epoch. */
  readonly since: number;
}

const isReleased = (json: JsonObject): boolean =>
  !defaultRules.unusableStates.has((textAt(json, 'lifecycleStatus') ?? '').toLowerCase());

const valuesOf = (use: ValueUse, question: PriceQuestion): readonly (string | undefined)[] => {
  if (isQuantityUse(use)) return [question.quantity];
  if (use.name === CONDITIONS.customer) return [question.customer];
  const several = use.name === CONDITIONS.priceList ? question.priceLists : categoriesFor(use, question);
  return several.length > 0 ? several : [undefined];
};

const categoriesFor = (use: ValueUse, { categories = [] }: PriceQuestion): readonly string[] =>
  use.name === CONDITIONS.category ? categories : [];

/** True when every condition of the price is met; one on something that is not asked for is met by its default only. */
const suits = (uses: readonly ValueUse[], question: PriceQuestion): boolean =>
  uses.every((use) => valuesOf(use, question).some((value) => matches(use, value)));

const levelOf = (uses: readonly ValueUse[]): PriceLevel => {
  const names = new Set(uses.map(({ name }) => name));
  if (names.has(CONDITIONS.customer)) return 'customer';
  return names.has(CONDITIONS.priceList) ? 'priceList' : 'list';
};

const basisOf = (uses: readonly ValueUse[], { customer, priceLists }: PriceQuestion): string => {
  const isFor = (list: string): boolean =>
    uses.filter(({ name }) => name === CONDITIONS.priceList).every((use) => matches(use, list));
  return {
    customer: `agreed with customer ${customer ?? ''}`.trim(),
    priceList: `price list ${priceLists.filter(isFor).join(', ')}`.trim(),
    list: 'for every customer',
  }[levelOf(uses)];
};

const read = ({ id, price }: PriceDocument, date: string): CatalogPrice | undefined => {
  const found = readCatalogPrice(id, price, date);
  return found.ok && !found.value.isBundle ? found.value : undefined;
};

/** The prices that are released, in force on the day and meant for this customer and quantity. */
export const candidatesOf = (documents: readonly PriceDocument[], question: PriceQuestion): Candidate[] =>
  documents.flatMap((document): Candidate[] => {
    const validFor = validForOf(document.price);
    if (!isReleased(document.price)) return [];
    if (positionIn(validFor, question.date) !== 'within') return [];
    const price = read(document, question.date);
    if (price === undefined || !suits(price.uses, question)) return [];
    return [
      {
        price,
        level: levelOf(price.uses),
        basis: basisOf(price.uses, question),
        since: startOf(validFor),
      },
    ];
  });

/** The next moment at which one of the prices begins or ends, whatever comes of it; undefined when none does. */
export const nextChangeOf = (
  documents: readonly PriceDocument[],
  { date }: PriceQuestion,
): string | undefined => {
  const now = instantOf(date);
  const bounds = documents
    .filter(({ price }) => isReleased(price))
    .flatMap(({ price }) => [price, ...usesAndValuesOf(price)])
    .map(validForOf)
    .flatMap((period) => [startOf(period), endOf(period)])
    .filter((time) => Number.isFinite(time) && time > now);
  return bounds.length === 0 ? undefined : new Date(Math.min(...bounds)).toISOString();
};

/** Conditions and their values have periods of their own. */
const usesAndValuesOf = (price: JsonObject): JsonObject[] => {
  const uses = objectsAt(price, 'prodSpecCharValueUse');
  return [...uses, ...uses.flatMap((use) => objectsAt(use, 'productSpecCharacteristicValue'))];
};
