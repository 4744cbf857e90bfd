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
