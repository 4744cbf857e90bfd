import { isJsonObject, objectsAt, type JsonObject } from '@quotebridge/platform/core';
import type { Decimal } from 'decimal.js';
import { decimalOf } from './money';
import { positionIn } from './period';

/** Name of the characteristic whose ranges are quantity tiers. */
export const QUANTITY = 'quantity';

/** One allowed value or range of a characteristic. */
interface ValueRange {
  readonly value?: unknown;
  readonly from?: Decimal;
  readonly to?: Decimal;
  readonly fromIncluded: boolean;
  readonly toIncluded: boolean;
  readonly isDefault: boolean;
}

/** A `prodSpecCharValueUse`: the price is for these values of the characteristic only. */
export interface ValueUse {
  readonly name: string;
  readonly ranges: readonly ValueRange[];
}

/** True when the use is a set of quantity tiers. */
export const isQuantityUse = (use: ValueUse): boolean => use.name.toLowerCase() === QUANTITY;

/** Reads the uses of a price that are valid at the date. A use without values restricts nothing. */
export const readValueUses = (price: JsonObject, date: string): readonly ValueUse[] =>
  objectsAt(price, 'prodSpecCharValueUse')
    .filter((use) => isValid(use, date) && typeof use['name'] === 'string')
    .map((use) => ({
      name: String(use['name']),
      ranges: objectsAt(use, 'productSpecCharacteristicValue')
        .filter((value) => isValid(value, date))
        .map(readRange),
    }))
    .filter(({ ranges }) => ranges.length > 0);

/** Does the value of the characteristic lie in one of the ranges? An absent value takes the default. */
export const matches = (use: ValueUse, value: unknown): boolean =>
  value === undefined
    ? use.ranges.some(({ isDefault }) => isDefault)
    : use.ranges.some((it) => inRange(it, value, isQuantityUse(use)));

/** The ranges as text, `[1, 9] or [10, ∞)`, for explanations and reasons. */
export const rangesText = (use: ValueUse): string =>
  use.ranges
    .map((it) => {
      if (it.value !== undefined) return String(it.value);
      const open = it.from === undefined || !it.fromIncluded ? '(' : '[';
      const close = it.to === undefined || !it.toIncluded ? ')' : ']';
      return `${open}${it.from?.toString() ?? '-∞'}, ${it.to?.toString() ?? '∞'}${close}`;
    })
    .join(' or ');

/** TMF620 `rangeInterval`: which ends belong to the range; both when it is absent or an unknown word. */
const ENDS: Readonly<Record<string, readonly [from: boolean, to: boolean]>> = {
  open: [false, false],
  closed: [true, true],
  closedbottom: [true, false],
  closedtop: [false, true],
};

const readRange = (json: JsonObject): ValueRange => {
  const [fromIncluded, toIncluded] = ENDS[String(json['rangeInterval']).toLowerCase()] ?? [true, true];
  const [from, to] = [decimalOf(json['valueFrom']), decimalOf(json['valueTo'])];
  const ranged = from !== undefined || to !== undefined;
  return {
    ...(ranged || json['value'] === undefined ? {} : { value: json['value'] }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    fromIncluded,
    toIncluded,
    isDefault: json['isDefault'] === true,
  };
};

const inRange = (range: ValueRange, value: unknown, isFigure: boolean): boolean => {
  if (range.value !== undefined) return sameValue(range.value, value, isFigure);
  const figure = decimalOf(value);
  if (figure === undefined) return false;
  const { from, to, fromIncluded, toIncluded } = range;
  const above = from === undefined || (fromIncluded ? figure.gte(from) : figure.gt(from));
  const below = to === undefined || (toIncluded ? figure.lte(to) : figure.lt(to));
  return above && below;
};

/** Two texts are compared as texts unless they stand for figures: the price list 01 is not the price list 1. */
const sameValue = (left: unknown, right: unknown, isFigure: boolean): boolean => {
  const [a, b] = [decimalOf(left), decimalOf(right)];
  const areTexts = typeof left === 'string' && typeof right === 'string';
  if (a !== undefined && b !== undefined && (isFigure || !areTexts)) return a.equals(b);
  return JSON.stringify(left) === JSON.stringify(right);
};

const isValid = (json: JsonObject, date: string): boolean =>
  !isJsonObject(json['validFor']) || positionIn(json['validFor'], date) === 'within';
