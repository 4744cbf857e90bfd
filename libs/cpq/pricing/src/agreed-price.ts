import type { Alteration } from './alteration';
import type { CatalogPrice } from './catalog-price';

/** What a customer pays once for a part: a price, and the discounts and surcharges on it in the order they count. */
export interface AgreedPrice {
  /** A one-time price with an amount. */
  readonly base: CatalogPrice;
  /** For whom the price is, in words. */
  readonly basis: string;
  readonly alterations: readonly Alteration[];
  /** False when it stands for every one-time price that the offering lists, as a price of the customer's own does. */
  readonly isListPrice: boolean;
}
