import * as fc from 'fast-check';
import { Recent } from './recent';

describe('Recent', () => {
  it('knows exactly the last so many different numbers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.integer({ min: 0, max: 9 })), (size, added) => {
        const recent = new Recent(size);
        added.forEach((value) => recent.add(value));
        const last = [...new Set([...added].reverse())].slice(0, size);
        for (let value = 0; value < 10; value += 1) expect(recent.has(value)).toBe(last.includes(value));
        recent.clear();
        expect(added.some((value) => recent.has(value))).toBe(false);
      }),
    );
  });
});
