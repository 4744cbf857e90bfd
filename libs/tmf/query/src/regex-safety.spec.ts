import fc from 'fast-check';
import { safeRegex } from './regex-safety';

const accepted = (source: string): RegExp | undefined => {
  const safe = safeRegex(source);
  return typeof safe === 'string' ? undefined : new RegExp(safe.pattern, safe.ignoreCase ? 'iu' : 'u');
};

describe('regular expressions of clients', () => {
  it.each([
    ['nested repeats', '(a+)+'],
    ['nested repeats with counts', '(a{1,9}){1,9}'],
    ['repeated alternatives', '(a|a)*b'],
    ['many wildcards', 'a.*b.*c.*d'],
    ['many optional characters', `${'a?'.repeat(30)}${'a'.repeat(30)}`],
    ['a large count', 'a{1000}'],
    ['counts that multiply', '((a{50}){50}){50}'],
    ['a back-reference', '(a)\\1'],
    ['look-ahead', '(?=a)a'],
    ['look-behind', '(?<=a)b'],
    ['a named group', '(?<n>a)'],
    ['inline options in the middle', 'a(?i)b'],
    ['a possessive repeat', 'a++'],
    ['a property class', '\\p{L}'],
    ['an open group', '(a'],
    ['an open class', '[a'],
    ['an empty class', '[]'],
    ['a backward range', '[z-a]'],
    ['a stray bracket', 'a)'],
    ['a repeat of nothing', '*a'],
    ['a repeated anchor', '^*'],
    ['an open escape', 'a\\'],
    ['a NUL', 'a\0'],
  ])('refuses %s with a reason', (_, source) => {
    expect(safeRegex(source)).toEqual(expect.stringMatching(/^[a-z"]/));
  });

  it.each([
    ['^Pump.*', 'Pump 5', 'my Pump'],
    ['^a.*b.*c$', 'a1b2c', 'a1c'],
    ['.*foo.*', 'a foo b', 'bar'],
    ['(foo|bar)[0-9]{2,3}', 'bar12', 'bar1'],
    ['a\\.b', 'a.b', 'axb'],
    ['[^\\d\\-]+x', 'ax', '1x'],
    ['(?i)ABC', 'abc', 'ab'],
    ['a+?b', 'aab', 'b'],
    ['end$', 'the end', 'end\n'],
    ['\\bcat\\b', 'a cat', 'concat'],
    ['a-b', 'a-b', 'a_b'],
  ])('%s finds %p and not %p', (source, yes, no) => {
    expect([accepted(source)?.test(yes), accepted(source)?.test(no)]).toEqual([true, false]);
  });

  const part = fc.constantFrom(
    'a',
    'b',
    '.',
    '[ab]',
    '(a)',
    '(ab)',
    '*',
    '+',
    '?',
    '{2}',
    '{1,3}',
    '|',
    '^',
    '$',
    '\\d',
    '(',
    ')',
    '(?:a|b)',
  );

  it('answers every text, and what it accepts compiles and comes back from the texts that hurt most', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part, { maxLength: 14 }).map((parts) => parts.join('')),
        ),
        (source) => {
          const expression = accepted(source);
          if (expression === undefined) return;
          // An expression that backtracks without bound would never come back from here.
          expression.test('a'.repeat(1_000));
          expression.test(`${'ab'.repeat(500)}!`);
        },
      ),
      { numRuns: 1_500 },
    );
  });

  it('means the same as the native expression', () => {
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 6 }).map((parts) => parts.join('')),
        fc.string({ unit: fc.constantFrom('a', 'b', '1'), maxLength: 8 }),
        (source, text) => {
          const expression = accepted(source);
          if (expression !== undefined)
            expect({ source, text, found: expression.test(text) }).toEqual({
              source,
              text,
              found: new RegExp(source, 'u').test(text),
            });
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
