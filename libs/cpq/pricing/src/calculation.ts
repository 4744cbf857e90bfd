import { err, ok, type Result } from '@quotebridge/platform/core';
import type { Decimal } from 'decimal.js';
import { inApplicationOrder, type Alteration } from './alteration';
import type { CatalogPrice } from './catalog-price';
import { tierText, type ChosenCharge } from './choice';
import type { PriceStep } from './explanation';
import type { PricingRules } from './input';
import { Exact, fitsNumber, RATE_DECIMALS, roundMoney, textOf } from './money';
import type { ChargeKind } from './price-type';
import { unpriced, type Unpriced } from './unpriced';

/** An alteration and by how much it moved the amount (negative for a discount). */
export interface AppliedAlteration {
  readonly alteration: Alteration;
  readonly change: Decimal;
}

/** One charge, calculated. `base` + the changes = `net`; `net` + `tax` = `gross`, all of them rounded. */
export interface PricedCharge {
  readonly price: CatalogPrice;
  readonly kind: ChargeKind;
  readonly currency: string;
  readonly base: Decimal;
  readonly net: Decimal;
  readonly tax: Decimal;
  readonly gross: Decimal;
  /** Per cent. */
  readonly taxRate: Decimal;
  readonly alterations: readonly AppliedAlteration[];
  readonly steps: readonly PriceStep[];
}

/**
 * Calculates one charge: amount × quantity, then each alteration (what was agreed first) on the amount reached so far, then tax. Rounds
 * half-up to the minor unit after the multiplication, after each alteration and after the tax, so that the
 * figures shown add up; a usage rate keeps ten decimals and is not multiplied.
 */
export const calculate = (
  charge: ChosenCharge,
  alterations: readonly Alteration[],
  rules: PricingRules,
): Result<PricedCharge, Unpriced> => {
  const { price, currency } = charge;
  const steps: PriceStep[] = [];
  const round = rounding(charge);
  const note = (step: Omit<PriceStep, 'priceId'>, priceId = price.id): void =>
    void steps.push({ ...step, priceId });
  const text = (value: Decimal): string => textOf({ value, currency });
  const amount = price.amount?.value ?? new Exact(0);

  note({ rule: 'price', text: priceText(charge), after: text(amount) });
  const tier = tierText(price);
  if (tier !== undefined) note({ rule: 'tier', text: `The quantity lies in the tier ${tier}.` });
  const base = round(price.kind === 'usage' ? amount : amount.times(charge.units).dividedBy(price.per));
  if (price.kind !== 'usage') {
    const per = price.per.equals(1) ? '' : ` / ${price.per.toString()}`;
    const multiplied = `${charge.units.toString()} × ${text(amount)}${per}`;
    note({ rule: 'quantity', text: multiplied, before: text(amount), after: text(base) });
  }
  if (base.isNegative() && !base.isZero() && !rules.allowNegative) return err(belowZero(charge, base));

  let net = base;
  const applied: AppliedAlteration[] = [];
  for (const alteration of [...(charge.agreed?.alterations ?? []), ...inApplicationOrder(alterations)]) {
    const size = round(sizeOf(alteration, charge, net));
    const change = alteration.kind === 'surcharge' ? size : size.negated();
    const before = net;
    net = net.plus(change);
    if (net.isNegative() && !net.isZero() && !rules.allowNegative) {
      return err(belowZero(charge, net, alteration));
    }
    applied.push({ alteration, change });
    note(
      { rule: 'alteration', text: alterationText(alteration), before: text(before), after: text(net) },
      alteration.priceId,
    );
  }

  const fixed = price.fixedTax.reduce((sum, it) => sum.plus(it.value), new Exact(0));
  const foreign = price.fixedTax.find((it) => it.currency !== currency);
  if (foreign !== undefined) {
    const why = `The price '${price.name}' is in ${currency}, but its tax is in ${foreign.currency}.`;
    return err(unpriced('currencyMix', why, price.id));
  }
  const tax = round(
    net
      .times(price.taxRate)
      .dividedBy(100)
      .plus(price.kind === 'usage' ? fixed : fixed.times(charge.units).dividedBy(price.per)),
  );
  const gross = net.plus(tax);
  note({ rule: 'tax', text: taxText(price, text(tax)), before: text(net), after: text(gross) });

  const unfit = [base, net, gross].find((value) => !fitsNumber(value));
  if (unfit !== undefined) {
    const why = `${text(unfit)} for '${price.name}' has too many digits for a JSON number.`;
    return err(unpriced('tooLarge', why, price.id));
  }
  const kind = price.kind as ChargeKind;
  const { taxRate } = price;
  return ok({ price, kind, currency, base, net, tax, gross, taxRate, alterations: applied, steps });
};

const rounding =
  ({ price, currency }: ChosenCharge) =>
  (value: Decimal): Decimal =>
    price.kind === 'usage'
      ? value.toDecimalPlaces(RATE_DECIMALS, Exact.ROUND_HALF_UP)
      : roundMoney(value, currency);

const sizeOf = (alteration: Alteration, charge: ChosenCharge, running: Decimal): Decimal => {
  if (alteration.percentage !== undefined) return running.abs().times(alteration.percentage).dividedBy(100);
  const amount = alteration.amount?.value ?? new Exact(0);
  return alteration.per === undefined ? amount : amount.times(charge.units).dividedBy(alteration.per.count);
};

const WORDS: Readonly<Record<ChargeKind, string>> = {
  oneTime: 'once',
  recurring: 'per',
  usage: 'per use of',
};

const priceText = ({ price, agreed }: ChosenCharge): string => {
  const per = `${price.per.toString()} ${price.unit ?? 'unit'}`;
  const kind = price.kind as ChargeKind;
  const when =
    kind === 'recurring' ? `for ${per}, ${WORDS.recurring} ${price.period ?? ''}` : `${WORDS[kind]} ${per}`;
  const whose = agreed === undefined ? '' : `, ${agreed.basis}`;
  return `Price '${price.name}' (${price.id}), ${kind === 'oneTime' ? `for ${per}, once` : when}${whose}.`;
};

const alterationText = (it: Alteration): string => {
  const size =
    it.percentage === undefined ? (it.amount === undefined ? '' : textOf(it.amount)) : `${it.percentage} %`;
  const per = it.per === undefined ? '' : ` per ${it.per.count.toString()} ${it.per.unit ?? 'unit'}`;
  const priority = Number.isFinite(it.priority) ? `priority ${it.priority}` : (it.basis ?? 'no priority');
  const lasting =
    it.applicationDuration === undefined ? '' : `, for the first ${it.applicationDuration} period(s)`;
  const asked = it.source === 'request' ? ', asked for this item' : '';
  return `${it.kind === 'surcharge' ? 'Surcharge' : 'Discount'} '${it.name}': ${size}${per} (${priority}${lasting}${asked}).`;
};

const taxText = (price: CatalogPrice, tax: string): string =>
  price.taxRate.isZero() && price.fixedTax.length === 0
    ? 'No tax in the catalog.'
    : `Tax ${price.taxRate.toString()} %${price.fixedTax.length === 0 ? '' : ' and fixed taxes'}: ${tax}.`;

const belowZero = ({ price, currency }: ChosenCharge, value: Decimal, alteration?: Alteration): Unpriced =>
  unpriced(
    'belowZero',
    alteration === undefined
      ? `The price '${price.name}' is ${textOf({ value, currency })}; prices below zero are not allowed.`
      : `The discount '${alteration.name}' takes '${price.name}' to ${textOf({ value, currency })}, below zero.`,
    price.id,
  );
