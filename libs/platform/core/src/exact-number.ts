interface Decimal {
  /** Significant digits without zeros at either end; empty for 0. */
  readonly digits: string;
  /** Power of ten of the last digit. */
  readonly exponent: number;
}

/** Longer ones are not written by anything that means a double, and take long to look at. */
const MAX_LENGTH = 400;
const FORM = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

const decimalOf = (literal: string): Decimal | undefined => {
  const [, whole, fraction = '', power = '0'] = FORM.exec(literal) ?? [];
  if (whole === undefined) return undefined;
  const all = `${whole}${fraction}`.replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  if (digits === '') return { digits, exponent: 0 };
  return { digits, exponent: Number(power) - fraction.length + all.length - digits.length };
};

/**
 * Whether an unsigned JSON number means the same after it was read into a double and written again. True for text
 * that is no number: that is for the parser to say.
 */
export const isExactNumber = (literal: string): boolean => {
  if (literal.length > MAX_LENGTH) return false;
  const sent = decimalOf(literal);
  if (!sent) return true;
  const kept = decimalOf(String(Number(literal)));
  return kept?.digits === sent.digits && kept.exponent === sent.exponent;
};

/** Digits that a double can be asked for. */
const MOST_DIGITS = 100;

/**
 * Whether an unsigned JSON number with a fraction or an exponent is a double written with more digits than it needs, as some
 * programs do: 0.10000000000000001 is what they have for 0.1.
 */
export const isLongDouble = (literal: string): boolean => {
  const sent = /[.eE]/.test(literal) ? decimalOf(literal) : undefined;
  const length = sent?.digits.length ?? 0;
  if (sent === undefined || length === 0 || length > MOST_DIGITS) return false;
  const kept = decimalOf(Number(literal).toPrecision(length));
  return kept?.digits === sent.digits && kept.exponent === sent.exponent;
};
