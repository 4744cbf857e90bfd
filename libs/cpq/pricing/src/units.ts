import { err, ok, type Result } from '@quotebridge/platform/core';
import type { Decimal } from 'decimal.js';
import { Exact } from './money';

type Dimension = readonly [base: string, factor: string];

const UNITS: ReadonlyMap<string, Dimension> = new Map(
  (
    [
      ['piece', '1', 'piece pieces pc pce pcs ea each st c62 h87 unit units 1'],
      ['piece', '12', 'dz dzn dozen'],
      ['gram', '1', 'g gram gr grm'],
      ['gram', '1000', 'kg kgm kilogram'],
      ['gram', '1000000', 't to tne ton'],
      ['metre', '0.001', 'mm mmt'],
      ['metre', '0.01', 'cm cmt'],
      ['metre', '1', 'm mtr metre meter'],
      ['metre', '1000', 'km kmt'],
      ['litre', '0.001', 'ml mlt'],
      ['litre', '1', 'l ltr litre liter'],
      ['second', '1', 's sec second'],
      ['second', '60', 'min minute minutes'],
      ['second', '3600', 'h hur hour hours'],
    ] as const
  ).flatMap(([base, factor, words]) =>
    words.split(' ').map((word): [string, Dimension] => [word, [base, factor]]),
  ),
);

/** True when both texts mean the same unit (`EA` and `piece`), known to the table or not. */
export const sameUnit = (left: string, right: string): boolean => {
  const [a, b] = [UNITS.get(fold(left)), UNITS.get(fold(right))];
  if (a === undefined || b === undefined) return fold(left) === fold(right);
  return a[0] === b[0] && a[1] === b[1];
};

/**
 * How much `quantity` of unit `from` is in unit `to`. Refused with a sentence when the units are not known to
 * measure the same thing: a piece is no kilogram unless someone says so.
 */
export const convertQuantity = (quantity: Decimal, from: string, to: string): Result<Decimal, string> => {
  if (sameUnit(from, to)) return ok(quantity);
  const [source, target] = [UNITS.get(fold(from)), UNITS.get(fold(to))];
  const unknown = source === undefined ? from : target === undefined ? to : undefined;
  if (unknown !== undefined)
    return err(`the unit '${unknown}' is not known, so '${from}' cannot become '${to}'`);
  if (source?.[0] !== target?.[0]) return err(`'${from}' and '${to}' do not measure the same thing`);
  return ok(new Exact(quantity).times(source?.[1] ?? 1).dividedBy(target?.[1] ?? 1));
};

const fold = (unit: string): string => unit.trim().toLowerCase();
