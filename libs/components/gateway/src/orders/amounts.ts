import type { Fault, Json } from '@quotebridge/platform/core';
import { Decimal } from 'decimal.js';
import type { BusinessOrder, OrderedPart } from './business-order';

const Exact = Decimal.clone({ precision: 60 });

/** An exact decimal as it is written, without zeros that say nothing; undefined for anything else. */
export const decimalText = (value: Json | undefined): string | undefined => {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const text = String(value);
  return /^\d+(\.\d+)?(e[+-]?\d+)?$/.test(text) ? new Exact(text).toFixed() : undefined;
};

/** True when the amount is the same after it was a JSON number. */
export const fitsNumber = (amount: string): boolean => new Exact(String(Number(amount))).equals(amount);

/** Price of a whole line; undefined while it is not known. */
export const lineTotal = ({ unitPrice, total, quantity }: OrderedPart): string | undefined =>
  unitPrice === undefined ? total : new Exact(unitPrice).times(quantity).toFixed();

/** The sum of amounts. */
export const sumOf = (amounts: readonly string[]): string =>
  amounts.reduce((sum, amount) => sum.plus(amount), new Exact(0)).toFixed();

/** The order's lines with those below them, each with where it stands. */
export const placedParts = (
  items: readonly OrderedPart[],
  path = '/items',
): readonly (readonly [path: string, part: OrderedPart])[] =>
  items.flatMap((part, index) => {
    const here = `${path}/${index}`;
    return [[here, part] as const, ...placedParts(part.components, `${here}/components`)];
  });

/** All that the lines cost, with what stands below them; undefined while a price is not known. */
export const totalOf = (items: readonly OrderedPart[]): string | undefined => {
  const totals = placedParts(items).map(([, part]) => lineTotal(part));
  return totals.every((total) => total !== undefined) ? sumOf(totals) : undefined;
};

/** What is wrong with the amounts of an order: its lines must make up its amount, and all must be exact. */
export const amountFaults = ({ amount, items, currency }: BusinessOrder): Fault[] => {
  const inexact = placedParts(items).flatMap(([path, part]): Fault[] => {
    const total = lineTotal(part);
    if (total === undefined || fitsNumber(total)) return [];
    return [{ path, message: `costs ${total} in all, which has too many digits`, code: 'tooManyDigits' }];
  });
  const total = totalOf(items);
  if (total !== undefined && inexact.length === 0 && !fitsNumber(total))
    return [
      { path: '/items', message: `cost ${total} in all, which has too many digits`, code: 'tooManyDigits' },
    ];
  if (amount === undefined || total === undefined || new Exact(amount).equals(total)) return inexact;
  const message = `is ${amount} ${currency}, but the items make ${total} ${currency}`;
  return [...inexact, { path: '/amount', message, code: 'amount' }];
};
