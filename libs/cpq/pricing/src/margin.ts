import { objectAt, objectsAt, type JsonObject } from '@quotebridge/platform/core';
import type { Decimal } from 'decimal.js';
import { decimalOf, Exact, numberOf, roundMoney, type Amount } from './money';
import { positionIn, type TimePeriod } from './period';
import { priceKind } from './price-type';

const amountOf = (money: JsonObject): Amount | undefined => {
  const value = decimalOf(money['value']);
  const { unit } = money;
  return value === undefined || typeof unit !== 'string' ? undefined : { value, currency: unit };
};

/**
 * What one piece costs us: the lowest of the procurement costs of its specification (TMF620 extension `procurementCost`) that hold at
 * `date`, in this currency; a cost for several pieces counts by the piece. Undefined when none is known.
 */
export const unitCost = (
  specification: JsonObject,
  { date, currency }: { readonly date: string; readonly currency: string },
): Decimal | undefined => {
  const costs = objectsAt(specification, 'procurementCost').flatMap((cost) => {
    const price = amountOf(objectAt(cost, 'price'));
    const per = decimalOf(objectAt(cost, 'unitOfMeasure')['amount'] ?? 1);
    const period = objectAt(cost, 'validFor') as TimePeriod;
    const holds = positionIn(period, date) === 'within' && per?.greaterThan(0) === true;
    return price?.currency === currency && holds && !price.value.isNegative()
      ? [price.value.dividedBy(per)]
      : [];
  });
  return costs.length === 0 ? undefined : Exact.min(...costs);
};

/**
 * What an item brings in before tax: all its charges but usage, one period of what recurs, as on the opportunity. Undefined
 * when it has no price, or prices in several currencies.
 */
export const netOfItem = (item: JsonObject): Amount | undefined => {
  const amounts = objectsAt(item, 'quoteItemPrice').flatMap((entry) =>
    priceKind(entry['priceType']) === 'usage'
      ? []
      : (amountOf(objectAt(objectAt(entry, 'price'), 'dutyFreeAmount')) ?? []),
  );
  const [first] = amounts;
  if (first === undefined || amounts.some(({ currency }) => currency !== first.currency)) return undefined;
  const value = amounts.reduce((sum, amount) => sum.plus(amount.value), new Exact(0));
  return { value, currency: first.currency };
};

/** What is known of an item for its margin; `cost` is that of its whole quantity, undefined when it is not known. */
export interface MarginLine {
  readonly id: string;
  readonly net: Amount;
  readonly cost: Decimal | undefined;
}

const money = (currency: string, value: Decimal): JsonObject => ({
  '@type': 'Money',
  unit: currency,
  value: numberOf(value),
});

const figures = (currency: string, net: Decimal, exactCost: Decimal): JsonObject => {
  const cost = roundMoney(exactCost, currency);
  const margin = net.minus(cost);
  return {
    net: money(currency, net),
    cost: money(currency, cost),
    margin: money(currency, margin),
    ...(net.isZero()
      ? {}
      : { percentage: numberOf(margin.times(100).dividedBy(net).toDecimalPlaces(2, Exact.ROUND_HALF_UP)) }),
  };
};

/**
 * The margin of a quote (`QuoteMargin`): of each item whose cost is known, and of all together when every cost is known and there
 * is one currency. Otherwise `unknownCost` names the items that keep it from being known. Undefined when no cost is.
 */
export const marginOf = (lines: readonly MarginLine[]): JsonObject | undefined => {
  const known = lines.flatMap(({ cost, ...line }) => (cost === undefined ? [] : [{ ...line, cost }]));
  const unknown = lines.filter(({ cost }) => cost === undefined).map(({ id }) => id);
  const [first] = known;
  if (first === undefined) return undefined;
  const { currency } = first.net;
  const isWhole = unknown.length === 0 && known.every(({ net }) => net.currency === currency);
  const sum = (of: (line: (typeof known)[number]) => Decimal): Decimal =>
    known.reduce((total, line) => total.plus(of(line)), new Exact(0));
  return {
    '@type': 'QuoteMargin',
    ...(isWhole
      ? figures(
          currency,
          sum(({ net }) => net.value),
          sum(({ net, cost }) => roundMoney(cost, net.currency)),
        )
      : {}),
    quoteItem: known.map(({ id, net, cost }) => ({ id, ...figures(net.currency, net.value, cost) })),
    ...(unknown.length === 0 ? {} : { unknownCost: unknown }),
  };
};
