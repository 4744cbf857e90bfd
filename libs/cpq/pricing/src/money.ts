import { Decimal } from 'decimal.js';

/**
 * The only number type that amounts are calculated with: 40 significant digits, half-up (a half goes away from
 * zero, so that a credit rounds like the charge it reverses). JSON numbers enter by their shortest text, hence
 * 0.1 is one tenth.
 */
export const Exact = Decimal.clone({
  precision: 40,
  rounding: Decimal.ROUND_HALF_UP,
  toExpNeg: -40,
  toExpPos: 40,
});

/** An exact amount of one currency (ISO 4217 code). */
export interface Amount {
  readonly value: Decimal;
  readonly currency: string;
}

/** Currencies whose minor unit is not a hundredth (ISO 4217, table A.1): code → number of decimals. */
const MINOR_UNITS: ReadonlyMap<string, number> = new Map([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'
    .split(' ')
    .map((code): [string, number] => [code, 0]),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code): [string, number] => [code, 3]),
  ...'CLF UYW'.split(' ').map((code): [string, number] => [code, 4]),
]);

/** Decimals kept of a usage rate, which is often a fraction of the minor unit (0.0025 EUR a megabyte). */
export const RATE_DECIMALS = 10;

/** True for the form of an ISO 4217 code. The list of codes changes yearly, so only the form is checked. */
export const isCurrency = (code: unknown): code is string =>
  typeof code === 'string' && /^[A-Z]{3}$/.test(code);

/** Number of decimals of a currency: 2 unless ISO 4217 says otherwise. */
export const minorUnit = (currency: string): number => MINOR_UNITS.get(currency) ?? 2;

/** Rounds half-up to the currency's minor unit. */
export const roundMoney = (value: Decimal, currency: string): Decimal =>
  value.toDecimalPlaces(minorUnit(currency), Decimal.ROUND_HALF_UP);

/** A JSON number or a numeric text as an exact decimal; undefined for anything else, NaN and infinity. */
export const decimalOf = (value: unknown): Decimal | undefined => {
  if (typeof value === 'string' && !/^[+-]?\d+(\.\d+)?$/.test(value.trim())) return undefined;
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  if (typeof value === 'number' && !Number.isFinite(value)) return undefined;
  return new Exact(typeof value === 'string' ? value.trim() : value);
};

/** Decimal digits that every JSON number carries without loss. */
const SAFE_DIGITS = 15;

/** True when a JSON number can carry the value without loss, that is within about 15 significant digits. */
export const fitsNumber = (value: Decimal): boolean =>
  value.precision() <= SAFE_DIGITS || new Exact(value.toNumber()).equals(value);

/** The JSON number of an exact value. Never minus zero. Check {@link fitsNumber} before it leaves the house. */
export const numberOf = (value: Decimal): number => (value.isZero() ? 0 : value.toNumber());

/** `1234.50 EUR`: for explanations and reasons; at least the minor unit's decimals are shown. */
export const textOf = ({ value, currency }: Amount): string =>
  `${value.toFixed(Math.max(minorUnit(currency), value.decimalPlaces()))} ${currency}`;
