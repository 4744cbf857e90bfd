import * as fc from 'fast-check';
import { randomIds, stableId } from './ids';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-([1-8])[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const words = fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 });

describe('stableId', () => {
  it('is the same UUID of version 5 for the same words and another one for others', () => {
    fc.assert(
      fc.property(words, words, (a, b) => {
        expect(UUID.exec(stableId(...a))?.[1]).toBe('5');
        expect(stableId(...a) === stableId(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it('tells words apart by their borders', () => {
    const ids = [
      stableId('ab', 'c'),
      stableId('a', 'bc'),
      stableId('abc'),
      stableId('ab,c'),
      stableId('a","b'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has not changed since records were stored under it', () => {
    expect(stableId('s4hana', 'productOffering', 'MAT-1')).toBe('e5211c49-68c8-505a-9d84-2233a30b927c');
  });
});

describe('randomIds', () => {
  it('gives a new UUID each time', () => {
    const ids = Array.from({ length: 1_000 }, () => randomIds.next());
    expect(new Set(ids).size).toBe(1_000);
    for (const id of ids) expect(id).toMatch(UUID);
  });
});
