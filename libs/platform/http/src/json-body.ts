import { isExactNumber, Refusal, type Json } from '@quotebridge/platform/core';

/** A request body: the text as it came (for digests) and its value. */
export interface JsonBody {
  readonly text: string;
  readonly value: Json;
}

/** MongoDB stores 100 levels; what wraps a resource needs some of them. */
const MAX_DEPTH = 80;
/** Numbers of up to 15 digits without an exponent are always exact in a double. */
const SAFE_DIGITS = 15;
const QUOTE = 34;
const BACKSLASH = 92;

const refuse = (code: string, message: string): never => {
  throw new Refusal(400, code, message);
};

/**
 * One pass over the text for what JSON.parse would let through: nesting that the store cannot hold, and numbers
 * that a double cannot carry (they would come back changed).
 */
const inspect = (text: string, what: string): void => {
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
      if (depth > MAX_DEPTH) refuse('tooDeep', `${what} is nested deeper than ${MAX_DEPTH} levels`);
    } else if (c === 125 || c === 93) {
      depth -= 1;
    } else if (c >= 48 && c <= 57) {
      const start = i;
      let exponent = false;
      while (i + 1 < text.length && isNumberChar(text.charCodeAt(i + 1))) {
        i += 1;
        exponent ||= (text.charCodeAt(i) | 32) === 101;
      }
      if (exponent || i - start + 1 > SAFE_DIGITS) checkNumber(text.slice(start, i + 1));
    }
  }
};

const checkNumber = (literal: string): void => {
  if (isExactNumber(literal)) return;
  refuse('inexactNumber', `The number ${literal.slice(0, 40)} cannot be kept exactly; send it as a string`);
};

const isNumberChar = (c: number): boolean =>
  (c >= 48 && c <= 57) || c === 46 || c === 43 || c === 45 || c === 69 || c === 101;

/** Names and strings that only an escape can hide: searched for in the value, since text can spell them in many ways. */
const checkStrings = (value: Json): void => {
  if (typeof value === 'string') checkText(value);
  else if (Array.isArray(value)) value.forEach(checkStrings);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      checkName(name);
      if (inner !== undefined) checkStrings(inner);
    }
  }
};

const checkName = (name: string): void => {
  if (name === '__proto__') refuse('forbiddenName', 'The attribute name __proto__ is not allowed');
  // MongoDB ends a name at its first NUL.
  if (name.includes('\0'))
    refuse(
      'forbiddenName',
      `The attribute name ${JSON.stringify(name.slice(0, 100))} holds a NUL, which is not allowed`,
    );
  checkText(name);
};

const checkText = (text: string): void => {
  if (/\p{Surrogate}/u.test(text))
    refuse(
      'malformedText',
      'A text holds half of a surrogate pair (\\ud800 to \\udfff), which cannot be kept',
    );
};

/**
 * Parses a body, or a record of a file (`what` names it in messages). Refuses with 400 what is not JSON, what would
 * pollute a prototype and what could not be kept.
 */
export const parseJsonBody = (text: string, what = 'The body'): JsonBody => {
  if (text.trim() === '') refuse('emptyBody', `${what} is empty; send a JSON document`);
  // Nobody sees it, so it is named.
  if (text.startsWith('\uFEFF'))
    refuse('malformedJson', `${what} begins with a byte order mark (U+FEFF); send it without`);
  inspect(text, what);
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (thrown) {
    throw new Refusal(400, 'malformedJson', `${what} is not JSON: ${(thrown as Error).message}`, {
      cause: thrown,
    });
  }
  if (text.includes('__proto__') || text.includes('\\u')) checkStrings(value);
  return { text, value };
};
