import { err, ok, type Result } from '@quotebridge/platform/core';
import type { Decimal } from 'decimal.js';
import type { AgreedPrice } from './agreed-price';
import type { Alteration } from './alteration';
import { calculate, type PricedCharge } from './calculation';
import type { CatalogPrice } from './catalog-price';
import type { ChosenCharge } from './choice';
import type { PriceStep } from './explanation';
import type { PricingRules } from './input';
import { toAlteration } from './price-alteration';
import type { Selection } from './selection';
import { unpriced, type Unpriced } from './unpriced';

/**
 * A discount or surcharge for a customer, undefined for one that alters other kinds of charges or has no figure in the
 * currency. An amount counts per unit, whether it says so or not.
 */
export const agreedAlteration = (
  price: CatalogPrice,
  basis: string,
  currency: string,
): Alteration | undefined => {
  const read = toAlteration(price);
  if (!read.ok || read.value.onlyKind !== undefined) return undefined;
  const { amount } = read.value;
  if (amount === undefined) return { ...read.value, basis };
  if (amount.currency !== currency) return undefined;
  const { per: count, unit } = price;
  return { ...read.value, basis, per: { count, ...(unit === undefined ? {} : { unit }) } };
};

/** The charge that an agreed price makes of a quantity (in the unit of the price). */
const chargeOf = ({ base, basis, alterations }: AgreedPrice, quantity: Decimal): ChosenCharge => ({
  price: base,
  path: [],
  quantity,
  units: quantity,
  currency: base.amount?.currency ?? '',
  agreed: { basis, alterations },
});

/** What a customer pays for a quantity by an agreed price alone; rounding as everywhere. */
export const calculateAgreed = (
  agreed: AgreedPrice,
  quantity: Decimal,
  rules: PricingRules,
): Result<PricedCharge, Unpriced> => calculate(chargeOf(agreed, quantity), [], rules);

const idsOf = ({ base, alterations }: AgreedPrice): ReadonlySet<string | undefined> =>
  new Set([base.id, ...alterations.map(({ priceId }) => priceId)]);

/** Steps without those that say that something is passed over which counts as agreed. */
export const withoutCounted = (steps: readonly PriceStep[], agreed: AgreedPrice): readonly PriceStep[] => {
  const counted = idsOf(agreed);
  return steps.filter(({ rule, priceId }) => rule !== 'skipped' || !counted.has(priceId));
};

/**
 * What is left of the catalog's own prices beside an agreed one: a price of the customer's own stands for all one-time
 * list prices, and the catalog's alterations do not touch what was agreed.
 */
export const giveWay = (selection: Selection, agreed: AgreedPrice): Selection => {
  const goes = ({ kind }: CatalogPrice): boolean => kind === 'oneTime' && !agreed.isListPrice;
  const replaced = selection.candidates.filter(({ price }) => goes(price));
  return {
    candidates: selection.candidates.filter(({ price }) => !goes(price)),
    attachments: selection.attachments.map(({ alteration, reaches }) => ({
      alteration,
      reaches: (it) => it.price !== agreed.base && reaches(it),
    })),
    steps: [
      ...selection.steps,
      ...replaced.map(({ price: { id, name } }) => ({
        rule: 'skipped' as const,
        text: `The list price '${name}' gives way to the price of this customer.`,
        priceId: id,
      })),
    ],
  };
};

/** The charges with the agreed one first, in place of the list price that it is made of. Refuses a mix of currencies. */
export const withAgreed = (
  charges: readonly ChosenCharge[],
  agreed: AgreedPrice,
  quantity: Decimal,
): Result<readonly ChosenCharge[], Unpriced> => {
  const charge = chargeOf(agreed, quantity);
  const others = charges.filter(({ price }) => price.id !== agreed.base.id);
  const foreign = others.find(({ currency }) => currency !== charge.currency);
  if (foreign === undefined) return ok([charge, ...others]);
  const text = `The customer's price '${agreed.base.name}' is in ${charge.currency}, '${foreign.price.name}' in ${foreign.currency}; ask for one currency.`;
  return err(unpriced('currencyMix', text, agreed.base.id, foreign.price.id));
};
