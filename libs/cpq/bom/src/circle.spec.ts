import fc from 'fast-check';
import { bomFaultOf, MOST_LEVELS_ABOVE, type ReadHolders } from './circle';

type Structure = ReadonlyMap<string, readonly string[]>;

/** Reads who contains what from a structure: product → components. */
const holdersIn =
  (structure: Structure): ReadHolders =>
  async (ids) =>
    new Map(
      ids.map((id) => [id, [...structure].filter(([, parts]) => parts.includes(id)).map(([name]) => name)]),
    );

const press: Structure = new Map([
  ['press', ['drive', 'frame']],
  ['drive', ['motor', 'bolt']],
  ['motor', ['bearing', 'bolt']],
  ['frame', ['bolt']],
]);

describe('a product that is made of others', () => {
  it.each<[string, string, readonly string[], unknown]>([
    ['may be new', 'saw', ['motor', 'bolt'], undefined],
    ['may get what it has at another place', 'press', ['bolt'], undefined],
    ['may be made of nothing', 'bolt', [], undefined],
    ['cannot be made of itself', 'bolt', ['bolt'], { kind: 'cycle', path: ['bolt', 'bolt'] }],
    [
      'cannot contain what it is built into',
      'motor',
      ['drive'],
      { kind: 'cycle', path: ['motor', 'drive', 'motor'] },
    ],
    [
      'nor what that is built into, at any depth',
      'bearing',
      ['bolt', 'press'],
      { kind: 'cycle', path: ['bearing', 'press', 'drive', 'motor', 'bearing'] },
    ],
  ])('%s', async (_name, id, components, fault) => {
    expect(await bomFaultOf(id, components, holdersIn(press))).toEqual(fault);
  });

  it('is refused below more levels than any machine has', async () => {
    const chain = new Map(
      Array.from({ length: MOST_LEVELS_ABOVE + 3 }, (_, level) => [`${level + 1}`, [`${level}`]] as const),
    );
    expect(await bomFaultOf('0', ['bolt'], holdersIn(chain))).toEqual({ kind: 'tooDeep' });
  });

  it('is judged in the end when old data hold a circle', async () => {
    const old = new Map([
      ['a', ['b', 'x']],
      ['b', ['a']],
    ]);
    expect(await bomFaultOf('x', ['y'], holdersIn(old))).toBeUndefined();
  });

  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  const write = fc.record({ id: name, parts: fc.uniqueArray(name, { maxLength: 3 }) });

  it('never contains itself, whatever is written in whatever order, and every refusal names a real circle', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(write, { maxLength: 20 }), async (writes) => {
        const structure = new Map<string, readonly string[]>();
        const contains = (from: string, to: string): boolean =>
          (structure.get(from) ?? []).some((part) => part === to || contains(part, to));
        for (const { id, parts } of writes) {
          const fault = await bomFaultOf(id, parts, holdersIn(structure));
          const closes = parts.some((part) => part === id || contains(part, id));
          expect(fault !== undefined).toBe(closes);
          if (fault === undefined) {
            structure.set(id, parts);
            continue;
          }
          const [start, first, ...rest] = fault.kind === 'cycle' ? fault.path : [];
          expect([start, [...rest].pop() ?? first]).toEqual([id, id]);
          expect(parts).toContain(first);
          [first, ...rest].slice(0, -1).forEach((from, at) => {
            expect(structure.get(from ?? '')).toContain(rest[at]);
          });
        }
      }),
    );
  });
});
