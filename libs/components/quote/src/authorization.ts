import { isJsonObject, objectsAt, type JsonObject } from '@quotebridge/platform/core';
import { decimalOf, Exact, textOf } from '@quotebridge/cpq/pricing';
import type { Decimal } from 'decimal.js';
import { itemsOf } from './items';
import { isRequested } from './item-price';

/** From which discount or total on somebody in `role` has to agree. */
export type Threshold =
  | { readonly kind: 'discount'; readonly percent: Decimal; readonly role: string }
  | { readonly kind: 'total'; readonly amount: Decimal; readonly currency: string; readonly role: string };

/** Who gives an authorization, and when. */
export interface Giver {
  readonly actor: string;
  /** Date-time text. */
  readonly at: string;
}

const GIVEN: ReadonlySet<string> = new Set(['approved', 'given', 'granted', 'accepted', 'authorized']);

/** Whether somebody has agreed. */
export const isGiven = ({ state }: JsonObject): boolean =>
  typeof state === 'string' && GIVEN.has(state.toLowerCase());

/** Names of the authorizations of the quote and its items that nobody has given yet. */
export const openAuthorizations = (quote: JsonObject): readonly string[] =>
  [
    ...objectsAt(quote, 'authorization'),
    ...itemsOf(quote).flatMap((item) => objectsAt(item, 'quoteItemAuthorization')),
  ]
    .filter((entry) => !isGiven(entry))
    .map(
      ({ name, description }) =>
        `${String(name)}${typeof description === 'string' ? ` (${description})` : ''}`,
    );

/**
 * The highest discount asked for any charge of the quote, in per cent of its amount before what was asked.
 * Discounts of the catalog are the house's own and need nobody's consent.
 */
export const highestDiscount = (quote: JsonObject): Decimal => {
  let highest = new Exact(0);
  for (const entry of itemsOf(quote).flatMap((item) => objectsAt(item, 'quoteItemPrice'))) {
    const requested = objectsAt(entry, 'priceAlteration').filter(isRequested);
    const net = requested.length === 0 ? undefined : moneyAt(entry);
    if (net === undefined) continue;
    const given = requested.reduce((sum, alteration) => sum.minus(moneyAt(alteration) ?? 0), new Exact(0));
    const before = net.plus(given);
    if (before.isZero()) continue;
    const percent = given.times(100).dividedBy(before).toDecimalPlaces(2);
    if (percent.greaterThan(highest)) highest = percent;
  }
  return highest;
};

/** Value of the quote in each currency: one-time amounts and one period of each recurring amount, without usage. */
export const valuesOf = (quote: JsonObject): ReadonlyMap<string, Decimal> => {
  const values = new Map<string, Decimal>();
  for (const entry of objectsAt(quote, 'quoteTotalPrice')) {
    const net = moneyAt(entry);
    if (net === undefined || entry['priceType'] === 'usage') continue;
    const currency = currencyAt(entry);
    values.set(currency, (values.get(currency) ?? new Exact(0)).plus(net));
  }
  return values;
};

/**
 * The authorizations of a priced quote: one entry for each threshold that is passed, then the entries that people
 * added. An entry that was given stays given as long as the figure it was given for is the same.
 */
export const authorizationsFor = (
  quote: JsonObject,
  before: JsonObject | undefined,
  thresholds: readonly Threshold[],
  giver: Giver,
): JsonObject[] => {
  const discount = highestDiscount(quote);
  const values = valuesOf(quote);
  const sent = objectsAt(quote, 'authorization');
  const old = before === undefined ? [] : objectsAt(before, 'authorization');
  const ours = thresholds.flatMap((threshold) => {
    const reason = reasonFor(threshold, discount, values);
    if (reason === undefined) return [];
    const name = nameOf(threshold);
    const wanted = sent.find((entry) => entry['name'] === name);
    return [
      settle(
        { name, role: threshold.role, reason },
        wanted,
        old.find((entry) => entry['name'] === name),
        giver,
      ),
    ];
  });
  const named = new Set(thresholds.map(nameOf));
  return [...ours, ...sent.filter(({ name }) => typeof name !== 'string' || !named.has(name))];
};

/** Stable name of a threshold's entry: by it an approver finds the entry to give. */
export const nameOf = (threshold: Threshold): string =>
  threshold.kind === 'discount'
    ? `discount above ${threshold.percent.toString()} % (${threshold.role})`
    : `total above ${textOf({ value: threshold.amount, currency: threshold.currency })} (${threshold.role})`;

const reasonFor = (
  threshold: Threshold,
  discount: Decimal,
  values: ReadonlyMap<string, Decimal>,
): string | undefined => {
  if (threshold.kind === 'discount') {
    return discount.greaterThan(threshold.percent) ? `discount of ${discount.toString()} %` : undefined;
  }
  const { currency } = threshold;
  const value = values.get(currency);
  return value?.greaterThan(threshold.amount) === true
    ? `total of ${textOf({ value, currency })}`
    : undefined;
};

interface Required {
  readonly name: string;
  readonly role: string;
  readonly reason: string;
}

/** One entry: open, or given where the approver says so for this figure. */
const settle = (
  { name, role, reason }: Required,
  sent: JsonObject | undefined,
  old: JsonObject | undefined,
  { actor, at }: Giver,
): JsonObject => {
  const stands = old !== undefined && old['description'] === reason;
  const open: JsonObject = {
    '@type': 'Authorization',
    name,
    description: reason,
    state: 'requested',
    requestedDate: stands ? (old['requestedDate'] ?? at) : at,
    approver: [{ '@type': 'RelatedPartyOrPartyRole', role }],
  };
  // Nobody can give what he has not seen: an entry is given after it was asked for with this figure.
  if (sent === undefined || !stands || !isGiven(sent)) return open;
  if (isGiven(old)) return old;
  const named = objectsAt(sent, 'approver').filter(({ partyOrPartyRole }) => isJsonObject(partyOrPartyRole));
  return {
    ...open,
    ...sent,
    description: reason,
    requestedDate: open['requestedDate'] ?? at,
    givenDate: sent['givenDate'] ?? at,
    approver: namesGiver(named, actor) ? named : [...named, approver(role, actor)],
  };
};

/** Others may be named as well, for whom somebody agrees; who gave it is there in any case. */
const namesGiver = (approvers: readonly JsonObject[], actor: string): boolean =>
  approvers.some(
    (entry) => isJsonObject(entry['partyOrPartyRole']) && entry['partyOrPartyRole']['id'] === actor,
  );

const approver = (role: string, actor: string): JsonObject => ({
  '@type': 'RelatedPartyOrPartyRole',
  role,
  partyOrPartyRole: { '@type': 'PartyRef', '@referredType': 'Individual', id: actor, name: actor },
});

const dutyFreeAt = (entry: JsonObject): JsonObject => {
  const price = isJsonObject(entry['price']) ? entry['price'] : {};
  return isJsonObject(price['dutyFreeAmount']) ? price['dutyFreeAmount'] : {};
};

const moneyAt = (entry: JsonObject): Decimal | undefined => decimalOf(dutyFreeAt(entry)['value']);

const currencyAt = (entry: JsonObject): string => String(dutyFreeAt(entry)['unit'] ?? '');
