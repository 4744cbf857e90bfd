import { isDeepStrictEqual } from 'node:util';
import { decimalOf, roundMoney, numberOf } from '@quotebridge/cpq/pricing';
import {
  isJsonObject,
  objectAt,
  objectsAt,
  textAt,
  type Json,
  type JsonObject,
} from '@quotebridge/platform/core';
import { itemsOf, mapItems } from './items';
import { itemStateOf } from './request-state';
import { TAKEN_OVER } from './taken-over';

const PRICES = ['itemPrice', 'itemTotalPrice'];
const MONEY: ReadonlySet<string> = new Set(['dutyFreeAmount', 'taxIncludedAmount']);
const OPEN: ReadonlySet<string> = new Set(['acknowledged', 'inProgress', 'pending', 'held']);

type Exact = NonNullable<ReturnType<typeof decimalOf>>;

const quantityOf = (item: JsonObject): Exact | undefined => decimalOf(item['quantity'] ?? 1);

/** Why the outside system would not follow another quantity of an item it has; undefined when it does. */
export const whyQuantityStays = (was: JsonObject): string | undefined => {
  const state = itemStateOf(was);
  if (!OPEN.has(state)) return `the item is ${state}`;
  if (was['action'] !== 'add')
    return `the item does not order anything: its action is ${String(was['action'])}`;
  if (objectsAt(was, 'productOrderItem').length > 0)
    return 'the item has components, whose quantities would no longer be those of the item';
  return undefined;
};

/** The value with every amount in it as many times as large, rounded as its currency is. Usage is a rate and stays. */
const scaled = (value: Json | undefined, factor: Exact): Json | undefined => {
  if (Array.isArray(value)) return value.map((one) => scaled(one, factor) ?? null);
  if (!isJsonObject(value) || value['priceType'] === 'usage') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]): [string, Json | undefined] => [
      name,
      MONEY.has(name) && isJsonObject(inner) ? times(inner, factor) : scaled(inner, factor),
    ]),
  );
};

const times = (money: JsonObject, factor: Exact): JsonObject => {
  const amount = decimalOf(money['value']);
  if (amount === undefined) return money;
  return { ...money, value: numberOf(roundMoney(amount.times(factor), textAt(money, 'unit') ?? '')) };
};

const pricesOf = (item: JsonObject): JsonObject =>
  Object.fromEntries(PRICES.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])));

const takenFrom = (item: JsonObject): JsonObject => ({
  '@type': 'TakenOverItem',
  quantity: item['quantity'] ?? 1,
  ...pricesOf(item),
});

/** An item that was added afterwards: it is taken over as it is now. */
const added = (item: JsonObject): JsonObject => ({
  ...item,
  [TAKEN_OVER]: { ...takenFrom(item), isAdded: true },
});

/** The item with another quantity: its prices are those that were taken over, for that many. */
const requantified = (was: JsonObject, item: JsonObject): JsonObject => {
  const known = was[TAKEN_OVER];
  const taken: JsonObject = isJsonObject(known) ? known : takenFrom(was);
  const [old, next] = [quantityOf(taken), quantityOf(item)];
  if (old === undefined || next === undefined || old.isZero()) return item;
  const prices = Object.fromEntries(
    PRICES.flatMap((name): [string, Json | undefined][] =>
      taken[name] === undefined
        ? []
        : [[name, next.equals(old) ? taken[name] : scaled(taken[name], next.div(old))]],
    ),
  );
  return { ...item, ...prices, [TAKEN_OVER]: taken };
};

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
const moved = (
  total: JsonObject,
  changes: readonly (readonly [was: JsonObject, is: JsonObject])[],
): JsonObject => {
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

/**
 * The order with the quantities that are asked for of items that an outside system has, and with new items: the price of one
 * stays as it was taken over, and what the items and the order cost follows.
 */
export const withQuantities = (before: JsonObject, after: JsonObject): JsonObject => {
  const known = new Map(itemsOf(before).map((item) => [item['id'], item]));
  const changes: (readonly [JsonObject, JsonObject])[] = [];
  const next = mapItems(after, (item) => {
    const was = known.get(item['id']);
    if (was !== undefined && isDeepStrictEqual(was['quantity'], item['quantity'])) return item;
    const is = was === undefined ? added(item) : requantified(was, item);
    changes.push([was ?? {}, is]);
    return is;
  });
  if (changes.length === 0) return after;
  const totals = objectsAt(next, 'orderTotalPrice');
  return totals.length === 0
    ? next
    : { ...next, orderTotalPrice: totals.map((total) => moved(total, changes)) };
};
