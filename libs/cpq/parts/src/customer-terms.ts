import {
  agreedAlteration,
  Exact,
  isCharge,
  type AgreedPrice,
  type Alteration,
} from '@quotebridge/cpq/pricing';
import { err, ok, type Result } from '@quotebridge/platform/core';
import {
  candidatesOf,
  PRICE_LEVELS,
  type Candidate,
  type PriceDocument,
  type PriceLevel,
  type PriceQuestion,
} from './price-candidates';

/** Why there is no price. */
export interface NoPrice {
  readonly code: 'badQuantity' | 'noPrice' | 'severalCurrencies' | 'belowZero' | 'tooManyDigits';
  readonly message: string;
}

/** Which prices count for a customer: what `cpq/pricing` calculates with, and for whom each of them is. */
export interface CustomerTerms {
  readonly agreed: AgreedPrice;
  readonly currency: string;
  /** The level of the price and of each alteration, by id. */
  readonly levels: ReadonlyMap<string, PriceLevel>;
  /** The price for everybody in that currency, if there is one. */
  readonly list?: Candidate['price'];
}

/** A refusal of a price. */
export const refuse = (code: NoPrice['code'], message: string): Result<never, NoPrice> =>
  err({ code, message });

/** The one that began last; the smaller id when two began together, so that the order of reading does not matter. */
const latest = (candidates: readonly Candidate[]): Candidate | undefined =>
  [...candidates].sort(
    (a, b) => (a.since === b.since ? 0 : b.since - a.since) || (a.price.id < b.price.id ? -1 : 1),
  )[0];

const isBase = ({ price }: Candidate): boolean => price.kind === 'oneTime' && price.amount !== undefined;

const namesOther = (from: Candidate, to: Candidate): boolean =>
  from.price.links.some(({ id }) => id === to.price.id);

/**
 * Tied by `popRelationship` in either direction, an alteration counts for the prices that it is tied to only; one that
 * is tied to none counts for all.
 */
const reaches = (alteration: Candidate, base: Candidate, candidates: readonly Candidate[]): boolean => {
  if (namesOther(alteration, base) || namesOther(base, alteration)) return true;
  return alteration.price.links.length === 0 && !candidates.some((other) => namesOther(other, alteration));
};

/** Of several that are for the same, the one nearest to the customer; of equally near ones that which began last. */
const nearest = (candidates: readonly Candidate[]): Candidate | undefined => {
  for (const level of PRICE_LEVELS) {
    const found = latest(candidates.filter((candidate) => candidate.level === level));
    if (found) return found;
  }
  return undefined;
};

const isNothing = ({ percentage, amount }: Alteration): boolean =>
  (percentage ?? amount?.value)?.isZero() === true;

/** The general ones first. */
const placeOf = ({ price, level }: Candidate): string =>
  `${PRICE_LEVELS.length - PRICE_LEVELS.indexOf(level)} ${price.kind} ${price.name}`;

/**
 * The discounts and surcharges that apply, whatever price they apply to, the general ones first. Those of one name are one
 * schedule, of which the part applies that is nearest to the customer: his own before that of his price list before that for
 * everybody. So does an ERP that finds a price and each kind of discount by a search of its own; a part that is nothing takes the
 * place of the others all the same.
 */
const alterationsFor = (
  candidates: readonly Candidate[],
  base: Candidate,
  currency: string,
): readonly (readonly [Candidate, Alteration])[] => {
  const schedules = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const { price, basis } = candidate;
    if (price.kind === undefined || isCharge(price.kind)) continue;
    if (!reaches(candidate, base, candidates)) continue;
    if (agreedAlteration(price, basis, currency) === undefined) continue;
    const key = `${price.kind} ${price.name}`;
    schedules.set(key, [...(schedules.get(key) ?? []), candidate]);
  }
  return [...schedules.values()]
    .flatMap((schedule) => nearest(schedule) ?? [])
    .sort((left, right) => (placeOf(left) < placeOf(right) ? -1 : 1))
    .flatMap((found): (readonly [Candidate, Alteration])[] => {
      const alteration = agreedAlteration(found.price, found.basis, currency);
      return alteration && !isNothing(alteration) ? [[found, alteration]] : [];
    });
};

/**
 * Which of all price documents of a part count for a customer, a quantity and a day: the price for the customer, else
 * that of his price list, else that for everybody; then discounts and surcharges in the order they count.
 */
export const customerTerms = (
  documents: readonly PriceDocument[],
  question: PriceQuestion,
): Result<CustomerTerms, NoPrice> => {
  if (!/^\d+(\.\d+)?$/.test(question.quantity) || new Exact(question.quantity).isZero())
    return refuse('badQuantity', `The quantity must be a number above zero, not "${question.quantity}"`);
  const candidates = candidatesOf(documents, question).filter(
    ({ price }) =>
      question.currency === undefined ||
      price.amount === undefined ||
      price.amount.currency === question.currency,
  );
  const base = nearest(candidates.filter(isBase));
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
  const alterations = alterationsFor(candidates, base, currency);
  return ok({
    agreed: {
      base: base.price,
      basis: base.basis,
      alterations: alterations.map(([, alteration]) => alteration),
      isListPrice: base.level === 'list',
    },
    currency,
    levels: new Map([base, ...alterations.map(([one]) => one)].map(({ price, level }) => [price.id, level])),
    ...(list === undefined ? {} : { list: list.price }),
  });
};
