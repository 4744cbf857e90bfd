import fc from 'fast-check';
import { RecentlyUsed, roughBytes } from './recently-used';

describe('a memory of what was used recently', () => {
  const of = (entries: number, bytes = 1_000_000): RecentlyUsed<number> =>
    new RecentlyUsed({ entries, bytes });

  it('lets go of what was used least recently, also when a key comes again', () => {
    const memory = of(2);
    memory.set('a', 1, 0);
    memory.set('b', 2, 0);
    expect(memory.get('a')).toBe(1);
    memory.set('c', 3, 0);
    memory.set('a', 4, 0);
    expect([memory.get('a'), memory.get('b'), memory.get('c'), memory.size]).toEqual([4, undefined, 3, 2]);
  });

  it('lets go of as much as a large value needs, and keeps none that needs more than all', () => {
    const memory = of(100, 1_000);
    memory.set('a', 1, 300);
    memory.set('b', 2, 300);
    memory.set('c', 3, 700);
    expect([memory.get('a'), memory.get('b'), memory.get('c')]).toEqual([undefined, undefined, 3]);
    memory.set('c', 4, 5_000);
    expect([memory.get('c'), memory.bytes]).toEqual([undefined, 0]);
    memory.set('d', 5, 100);
    memory.set('e', 6, 5_000);
    expect([memory.get('d'), memory.get('e')]).toEqual([5, undefined]);
  });

  it('never holds more than its bounds, whatever is done to it', () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      bytes: fc.nat(600),
      what: fc.constantFrom('set', 'set', 'get', 'delete', 'clear'),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const memory = of(3, 1_000);
        const sizes = new Map<string, number>();
        for (const { key, bytes, what } of steps) {
          if (what === 'set') memory.set(key, bytes, bytes);
          else if (what === 'get') memory.get(key);
          else if (what === 'delete') memory.delete(key);
          else memory.clear();
          if (what === 'set') sizes.set(key, bytes);
          expect(memory.size).toBeLessThanOrEqual(3);
          expect(memory.bytes).toBeLessThanOrEqual(1_000);
        }
        const left = ['a', 'b', 'c', 'd'].flatMap((key) => memory.get(key) ?? []);
        expect(memory.bytes).toBe(left.reduce((sum, bytes) => sum + bytes + roughBytes('a'), 0));
      }),
    );
  });
});

test('the bytes of a value grow with everything in it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), fc.string({ maxLength: 100 }), (value, text) => {
      const rough = roughBytes(value);
      expect(rough).toBeGreaterThanOrEqual(JSON.stringify(value).length / 2 - 4);
      expect(roughBytes([value, text])).toBeGreaterThanOrEqual(rough + 2 * text.length);
    }),
  );
});
