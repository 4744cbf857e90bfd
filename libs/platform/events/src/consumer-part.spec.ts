import fc from 'fast-check';
import { durableOf, isForPart, partOf } from './consumer-part';

describe('the parts of a consumer', () => {
  it('a key is in exactly one of them, and in the same one each time', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 12 }), (key, of) => {
        const parts = Array.from({ length: of }, (_, index) => ({ index, of }));
        expect(parts.filter((part) => isForPart(key, part))).toEqual([{ index: partOf(key, of), of }]);
      }),
    );
  });

  it.each([
    ['', 1],
    ['a', 4],
    ['7c9e6679-7425-40de-944b-e07fc1f90ae7', 5],
    ['é', 4],
  ])('stay what they are for ever: %j', (key, part) => {
    expect(partOf(key, 6)).toBe(part);
  });

  it('get about as many of the identifiers each', () => {
    const counts = [0, 0, 0, 0, 0, 0];
    for (let n = 0; n < 6_000; n += 1) {
      const part = partOf(`order-${n}`, 6);
      counts[part] = (counts[part] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it('a consumer that is not divided has every key, and its name is the first part’s', () => {
    expect(isForPart('any', undefined)).toBe(true);
    expect(durableOf({ durable: 'c' })).toBe('c');
    expect([0, 1].map((index) => durableOf({ durable: 'c', part: { index, of: 2 } }))).toEqual(['c', 'c_1']);
  });
});
