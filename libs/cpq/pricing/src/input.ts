import type { JsonObject } from '@quotebridge/platform/core';
import type { AgreedPrice } from './agreed-price';

/** What one quote item asks to be priced. Documents are in the v5 shape. */
export interface PricingInput {
  /** The productOffering of the item. */
  readonly offering: JsonObject;
  /** The offerings that `offering` bundles, by the key under which they are referred to (`referencedId`); only needed when the bundle has no price of its own. */
  readonly parts?: ReadonlyMap<string, JsonObject>;
  /** Every productOfferingPrice in reach (see `relatedPriceIds`), by the key under which it is referred to. */
  readonly prices: ReadonlyMap<string, JsonObject>;
  /** A number above zero or its text. */
  readonly quantity: number | string;
  /** Unit of the quantity. Without it, the quantity counts in the unit of the prices. */
  readonly unit?: string;
  /** Instant (date-time text) at which prices must be valid. */
  readonly date: string;
  /** Only prices of this currency are taken. Without it, all prices must have one currency. */
  readonly currency?: string;
  /** Values of the product's characteristics, for prices that depend on them. */
  readonly characteristics?: Readonly<Record<string, unknown>>;
  /** True when the bundle's parts are items of their own, so that they are not charged twice. */
  readonly partsAreItems?: boolean;
  /** What the customer pays once, where that is not the list price alone. */
  readonly agreed?: AgreedPrice;
  /** Discounts and surcharges asked for this item. */
  readonly alterations?: readonly RequestedAlteration[];
}

/** A `PriceAlteration` asked for an item, and the charges it is limited to. */
export interface RequestedAlteration {
  readonly alteration: JsonObject;
  /** `priceType` and `recurringChargePeriod` of the price entry it stood in. */
  readonly priceType?: string;
  readonly recurringChargePeriod?: string;
}

/** What the house allows; {@link defaultRules} unless the caller says otherwise. */
export interface PricingRules {
  /** May a price be below zero, for example a credit? */
  readonly allowNegative: boolean;
  /** Prices in one of these life-cycle states (lower case) are passed over. */
  readonly unusableStates: ReadonlySet<string>;
}

/** No negative amounts; no prices that are not released yet (FACTS 1: before Active) or no longer sold. */
export const defaultRules: PricingRules = {
  allowNegative: false,
  unusableStates: new Set(['in study', 'in design', 'in test', 'rejected', 'retired', 'obsolete']),
};
