/** What a charge is for; the three kinds of TMF620 prices. */
export type ChargeKind = 'oneTime' | 'recurring' | 'usage';
/** Which way a price alteration moves an amount. */
export type AlterationKind = 'discount' | 'surcharge';
/** A price that is charged, or one that alters others. */
export type PriceKind = ChargeKind | AlterationKind;

const KINDS: ReadonlyMap<string, PriceKind> = new Map(
  Object.entries({
    oneTime: 'onetime nonrecurring onetimecharge onetimeprice onetimefee',
    recurring: 'recurring recurringcharge recurringprice recurringfee',
    usage: 'usage usagecharge usageprice payperuse',
    discount: 'discount allowance rebate reduction promotion',
    surcharge: 'surcharge fee markup penalty',
  }).flatMap(([kind, words]) =>
    words.split(' ').map((word): [string, PriceKind] => [word, kind as PriceKind]),
  ),
);

/**
 * The kind behind a `priceType`, which the standard leaves as free text: letter case, blanks, dashes and
 * underscores do not matter (`one time`, `One-Time` and `oneTime` are one kind). Undefined for other words.
 */
export const priceKind = (priceType: unknown): PriceKind | undefined =>
  typeof priceType === 'string' ? KINDS.get(priceType.toLowerCase().replace(/[\s_-]/g, '')) : undefined;

/** True for the kinds that are charged by themselves. */
export const isCharge = (kind: PriceKind | undefined): kind is ChargeKind =>
  kind === 'oneTime' || kind === 'recurring' || kind === 'usage';

/**
 * Which way an alteration moves the amount. The standard has no sign rule and its examples give reductions as
 * positive figures under charge words (`recurring`, 20 %), so everything that is not named an addition reduces.
 */
export const alterationKind = (priceType: unknown): AlterationKind =>
  priceKind(priceType) === 'surcharge' ? 'surcharge' : 'discount';
