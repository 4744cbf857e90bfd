import type { JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { resolveSupersession, SUPERSESSION_LIMITS, supersessionOf } from './supersession';

const NOW = Date.parse('2026-06-01T00:00:00Z');

const characteristic = (name: string, value: string | number): JsonObject => ({
  name,
  characteristicValueSpecification: [{ value }],
});
const by = (
  id: string,
  more: { since?: string; until?: string; how?: string; quantity?: number; alternative?: string } = {},
): JsonObject => ({
  id,
  relationshipType: 'supersededBy',
  validFor: {
    ...(more.since ? { startDateTime: more.since } : {}),
    ...(more.until ? { endDateTime: more.until } : {}),
  },
  characteristic: [
    ...(more.how ? [characteristic('interchangeability', more.how)] : []),
    ...(more.quantity ? [characteristic('quantity', more.quantity)] : []),
    ...(more.alternative ? [characteristic('alternative', more.alternative)] : []),
  ],
});
const part = (...links: JsonObject[]): JsonObject => ({ productSpecificationRelationship: links });
const parts = (table: Readonly<Record<string, JsonObject>>) => new Map(Object.entries(table));
const ids = (alternatives: readonly (readonly { id: string; quantity: number }[])[]) =>
  alternatives.map((set) =>
    set.map(({ id, quantity }) => (quantity === 1 ? id : `${quantity}x${id}`)).join('+'),
  );

describe('what stands for a part', () => {
  it('is the part itself when nothing supersedes it', () => {
    expect(supersessionOf('a', parts({ a: part() }), NOW)).toEqual({
      isSuperseded: false,
      alternatives: [[{ id: 'a', quantity: 1, interchangeability: 'full', chain: ['a'] }]],
      steps: [],
      hasCycle: false,
      isCut: false,
    });
  });

  it('is the end of the chain, with the weakest interchangeability on the way', () => {
    const chain = parts({
      a: part(by('b', { how: 'full', since: '2020-01-01T00:00:00Z' })),
      b: part(by('c', { how: 'forward' })),
      c: part(),
    });
    const { alternatives, steps } = supersessionOf('a', chain, NOW);
    expect(alternatives).toEqual([
      [{ id: 'c', quantity: 1, interchangeability: 'forward', chain: ['a', 'b', 'c'] }],
    ]);
    expect(steps).toEqual([
      { from: 'a', to: 'b', since: '2020-01-01T00:00:00Z', interchangeability: 'full', quantity: 1 },
      { from: 'b', to: 'c', interchangeability: 'forward', quantity: 1 },
    ]);
    expect(supersessionOf('b', chain, NOW).alternatives[0]?.[0]?.id).toBe('c');
  });

  it('depends on the day', () => {
    const swap = '2026-03-01T00:00:00Z';
    const chain = parts({
      a: part(by('b', { until: swap }), by('c', { since: swap })),
      b: part(),
      c: part(),
    });
    const at = (day: string) => ids(supersessionOf('a', chain, Date.parse(day)).alternatives);
    expect(at('2026-02-28T23:59:59Z')).toEqual(['b']);
    expect(at(swap)).toEqual(['c']);
  });

  it('may be several parts together, several choices, and more than one piece of each', () => {
    const chain = parts({
      a: part(by('b', { quantity: 2 }), by('c'), by('d', { alternative: 'kit' })),
      b: part(by('e', { alternative: '1', quantity: 3 }), by('f', { alternative: '2' })),
    });
    expect(ids(supersessionOf('a', chain, NOW).alternatives).sort()).toEqual(['2xf+c', '6xe+c', 'd']);
  });

  it('ends before a circle begins again and says so', () => {
    const circle = parts({ a: part(by('b')), b: part(by('a')) });
    expect(supersessionOf('a', circle, NOW)).toMatchObject({
      hasCycle: true,
      alternatives: [[{ id: 'b', chain: ['a', 'b'] }]],
    });
  });

  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const link = fc.record({
    id: fc.constantFrom(...names),
    alternative: fc.constantFrom('', '', 'x', 'y'),
    how: fc.constantFrom('full', 'forward', 'conditional'),
  });
  const anyGraph = fc
    .dictionary(fc.constantFrom(...names), fc.array(link, { maxLength: 4 }))
    .map((table) =>
      parts(
        Object.fromEntries(
          Object.entries(table).map(([id, links]) => [
            id,
            part(...links.map(({ id: to, ...more }) => by(to, more))),
          ]),
        ),
      ),
    );

  it('is always something, bounded, free of repetition on the way, and superseded by nothing itself', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const found = supersessionOf('a', graph, NOW);
        expect(found.alternatives.length).toBeGreaterThan(0);
        expect(found.alternatives.length).toBeLessThanOrEqual(SUPERSESSION_LIMITS.alternatives);
        for (const { id, chain } of found.alternatives.flat()) {
          expect(new Set(chain).size).toBe(chain.length);
          expect([chain[0], chain.at(-1)]).toEqual(['a', id]);
          const onward = supersessionOf(id, graph, NOW).steps.filter(({ from }) => from === id);
          if (!found.hasCycle && !found.isCut) expect(onward).toEqual([]);
        }
      }),
    );
  });

  it('ends in time on a chain that branches at every step', () => {
    const wide = parts(
      Object.fromEntries(
        Array.from({ length: 40 }, (_, level) => [
          `${level}`,
          part(by(`${level + 1}`), by(`${level + 2}`), by(`${level + 3}`)),
        ]),
      ),
    );
    expect(supersessionOf('0', wide, NOW).isCut).toBe(true);
  });

  it('is read level by level, each part once', async () => {
    const table = parts({
      a: part(by('b'), by('c')),
      b: part(by('d')),
      c: part(by('d')),
      d: part(by('e')),
      e: part(),
    });
    const reads: string[][] = [];
    const read = async (wanted: readonly string[]) => {
      reads.push([...wanted]);
      return new Map(wanted.flatMap((id) => (table.has(id) ? [[id, table.get(id) ?? {}] as const] : [])));
    };
    const found = await resolveSupersession('a', table.get('a') ?? {}, read, NOW);
    expect(reads).toEqual([['b', 'c'], ['d'], ['e']]);
    expect(ids(found.alternatives)).toEqual(['e+e']);
  });

  it('is cut when the chain is longer than anybody follows', async () => {
    const read = async (wanted: readonly string[]) =>
      new Map(wanted.map((id) => [id, part(by(String(Number(id) + 1)))] as const));
    expect(await resolveSupersession('0', part(by('1')), read, NOW)).toMatchObject({ isCut: true });
  });
});
