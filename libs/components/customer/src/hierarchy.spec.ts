import fc from 'fast-check';
import { MAX_LEVELS, misplacementOf, walk, type ReadLevel } from './hierarchy';

type Edges = ReadonlyMap<string, readonly string[]>;

const reader =
  (edges: Edges): ReadLevel =>
  async (ids) =>
    new Map(ids.map((id) => [id, edges.get(id) ?? []]));

const chain = (length: number): Edges =>
  new Map(Array.from({ length }, (_, index) => [String(index), [String(index + 1)]]));

describe('misplacementOf', () => {
  it.each([
    ['below another one', { id: 'x', parents: ['0'], children: [] }, undefined],
    ['below itself', { id: 'x', parents: ['x'], children: [] }, { kind: 'cycle', via: 'x' }],
    ['above itself', { id: 'x', parents: [], children: ['x'] }, { kind: 'cycle', via: 'x' }],
    ['below what it stands above', { id: '3', parents: ['0'], children: [] }, { kind: 'cycle', via: '3' }],
    [
      'between two that know one another',
      { id: 'x', parents: ['0'], children: ['2'] },
      { kind: 'cycle', via: '2' },
    ],
  ])('%s', async (_title, place, misplacement) => {
    expect(await misplacementOf(place, reader(chain(4)))).toEqual(misplacement);
  });

  it('refuses a hierarchy that is deeper than anybody needs', async () => {
    const read = reader(chain(MAX_LEVELS + 5));
    expect(await misplacementOf({ id: 'x', parents: ['0'], children: [] }, read)).toEqual({
      kind: 'tooDeep',
    });
  });

  it('lets a forest grow only into forests, whatever is tried', async () => {
    const nodes = ['a', 'b', 'c', 'd', 'e', 'f'];
    const move = fc.record({ id: fc.constantFrom(...nodes), parent: fc.constantFrom(...nodes) });
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 20 }), async (moves) => {
        const parents = new Map<string, readonly string[]>();
        for (const { id, parent } of moves) {
          const found = await misplacementOf({ id, parents: [parent], children: [] }, reader(parents));
          if (found === undefined) parents.set(id, [parent]);
        }
        for (const node of nodes) {
          let steps = 0;
          for (let at = parents.get(node)?.[0]; at !== undefined; at = parents.get(at)?.[0]) steps += 1;
          expect(steps).toBeLessThan(nodes.length);
        }
      }),
    );
  });
});

describe('walk', () => {
  it('names each one once with its level, also when old data holds a circle', async () => {
    const circle = new Map([
      ['a', ['b', 'c']],
      ['b', ['c', 'a']],
      ['c', ['a']],
    ]);
    expect(await walk('a', reader(circle), { levels: 9, nodes: 99 })).toEqual({
      nodes: [
        { id: 'a', level: 0 },
        { id: 'b', level: 1, from: 'a' },
        { id: 'c', level: 1, from: 'a' },
      ],
      isCut: false,
    });
  });

  it('says when there is more than the limits allow', async () => {
    const { nodes, isCut } = await walk('0', reader(chain(9)), { levels: 2, nodes: 99 });
    expect([nodes.length, isCut]).toEqual([3, true]);
    const few = await walk('0', reader(chain(9)), { levels: 9, nodes: 4 });
    expect([few.nodes.length, few.isCut]).toEqual([4, true]);
    const whole = await walk('0', reader(chain(3)), { levels: 3, nodes: 4 });
    expect([whole.nodes.length, whole.isCut]).toEqual([4, false]);
  });
});
