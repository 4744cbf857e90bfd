import {
  Exact,
  fitsNumber,
  isCharge,
  numberOf,
  roundMoney,
  type CatalogPrice,
} from '@quotebridge/cpq/pricing';
import { err, ok, type Result } from '@quotebridge/platform/core';
import {
  candidatesOf,
  nextChangeOf,
  type Candidate,
  type PriceDocument,
  type PriceLevel,
  type PriceQuestion,
} from './price-candidates';

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

/** Why there is no price. */
export interface NoPrice {
  readonly code: 'badQuantity' | 'noPrice' | 'severalCurrencies' | 'belowZero' | 'tooManyDigits';
  readonly message: string;
}

const LEVELS: readonly PriceLevel[] = ['customer', 'priceList', 'list'];

const refuse = (code: NoPrice['code'], message: string): Result<never, NoPrice> => err({ code, message });

/** The one that began last; the smaller id when two began together, so that the order of reading does not matter. */
const latest = (candidates: readonly Candidate[]): Candidate | undefined =>
  [...candidates].sort(
    (a, b) => (a.since === b.since ? 0 : b.since - a.since) || (a.price.id < b.price.id ? -1 : 1),
  )[0];

const isBase = ({ price }: Candidate): boolean => price.kind === 'oneTime' && price.amount !== undefined;

const amountOf = ({ amount, per }: CatalogPrice, quantity: Exact): Exact =>
  (amount?.value ?? new Exact(0)).div(per).times(quantity);

type Exact = InstanceType<typeof Exact>;

/**
 * The discounts and surcharges that apply, the general ones first. Those of one name and level are the tiers of one
 * schedule, of which one applies. A price that was agreed with the customer is only altered by what names him too.
 */
const alterationsFor = (candidates: readonly Candidate[], base: Candidate, currency: string): Candidate[] => {
  const schedules = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const { price, level } = candidate;
    if (price.kind === undefined || isCharge(price.kind)) continue;
    if (base.level === 'customer' && level !== 'customer') continue;
    if (price.percentage === undefined && price.amount?.currency !== currency) continue;
    const key = `${LEVELS.length - LEVELS.indexOf(level)} ${price.kind} ${price.name}`;
    schedules.set(key, [...(schedules.get(key) ?? []), candidate]);
  }
  return [...schedules.keys()].sort().flatMap((key) => latest(schedules.get(key) ?? []) ?? []);
};

const baseFor = (candidates: readonly Candidate[]): Candidate | undefined => {
  for (const level of LEVELS) {
    const found = latest(candidates.filter((candidate) => isBase(candidate) && candidate.level === level));
    if (found) return found;
  }
  return undefined;
};

const stepOf = (
  rule: PriceStep['rule'],
  { price, level }: Candidate,
  change: Exact,
  result: Exact,
): PriceStep => ({
  rule,
  level,
  priceId: price.id,
  name: price.name,
  ...(price.percentage === undefined ? {} : { percentage: price.percentage.toNumber() }),
  amount: numberOf(change),
  result: numberOf(result),
});

/**
 * What a customer pays for a quantity of a part on a day, from all price documents of the part: the price for the
 * customer, else that of his price list, else that for everybody; then discounts and surcharges, each of the amount
 * reached so far and rounded. Amounts are exact decimals, half up to the currency's minor unit.
 */
export const customerPrice = (
  documents: readonly PriceDocument[],
  question: PriceQuestion,
): Result<CustomerPrice, NoPrice> => {
  if (!/^\d+(\.\d+)?$/.test(question.quantity) || new Exact(question.quantity).isZero())
    return refuse('badQuantity', `The quantity must be a number above zero, not "${question.quantity}"`);
  const quantity = new Exact(question.quantity);
  const candidates = candidatesOf(documents, question).filter(
    ({ price }) =>
      question.currency === undefined ||
      price.amount === undefined ||
      price.amount.currency === question.currency,
  );
  const base = baseFor(candidates);
  if (base?.price.amount === undefined)
    return refuse('noPrice', 'There is no price for this customer and day');
  const { currency } = base.price.amount;
  const rivals = candidates.filter(
    (other) => isBase(other) && other.level === base.level && other.price.amount?.currency !== currency,
  );
  if (rivals.length > 0)
    return refuse('severalCurrencies', 'There are prices in several currencies; name the one that is wanted');

  const list = latest(
    candidates.filter(
      (one) => isBase(one) && one.level === 'list' && one.price.amount?.currency === currency,
    ),
  );
  let reached = roundMoney(amountOf(base.price, quantity), currency);
  const steps = [stepOf('price', base, reached, reached)];
  for (const alteration of alterationsFor(candidates, base, currency)) {
    const { price } = alteration;
    const isSurcharge = price.kind === 'surcharge';
    const size =
      price.percentage === undefined
        ? amountOf(price, quantity).abs()
        : reached.times(price.percentage.abs()).div(100);
    const change = roundMoney(isSurcharge ? size : size.negated(), currency);
    reached = reached.plus(change);
    steps.push(stepOf(isSurcharge ? 'surcharge' : 'discount', alteration, change, reached));
  }
  if (reached.isNegative() && !reached.isZero())
    return refuse('belowZero', 'The discounts are larger than the price');
  if (!fitsNumber(reached))
    return refuse('tooManyDigits', 'The amount has more digits than a JSON number holds');
  const validUntil = nextChangeOf(documents, question);
  return ok({
    currency,
    quantity: quantity.toNumber(),
    ...(base.price.unit === undefined ? {} : { units: base.price.unit }),
    ...(list === undefined ? {} : { list: numberOf(roundMoney(amountOf(list.price, quantity), currency)) }),
    net: numberOf(reached),
    steps,
    ...(validUntil === undefined ? {} : { validUntil }),
  });
};
