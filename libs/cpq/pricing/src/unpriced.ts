/** Kinds of reasons for which an item has no price. Stable: clients and tests may branch on them. */
export type UnpricedCode =
  | 'noPrice'
  | 'noValidPrice'
  | 'missingPrice'
  | 'missingOffering'
  | 'badPrice'
  | 'badQuantity'
  | 'badAlteration'
  | 'unknownPriceType'
  | 'noPeriod'
  | 'noTier'
  | 'ambiguousTiers'
  | 'bundleCycle'
  | 'currencyMix'
  | 'unknownUnit'
  | 'externalAlgorithm'
  | 'belowZero'
  | 'tooLarge';

/** Why an item cannot be priced: one sentence for people, the code for programs, the prices concerned. */
export interface Unpriced {
  readonly code: UnpricedCode;
  readonly message: string;
  readonly priceIds: readonly string[];
}

/** Builds an {@link Unpriced}. */
export const unpriced = (code: UnpricedCode, message: string, ...priceIds: readonly string[]): Unpriced => ({
  code,
  message,
  priceIds,
});
