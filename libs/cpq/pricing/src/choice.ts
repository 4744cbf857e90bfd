import { err, ok, type Result } from '@quotebridge/platform/core';
import type { Decimal } from 'decimal.js';
import type { Alteration } from './alteration';
import type { CatalogPrice } from './catalog-price';
import type { PriceStep } from './explanation';
import type { PricingInput } from './input';
import { isPeriodWord } from './period';
import type { Candidate } from './selection';
import { convertQuantity, sameUnit } from './units';
import { unpriced, type Unpriced } from './unpriced';
import { isQuantityUse, matches, rangesText } from './value-use';

/** A charge that will be calculated. */
export interface ChosenCharge extends Candidate {
  readonly currency: string;
  /** The item's quantity in the unit of the price; 1 for a usage rate, which is not multiplied. */
  readonly units: Decimal;
  /** Set on what was agreed with a customer: for whom it is, and what counts before all other alterations. */
  readonly agreed?: { readonly basis: string; readonly alterations: readonly Alteration[] };
}

/** The charges to calculate and the steps that led to them. */
export interface Choice {
  readonly charges: readonly ChosenCharge[];
  readonly steps: readonly PriceStep[];
}

/**
 * Decides which of the valid charges are charged: those of the wanted currency, and of each family of tiers (same
 * list, type, period, unit and currency) the one tier that holds the quantity. Refuses a mix of currencies or
 * units, a gap between tiers, and tiers that overlap.
 */
export const chooseCharges = (
  candidates: readonly Candidate[],
  input: PricingInput,
): Result<Choice, Unpriced> => {
  const steps: PriceStep[] = [];
  const wanted = candidates.filter(({ price }) => {
    if (input.currency === undefined || price.amount?.currency === input.currency) return true;
    const text = `The price '${price.name}' is passed over: it is in ${price.amount?.currency}, not ${input.currency}.`;
    steps.push({ rule: 'skipped', text, priceId: price.id });
    return false;
  });
  const refusal = nothingLeft(candidates, wanted, input) ?? unitMix(wanted, input);
  if (refusal !== undefined) return err(refusal);

  const measured: ChosenCharge[] = [];
  for (const candidate of wanted) {
    const units = unitsOf(candidate, input);
    if (!units.ok) return units;
    measured.push({ ...candidate, units: units.value, currency: candidate.price.amount?.currency ?? '' });
  }
  const charges: ChosenCharge[] = [];
  for (const charge of measured) {
    const tiers = tiersOf(charge.price);
    if (tiers.length === 0) {
      charges.push(charge);
      continue;
    }
    const family = measured.filter((other) => isTiered(other) && familyOf(other) === familyOf(charge));
    const fitting = family.filter(holdsQuantity);
    if (fitting.length === 0) return err(noTier(charge, family));
    if (fitting.length > 1) return err(ambiguous(charge, fitting));
    if (fitting[0] === charge) charges.push(charge);
  }
  const currencies = [...new Set(charges.map(({ currency }) => currency))].sort();
  if (currencies.length > 1) {
    const text = `The prices are in ${currencies.join(' and ')}; ask for one currency or keep one in the offering.`;
    return err(unpriced('currencyMix', text, ...charges.map(({ price }) => price.id)));
  }
  return ok({ charges, steps });
};

/** The quantity tiers of a price as text, undefined when it has none. */
export const tierText = (price: CatalogPrice): string | undefined => {
  const tiers = tiersOf(price);
  return tiers.length === 0 ? undefined : tiers.map(rangesText).join(' and ');
};

const tiersOf = (price: CatalogPrice): CatalogPrice['uses'] => price.uses.filter(isQuantityUse);

const isTiered = ({ price }: Candidate): boolean => tiersOf(price).length > 0;

const tierQuantity = (charge: ChosenCharge): Decimal =>
  charge.price.kind === 'usage' ? charge.quantity : charge.units;

const holdsQuantity = (charge: ChosenCharge): boolean =>
  tiersOf(charge.price).every((use) => matches(use, tierQuantity(charge).toString()));

const familyOf = ({ price, path, currency }: ChosenCharge): string =>
  JSON.stringify([path, price.kind, price.period ?? '', price.unit?.trim().toLowerCase() ?? '', currency]);

const unitsOf = ({ price, quantity }: Candidate, input: PricingInput): Result<Decimal, Unpriced> => {
  const unit = measuringUnit(price);
  if (input.unit === undefined || unit === undefined) return ok(quantity);
  const converted = convertQuantity(quantity, input.unit, unit);
  if (converted.ok) return converted;
  const text = `The price '${price.name}' is per ${price.unit}, the item is in ${input.unit}: ${converted.error}.`;
  return err(unpriced('unknownUnit', text, price.id));
};

/** The unit that quantities of the item are measured in; none for usage and for a unit that is the charge period. */
const measuringUnit = ({ kind, unit }: CatalogPrice): string | undefined =>
  unit === undefined || kind === 'usage' || (kind === 'recurring' && isPeriodWord(unit)) ? undefined : unit;

const unitMix = (candidates: readonly Candidate[], input: PricingInput): Unpriced | undefined => {
  if (input.unit !== undefined) return undefined;
  const measured = candidates.flatMap(({ price, path }) => {
    const unit = measuringUnit(price);
    return unit === undefined ? [] : [{ unit, id: price.id, offering: path[0] }];
  });
  const [first, ...others] = measured;
  const other = others.find(
    ({ unit, offering }) => offering === first?.offering && !sameUnit(unit, first?.unit ?? ''),
  );
  if (first === undefined || other === undefined) return undefined;
  const text = `The prices are per ${first.unit} and per ${other.unit}, and the item does not say its unit.`;
  return unpriced('unknownUnit', text, first.id, other.id);
};

const nothingLeft = (
  candidates: readonly Candidate[],
  wanted: readonly Candidate[],
  input: PricingInput,
): Unpriced | undefined => {
  if (wanted.length > 0 || candidates.length === 0) return undefined;
  const text = `No price of the offering is in ${input.currency}.`;
  return unpriced('currencyMix', text, ...candidates.map(({ price }) => price.id));
};

const listText = (charges: readonly ChosenCharge[]): string =>
  charges.map(({ price }) => `'${price.name}' ${tierText(price) ?? ''}`).join(', ');

const noTier = (charge: ChosenCharge, family: readonly ChosenCharge[]): Unpriced =>
  unpriced(
    'noTier',
    `No tier holds the quantity ${tierQuantity(charge).toString()}: ${listText(family)}.`,
    ...family.map(({ price }) => price.id),
  );

const ambiguous = (charge: ChosenCharge, fitting: readonly ChosenCharge[]): Unpriced =>
  unpriced(
    'ambiguousTiers',
    `The quantity ${tierQuantity(charge).toString()} lies in more than one tier: ${listText(fitting)}.`,
    ...fitting.map(({ price }) => price.id),
  );
