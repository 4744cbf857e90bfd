import { Refusal, type Json } from '@quotebridge/platform/core';

/** A request body: the text as it came (for digests) and its value. */
export interface JsonBody {
  readonly text: string;
  readonly value: Json;
}

/** MongoDB stores 100 levels; what wraps a resource needs some of them. */
const MAX_DEPTH = 80;
/** Integers of up to 15 digits are always exact in a double. */
const SAFE_DIGITS = 15;
const QUOTE = 34;
const BACKSLASH = 92;

const refuse = (code: string, message: string): never => {
  throw new Refusal(400, code, message);
};

const isExact = (literal: string): boolean => {
  if (/[.eE]/.test(literal)) {
    const digits = literal
      .replace(/[eE].*$/, '')
      .replace(/[-.]/g, '')
      .replace(/^0+|0+$/g, '');
    return digits.length <= 17 && Number.isFinite(Number(literal));
  }
  return BigInt(literal) === BigInt(Number(literal));
};

/**
 * One pass over the text for what JSON.parse would let through: nesting that the store cannot hold, and numbers
 * that a double cannot carry (they would come back changed).
 */
const inspect = (text: string): void => {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      for (i += 1; i < text.length; i += 1) {
        const s = text.charCodeAt(i);
        if (s === BACKSLASH) i += 1;
        else if (s === QUOTE) break;
      }
    } else if (c === 123 || c === 91) {
      depth += 1;
      if (depth > MAX_DEPTH) refuse('tooDeep', `The body is nested deeper than ${MAX_DEPTH} levels`);
    } else if (c === 125 || c === 93) {
      depth -= 1;
    } else if (c >= 48 && c <= 57) {
      const start = i;
      while (i + 1 < text.length && isNumberChar(text.charCodeAt(i + 1))) i += 1;
      if (i - start + 1 > SAFE_DIGITS) {
        const literal = text.slice(start, i + 1);
        if (/^\d+(\.\d+)?([eE][+-]?\d+)?$/.test(literal) && !isExact(literal)) {
          refuse(
            'inexactNumber',
            `The number ${literal.slice(0, 40)} cannot be kept exactly; send it as a string`,
          );
        }
      }
    }
  }
};

const isNumberChar = (c: number): boolean =>
  (c >= 48 && c <= 57) || c === 46 || c === 43 || c === 45 || c === 69 || c === 101;

/** Parses a body. Refuses with 400 what is not JSON, what would pollute a prototype and what could not be kept. */
export const parseJsonBody = (text: string): JsonBody => {
  if (text.trim() === '') refuse('emptyBody', 'The body is empty; send a JSON document');
  inspect(text);
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (thrown) {
    throw new Refusal(400, 'malformedJson', `The body is not JSON: ${(thrown as Error).message}`, {
      cause: thrown,
    });
  }
  if (/"(?:_|\\u005[fF]){2}proto(?:_|\\u005[fF]){2}"\s*:/.test(text)) {
    refuse('forbiddenName', 'The attribute name __proto__ is not allowed');
  }
  return { text, value };
};
