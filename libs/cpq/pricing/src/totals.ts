import { isJsonObject, objectsAt, textAt, type JsonObject } from '@quotebridge/platform/core';
import type { Decimal } from 'decimal.js';
import { decimalOf, Exact, numberOf } from './money';

/** Every item of a quote once, nested ones after the item that holds them. */
export const allItems = (items: readonly JsonObject[]): readonly JsonObject[] =>
  items.flatMap((item) => [item, ...allItems(objectsAt(item, 'quoteItem'))]);

/** The sum of `QuotePrice` entries that may be added: same type, period, currency (and unit, for usage rates). */
interface Total {
  readonly priceType: string;
  readonly period: string;
  readonly unit: string;
  readonly currency: string;
  readonly net: Decimal;
  readonly gross: Decimal;
  /** Undefined as soon as two entries differ. */
  readonly taxRate: Decimal | undefined;
}

/**
 * `quoteTotalPrice` of the items: one `QuotePrice` per price type, period and currency, sums of the rounded
 * entries. Usage rates are added per unit of measure: what one unit used on every item costs. Sorted, so that
 * the order of the items does not matter. Entries without a price count nothing.
 */
export const totalPrices = (items: readonly JsonObject[]): JsonObject[] => {
  const totals = new Map<string, Total>();
  for (const entry of allItems(items).flatMap((item) => objectsAt(item, 'quoteItemPrice'))) {
    const read = readEntry(entry);
    if (read === undefined) continue;
    const key = keyOf(read);
    const sum = totals.get(key);
    totals.set(key, sum === undefined ? read : add(sum, read));
  }
  return [...totals.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, total]) => toJson(total));
};

const ORDER: readonly string[] = ['oneTime', 'recurring', 'usage'];

const keyOf = ({ priceType, period, unit, currency }: Total): string =>
  JSON.stringify([(ORDER.indexOf(priceType) + 4) % 4, priceType, period, currency, unit]);

const readEntry = (entry: JsonObject): Total | undefined => {
  const price = isJsonObject(entry['price']) ? entry['price'] : {};
  const net = isJsonObject(price['dutyFreeAmount']) ? price['dutyFreeAmount'] : {};
  const gross = isJsonObject(price['taxIncludedAmount']) ? price['taxIncludedAmount'] : {};
  const netValue = decimalOf(net['value']);
  if (netValue === undefined) return undefined;
  const priceType = textAt(entry, 'priceType') ?? 'oneTime';
  return {
    priceType,
    period: textAt(entry, 'recurringChargePeriod') ?? '',
    unit: priceType === 'usage' ? (textAt(entry, 'unitOfMeasure') ?? '') : '',
    currency: textAt(net, 'unit') ?? '',
    net: netValue,
    gross: decimalOf(gross['value']) ?? netValue,
    taxRate: decimalOf(price['taxRate']) ?? new Exact(0),
  };
};

const add = (left: Total, right: Total): Total => ({
  ...left,
  net: left.net.plus(right.net),
  gross: left.gross.plus(right.gross),
  taxRate:
    left.taxRate !== undefined && right.taxRate?.equals(left.taxRate) === true ? left.taxRate : undefined,
});

const toJson = ({ priceType, period, unit, currency, net, gross, taxRate }: Total): JsonObject => ({
  '@type': 'QuotePrice',
  name: `Total ${priceType}${period === '' ? '' : ` per ${period}`}`,
  priceType,
  ...(period === '' ? {} : { recurringChargePeriod: period }),
  ...(unit === '' ? {} : { unitOfMeasure: unit }),
  price: {
    '@type': 'Price',
    dutyFreeAmount: { unit: currency, value: numberOf(net) },
    ...(taxRate === undefined ? {} : { taxRate: numberOf(taxRate) }),
    taxIncludedAmount: { unit: currency, value: numberOf(gross) },
  },
});
