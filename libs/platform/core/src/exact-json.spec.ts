import * as fc from 'fast-check';
import { parseExactly } from './exact-json';

describe('JSON of an outside system', () => {
  it.each<[string, unknown]>([
    ['9007199254740992', 9007199254740992],
    ['9007199254740993', '9007199254740993'],
    ['-9007199254740993', '-9007199254740993'],
    ['12345678901234567168', '12345678901234567168'],
    ['1234567890123456.78', '1234567890123456.78'],
    ['1e400', '1e400'],
    ['1.5e3', 1500],
    ['1E0', 1],
    ['12.50', 12.5],
    ['0.30000000000000004', 0.30000000000000004],
    ['100000000000000000000', 100000000000000000000],
    // Doubles with more digits than they need.
    ['0.10000000000000001', 0.1],
    ['19.989999999999998', 19.989999999999998],
    ['0.1000000000000000055511151231257827021181583404541015625', 0.1],
  ])('%s is kept as it was meant', (literal, value) => {
    expect(parseExactly(`{"a":[${literal}]}`)).toEqual({ a: [value] });
  });

  it('a byte order mark, which some servers put before it, is ignored (RFC 8259, 8.1)', () => {
    expect(parseExactly('\uFEFF{"a":1}')).toEqual({ a: 1 });
    expect(parseExactly('\uFEFF{"a":9007199254740993}')).toEqual({ a: '9007199254740993' });
    expect(() => parseExactly('{\uFEFF}')).toThrow(SyntaxError);
  });

  it('any JSON whose numbers are doubles is what it was', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        expect(parseExactly(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('any whole number and any decimal keeps its digits, and texts are left alone', () => {
    const digits = fc.stringMatching(/^(0|[1-9]\d{0,19})(\.\d{1,30}[1-9])?$/);
    fc.assert(
      fc.property(digits, fc.string(), (literal, text) => {
        const told = { [`${literal}"`]: `${text}\\"${literal}`, text: `${literal}\\` };
        const [value, same] = parseExactly(`[${literal}, ${JSON.stringify(told)}]`) as [unknown, unknown];
        expect(same).toEqual(told);
        // As a number only where it is the double itself.
        if (typeof value === 'number') expect(Number(literal)).toBe(value);
        else expect(value).toBe(literal);
        if (!literal.includes('.')) expect(BigInt(String(value))).toBe(BigInt(literal));
      }),
    );
  });

  it.each(['', '{', '[1,]', '[00012345678901234567]', '[12345678901234567890-]', '"1234567890123456'])(
    'what is no JSON stays none: %s',
    (text) => {
      expect(() => parseExactly(text)).toThrow(SyntaxError);
    },
  );

  it('a long text is looked through once', () => {
    const text = `["${'\\"1234567890123456'.repeat(200_000)}", 12345678901234567]`;
    expect((parseExactly(text) as unknown[])[1]).toBe('12345678901234567');
  });
});
