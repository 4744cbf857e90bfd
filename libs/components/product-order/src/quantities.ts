import { isDeepStrictEqual } from 'node:util';
import { decimalOf, roundMoney, numberOf } from '@quotebridge/cpq/pricing';
import { isJsonObject, objectsAt, textAt, type Json, type JsonObject } from '@quotebridge/platform/core';
import { itemsOf, mapItems } from './items';
import { MONEY, withTotals, type Requantified } from './order-totals';
import { itemStateOf } from './request-state';
import { TAKEN_OVER } from './taken-over';

const PRICES = ['itemPrice', 'itemTotalPrice'];
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

/**
 * The order with the quantities that are asked for of items that an outside system has, and with new items: the price of one
 * stays as it was taken over, and what the items and the order cost follows.
 */
export const withQuantities = (before: JsonObject, after: JsonObject): JsonObject => {
  const known = new Map(itemsOf(before).map((item) => [item['id'], item]));
  const changes: Requantified[] = [];
  const next = mapItems(after, (item) => {
    const was = known.get(item['id']);
    if (was !== undefined && isDeepStrictEqual(was['quantity'], item['quantity'])) return item;
    const is = was === undefined ? added(item) : requantified(was, item);
    changes.push([was ?? {}, is]);
    return is;
  });
  if (changes.length === 0) return after;
  return withTotals(before, next, changes);
};
