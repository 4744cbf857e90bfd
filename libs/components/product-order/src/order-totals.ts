import { decimalOf, numberOf, totalPrices } from '@quotebridge/cpq/pricing';
import { objectAt, objectsAt, type Json, type JsonObject } from '@quotebridge/platform/core';
import { itemsOf } from './items';

/** Amounts of a price. */
export const MONEY: ReadonlySet<string> = new Set(['dutyFreeAmount', 'taxIncludedAmount']);

/** An item before and after its quantity changed; nothing before one that was added. */
export type Requantified = readonly [was: JsonObject, is: JsonObject];

type Exact = NonNullable<ReturnType<typeof decimalOf>>;

/** What a total and the prices of items are compared by. */
const keyOf = (entry: JsonObject): string =>
  JSON.stringify([entry['priceType'], entry['recurringChargePeriod']]);

const amountAt = (entry: JsonObject, name: string, unit: unknown): Exact | undefined => {
  const money = objectAt(objectAt(entry, 'price'), name);
  return money['unit'] === unit ? decimalOf(money['value']) : undefined;
};

const chargesOf = (item: JsonObject): readonly JsonObject[] => {
  const totals = objectsAt(item, 'itemTotalPrice');
  return totals.length > 0 ? totals : objectsAt(item, 'itemPrice');
};

/** A total of the order, moved by what the items cost more or less now. */
const moved = (total: JsonObject, changes: readonly Requantified[]): JsonObject => {
  const price = objectAt(total, 'price');
  const sumOf = (item: JsonObject, name: string, unit: unknown): Exact | undefined =>
    chargesOf(item)
      .filter((entry) => keyOf(entry) === keyOf(total))
      .reduce<Exact | undefined>((sum, entry) => sum?.plus(amountAt(entry, name, unit) ?? 0), decimalOf(0));
  const next = Object.fromEntries(
    [...MONEY].flatMap((name): [string, Json][] => {
      const money = objectAt(price, name);
      const start = decimalOf(money['value']);
      if (start === undefined) return [];
      const sum = changes.reduce(
        (all, [was, is]) =>
          all.plus(sumOf(is, name, money['unit']) ?? 0).minus(sumOf(was, name, money['unit']) ?? 0),
        start,
      );
      return [[name, { ...money, value: numberOf(sum) }]];
    }),
  );
  return { ...total, price: { ...price, ...next } };
};

/** What nothing else of the order is charged by: its type, its period, its currency. */
const kindOf = (entry: JsonObject): string =>
  JSON.stringify([keyOf(entry), objectAt(objectAt(entry, 'price'), 'dutyFreeAmount')['unit']]);

/** Totals of what new items are charged by as nothing was before; of all other charges the client decides which have one. */
const freshTotals = (before: JsonObject, changes: readonly Requantified[]): JsonObject[] => {
  const known = [...objectsAt(before, 'orderTotalPrice'), ...itemsOf(before).flatMap(chargesOf)];
  const kinds = new Set(known.map(kindOf));
  const fresh = changes.flatMap(([, is]) => chargesOf(is).filter((entry) => !kinds.has(kindOf(entry))));
  return totalPrices([{ quoteItemPrice: fresh }]).map((total) => ({ ...total, '@type': 'OrderPrice' }));
};

/** The order, if it has totals, with those that its items cost now. */
export const withTotals = (
  before: JsonObject,
  after: JsonObject,
  changes: readonly Requantified[],
): JsonObject => {
  const totals = objectsAt(after, 'orderTotalPrice');
  if (totals.length === 0) return after;
  const known = totals.map((total) => moved(total, changes));
  return { ...after, orderTotalPrice: [...known, ...freshTotals(before, changes)] };
};
