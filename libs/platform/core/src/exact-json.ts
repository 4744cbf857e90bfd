import { isExactNumber, isLongDouble } from './exact-number';
import type { Json } from './json';

/** Without so many digits in a row, or an exponent, every number is exact in a double. */
const MAYBE_INEXACT = /[\d.]{16}|\d[eE]/;
/** Texts, which are left alone, and what may be numbers. */
const TOKENS = /"[^"\\]*(?:\\[^][^"\\]*)*"|-?\d[\d.eE+-]*/g;
const NUMBER = /^-?((?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

const isKept = (token: string): boolean => {
  const [, unsigned] = NUMBER.exec(token) ?? [];
  return unsigned === undefined || isExactNumber(unsigned) || isLongDouble(unsigned);
};

/**
 * JSON of an outside system. A number that a double would change (an id of 19 digits, a large amount) becomes its text, so that
 * two ids never become one and an amount is never rounded unseen. A byte order mark before it is ignored. Throws what `JSON.parse` throws.
 */
export const parseExactly = (given: string): Json => {
  const text = given.startsWith('\uFEFF') ? given.slice(1) : given;
  return JSON.parse(
    MAYBE_INEXACT.test(text)
      ? text.replace(TOKENS, (token) => (token.startsWith('"') || isKept(token) ? token : `"${token}"`))
      : text,
  ) as Json;
};
