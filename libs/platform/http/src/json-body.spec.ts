import { isDeepStrictEqual } from 'node:util';
import { Refusal } from '@quotebridge/platform/core';
import * as fc from 'fast-check';
import { parseJsonBody } from './json-body';

const refusalOf = (text: string): Refusal | undefined => {
  try {
    parseJsonBody(text);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown;
    throw thrown;
  }
};

/** Text that is JSON, nearly JSON, or has numbers and escapes at their limits. */
const scraps = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\\u',
    '\\ud83d',
    '\\ude00',
    '"a"',
    '"__proto__"',
    '"\\u005f"',
  ],
  ...['0', '-0', '1e400', '1e-400', '1E5', '0.1', '12345678901234567890', '0.30000000000000004', '5e-324'],
  ...[
    'null',
    'true',
    ' ',
    '\n',
    '\u0000',
    '\ufeff',
    '\ud800',
    '"é"',
    '9007199254740993',
    '1.',
    '.1',
    '01',
    'NaN',
  ],
);
const texts = fc.oneof(
  fc.json({ maxDepth: 6 }),
  fc.array(scraps, { maxLength: 12 }).map((parts) => parts.join('')),
  fc.array(scraps, { maxLength: 8 }).map((parts) => `[${parts.join(',')}]`),
  fc.string({ unit: 'binary' }),
);

describe('parseJsonBody', () => {
  it('gives the value that JSON.parse gives, or refuses with 400; it throws nothing else', () => {
    fc.assert(
      fc.property(texts, (text) => {
        let value: unknown;
        try {
          value = parseJsonBody(text).value;
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Refusal);
          expect(thrown).toHaveProperty('status', 400);
          return;
        }
        expect(isDeepStrictEqual(value, JSON.parse(text))).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it('accepts everything that JSON.stringify writes of plain data, and keeps it', () => {
    const values = fc.jsonValue({ maxDepth: 8, stringUnit: 'grapheme' });
    fc.assert(
      fc.property(values, (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('__proto__'));
        expect(JSON.stringify(parseJsonBody(text).value)).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });

  it('what it accepts is written again with the same numbers', () => {
    const digits = fc.bigInt({ min: 0n, max: 10n ** 24n }).map(String);
    const literal = fc
      .tuple(digits, fc.option(digits), fc.option(fc.integer({ min: -330, max: 330 })))
      .map(([a, b, e]) => `${a}${b === null ? '' : `.${b}`}${e === null ? '' : `e${e}`}`);
    const plain = (text: string): string => {
      const [mantissa = '', power = '0'] = text.toLowerCase().split('e');
      const [whole = '', fraction = ''] = mantissa.split('.');
      const shifted = BigInt(`${whole}${fraction}`);
      if (shifted === 0n) return '0';
      const stripped = shifted.toString().replace(/0+$/, '');
      const zeros = shifted.toString().length - stripped.length;
      return `${stripped}e${Number(power) - fraction.length + zeros}`;
    };
    fc.assert(
      fc.property(literal, (text) => {
        fc.pre(refusalOf(text) === undefined);
        expect(plain(JSON.stringify(JSON.parse(text)))).toBe(plain(text));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['', 'emptyBody'],
    [' \n', 'emptyBody'],
    ['{"a":', 'malformedJson'],
    ['{"a":1}}', 'malformedJson'],
    ["{'a':1}", 'malformedJson'],
    ['\ufeff{}', 'malformedJson'],
    ['{"a":{"__proto__":{"x":1}}}', 'forbiddenName'],
    ['{"\\u005f_proto__":1}', 'forbiddenName'],
    ['{"__pr\\u006fto__":1}', 'forbiddenName'],
    ['{"x":[{"a\\u0000b":1}]}', 'forbiddenName'],
    ['[9007199254740993]', 'inexactNumber'],
    ['[18446744073709551616]', 'inexactNumber'],
    ['[0.12345678901234567890]', 'inexactNumber'],
    ['[1e400]', 'inexactNumber'],
    ['[-1e400]', 'inexactNumber'],
    ['[1e-400]', 'inexactNumber'],
    ['["\\ud800"]', 'malformedText'],
    ['{"\\udc00":1}', 'malformedText'],
    ['['.repeat(81) + ']'.repeat(81), 'tooDeep'],
    ['['.repeat(100_000), 'tooDeep'],
  ])('refuses %.60j as %s', (text, code) => {
    expect(refusalOf(text)).toMatchObject({ status: 400, code });
  });

  it('names the byte order mark that nobody sees, and what it was given', () => {
    expect(refusalOf('\ufeff{}')?.message).toContain('byte order mark');
    expect(() => parseJsonBody('{', 'The record')).toThrow('The record is not JSON');
  });

  it.each([
    '{"__proto":1,"proto__":"__proto__"}',
    '["\\"__proto__\\": 1"]',
    '[0.30000000000000004, 1E3, 100000000000000000000, 1.7976931348623157e308, 5e-324, 0e999, 1.0]',
    '["\\ud83d\\ude00", "\\u0000"]',
    '['.repeat(80) + ']'.repeat(80),
    ' "text" ',
  ])('accepts %.60j', (text) => {
    expect(parseJsonBody(text)).toEqual({ text, value: JSON.parse(text) });
  });

  // Where a look at them took quadratic time this would run into the limit of the test itself.
  it('refuses hostile numbers and texts of two million characters', () => {
    const hostile = [
      `[1${'0'.repeat(2_000_000)}1]`,
      `[0.${'0'.repeat(2_000_000)}1]`,
      `"${'\\'.repeat(1_999_999)}`,
    ];
    for (const text of hostile) expect(refusalOf(text)).toBeDefined();
  });
});
