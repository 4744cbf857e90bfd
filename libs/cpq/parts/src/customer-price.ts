import {
  calculateAgreed,
  defaultRules,
  Exact,
  numberOf,
  roundMoney,
  type Alteration,
  type CatalogPrice,
} from '@quotebridge/cpq/pricing';
import { ok, type Result } from '@quotebridge/platform/core';
import { customerTerms, refuse, type CustomerTerms, type NoPrice } from './customer-terms';
import { nextChangeOf, type PriceDocument, type PriceLevel, type PriceQuestion } from './price-candidates';

/** One step from the list price to the net one. `amount` is what it adds, negative for a discount. */
export interface PriceStep {
  readonly rule: 'price' | 'discount' | 'surcharge';
  readonly level: PriceLevel;
  readonly priceId: string;
  readonly name: string;
  readonly percentage?: number;
  readonly amount: number;
  /** The amount reached with this step. */
  readonly result: number;
}

/** What a customer pays for a quantity on a day. All amounts are for the whole quantity, in one currency. */
export interface CustomerPrice {
  readonly currency: string;
  readonly quantity: number;
  readonly units?: string;
  /** What everybody would pay; none when there is no price for everybody. */
  readonly list?: number;
  readonly net: number;
  readonly steps: readonly PriceStep[];
  /** Until then nothing changes; none when no price is known to begin or end. */
  readonly validUntil?: string;
}

type Amount = InstanceType<typeof Exact>;

const REFUSALS: Readonly<Record<string, readonly [NoPrice['code'], string]>> = {
  belowZero: ['belowZero', 'The discounts are larger than the price'],
  tooLarge: ['tooManyDigits', 'The amount has more digits than a JSON number holds'],
  currencyMix: ['severalCurrencies', 'The price and its tax are in several currencies'],
};

const stepOf = (
  { levels }: CustomerTerms,
  {
    rule,
    priceId = '',
    name,
    percentage,
  }: Pick<Alteration, 'priceId' | 'name' | 'percentage'> & Pick<PriceStep, 'rule'>,
  change: Amount,
  result: Amount,
): PriceStep => ({
  rule,
  level: levels.get(priceId) ?? 'list',
  priceId,
  name,
  ...(percentage === undefined ? {} : { percentage: percentage.toNumber() }),
  amount: numberOf(change),
  result: numberOf(result),
});

const listAmount = ({ amount, per }: CatalogPrice, quantity: Amount, currency: string): number =>
  numberOf(roundMoney((amount?.value ?? new Exact(0)).times(quantity).div(per), currency));

/**
 * What a customer pays for a quantity of a part on a day, from all price documents of the part: the terms that count
 * for him, each applied to the amount reached so far and rounded. Amounts are exact decimals, half up to the currency's
 * minor unit.
 */
export const customerPrice = (
  documents: readonly PriceDocument[],
  question: PriceQuestion,
): Result<CustomerPrice, NoPrice> => {
  const terms = customerTerms(documents, question);
  if (!terms.ok) return terms;
  const { agreed, currency, list } = terms.value;
  const quantity = new Exact(question.quantity);
  const charge = calculateAgreed(agreed, quantity, defaultRules);
  if (!charge.ok) return refuse(...(REFUSALS[charge.error.code] ?? ['noPrice', charge.error.message]));

  const { base, net, alterations } = charge.value;
  const start = { rule: 'price' as const, priceId: agreed.base.id, name: agreed.base.name };
  const steps = [stepOf(terms.value, start, base, base)];
  let reached = base;
  for (const { alteration, change } of alterations) {
    reached = reached.plus(change);
    steps.push(stepOf(terms.value, { ...alteration, rule: alteration.kind }, change, reached));
  }
  const validUntil = nextChangeOf(documents, question);
  return ok({
    currency,
    quantity: quantity.toNumber(),
    ...(agreed.base.unit === undefined ? {} : { units: agreed.base.unit }),
    ...(list === undefined ? {} : { list: listAmount(list, quantity, currency) }),
    net: numberOf(net),
    steps,
    ...(validUntil === undefined ? {} : { validUntil }),
  });
};
