import { walkBom } from '@quotebridge/cpq/bom';
import { attributesOf, type StoredResource } from '@quotebridge/tmf/resource';
import fc from 'fast-check';
import { LastSeen, StructureReading } from './structure-reading';

const NOW = Date.parse('2026-06-01T00:00:00Z');

const product = (id: string, parts: readonly string[], changed = 0): StoredResource =>
  ({
    _id: id,
    _mod: new Date(changed),
    productRelationship: parts.map((part) => ({ relationshipType: 'contains', id: part })),
  }) as unknown as StoredResource;

const inventory = (products: readonly StoredResource[]) => {
  const reads: (readonly string[])[] = [];
  const byId = new Map(products.map((one) => [one._id, one]));
  const stored = async (ids: readonly string[]) => {
    reads.push(ids);
    return ids.flatMap((id) => byId.get(id) ?? []);
  };
  const ask = async (root: string, ahead: readonly string[]) => {
    const top = byId.get(root) ?? product(root, []);
    const reading = new StructureReading(top, stored, ahead);
    const { lines } = await walkBom(root, attributesOf(top), reading.read, { levels: 9, effective: NOW });
    return { lines, ids: reading.ids(), asOf: reading.asOf() };
  };
  return { reads, ask };
};

describe('reading a structure', () => {
  const chain = [product('a', ['b', 'e']), product('b', ['c']), product('c', ['d'], 5), product('d', [], 9)];

  it('takes one read for all that was in it the last time, else one for each level', async () => {
    const { reads, ask } = inventory(chain);
    const { ids } = await ask('a', []);
    expect([ids, reads]).toEqual([
      ['b', 'e', 'c', 'd'],
      [['b', 'e'], ['c'], ['d']],
    ]);
    await ask('a', ids);
    expect(reads.slice(3)).toEqual([ids]);
  });

  it('is as old as the latest change of what is in it, whatever else was read', async () => {
    const { ask } = inventory([...chain, product('old', [], 99)]);
    expect((await ask('b', ['old'])).asOf).toBe(new Date(9).toISOString());
    expect((await ask('e', ['d'])).asOf).toBe(new Date(0).toISOString());
  });

  it('gives the same whatever was in it the last time', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const structures = fc.dictionary(fc.constantFrom(...names), fc.uniqueArray(fc.constantFrom(...names)));
    await fc.assert(
      fc.asyncProperty(
        structures,
        fc.uniqueArray(fc.constantFrom(...names, 'gone')),
        async (parts, ahead) => {
          const { ask } = inventory(Object.entries(parts).map(([id, of], at) => product(id, of, at)));
          expect(await ask('a', ahead)).toEqual(await ask('a', []));
        },
      ),
    );
  });
});

describe('what was in structures', () => {
  it('is kept of the latest ones, unless it is too much', () => {
    const seen = new LastSeen();
    for (let count = 0; count < 1_001; count += 1) seen.note(`root${count}`, [String(count)]);
    expect([seen.of('root0'), seen.of('root1')]).toEqual([[], ['1']]);
    seen.note('root1', Array.from({ length: 1_001 }, String));
    expect(seen.of('root1')).toEqual([]);
  });

  it('is kept of fewer when they are large', () => {
    const seen = new LastSeen();
    const many = Array.from({ length: 1_000 }, String);
    for (let again = 0; again < 2; again += 1)
      for (let count = 0; count < 101; count += 1) seen.note(`root${count}`, many);
    const kept = Array.from({ length: 101 }, (_, count) => seen.of(`root${count}`).length);
    expect(kept).toEqual([0, ...Array<number>(100).fill(1_000)]);
  });
});
