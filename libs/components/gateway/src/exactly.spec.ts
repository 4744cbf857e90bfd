import { Refusal } from '@quotebridge/platform/core';
import { parseListQuery } from '@quotebridge/tmf/query';
import fc from 'fast-check';
import { exactly } from './component-client';

/** What a list of a component looks for when it is asked for a name. */
const wantedOf = (text: string): unknown => {
  const query = parseListQuery(`name=${encodeURIComponent(exactly(text))}`, {
    resolve: (path) => ({ storagePath: path, kind: 'string' }),
  });
  return query.ok ? query.value.filter : query.error;
};

describe('a value that means this text only', () => {
  it.each(['4711', '4711,x', '"4711",x', `'4711',"x`, 'a "b" c', `it's`, `"`, ',', `%22,`])(
    'is looked for as it is: %s',
    (text) => {
      expect(wantedOf(text)).toMatchObject({ type: 'in', path: 'name', values: [text] });
    },
  );

  it('is never read as several, whatever it holds; what cannot be written is refused', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '1', ',', '"', "'", '%', ' '),
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(text, (value) => {
        try {
          expect(wantedOf(value)).toMatchObject({ type: 'in', values: [value] });
        } catch (thrown) {
          if (!(thrown instanceof Refusal)) throw thrown;
          expect(thrown.status).toBe(400);
          expect(value).toMatch(/",.*',|',.*",/);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
