import fc from 'fast-check';
import type { KubeObject, Mirror } from '@quotebridge/kubernetes/client';
import { asConnector, type Connector } from './connector';
import { platformOf } from './platform';
import { mayCollide, rivalIn, type Rival } from './rivals';

const ACTIONS: Readonly<Record<string, readonly string[]>> = { s4hana: ['create'], rest: ['b-c', 'c'] };

const connector = (namespace: string, name: string, minute: number, type = 's4hana', instance?: string) =>
  asConnector({
    metadata: {
      namespace,
      name,
      uid: `${namespace}/${name}`,
      creationTimestamp: `2026-11-21T10:0${minute}:00Z`,
    },
    spec: { type, ...(instance === undefined ? {} : { instance }) },
  } as unknown as KubeObject);

// Namespaces whose name begins with the same letter share a broker; nothing is known of those with z.
const finder = {
  actionsOf: ({ spec }: Connector) => ACTIONS[spec.type] ?? [],
  platformOf: async (namespace: string) =>
    namespace.startsWith('z')
      ? undefined
      : platformOf((key) => (key === 'NATS_URL' ? `nats.${namespace.slice(0, 1)}` : undefined), namespace),
};
const rivalOf = (one: Connector, all: readonly Connector[]): Promise<Rival | undefined> =>
  rivalIn(
    { connectors: { values: () => all.values() } as unknown as Mirror },
    { connector: one, actions: finder.actionsOf(one) },
    finder,
  );

describe('a rival', () => {
  const first = connector('a1', 'erp', 1);
  it.each<[string, Connector, Connector, string | undefined]>([
    ['has the same instance name', first, connector('a1', 'x', 2, 's4hana', 'erp'), 'instance name "erp"'],
    ['is in another namespace of the same broker', first, connector('a2', 'erp', 2), 'instance name "erp"'],
    ['is not in one of another broker', first, connector('b1', 'erp', 2), undefined],
    ['is not in one of which nothing is known', first, connector('z1', 'erp', 2), undefined],
    [
      'has a durable consumer of the same name',
      connector('a1', 'a', 1, 'rest'),
      connector('a2', 'a-b', 2, 'rest'),
      'durable consumer "connector-a-b-c"',
    ],
    ['is not who only begins alike', connector('a1', 'a', 1), connector('a1', 'a-b', 2), undefined],
  ])('%s', async (_what, older, younger, sentence) => {
    const found = await rivalOf(younger, [younger, older]);
    expect(found?.what).toEqual(sentence === undefined ? undefined : expect.stringContaining(sentence));
    if (sentence !== undefined)
      expect(found?.owner).toBe(`${older.metadata.namespace}/${older.metadata.name}`);
    expect(await rivalOf(older, [younger, older])).toBeUndefined();
  });

  it('of one that is not stored yet are all that are', async () => {
    const { creationTimestamp: _none, ...metadata } = connector('a1', 'new', 1, 's4hana', 'erp').metadata;
    const fresh = { ...connector('a1', 'new', 1, 's4hana', 'erp'), metadata };
    expect((await rivalOf(fresh, [first]))?.owner).toBe('a1/erp');
  });

  it('of all that want one name exactly one has none, in whatever order they are looked at', async () => {
    const few = fc.uniqueArray(fc.tuple(fc.constantFrom('a1', 'a2', 'a3'), fc.nat(5), fc.nat(3)), {
      minLength: 1,
      selector: ([namespace, n]) => `${namespace}/${n}`,
    });
    await fc.assert(
      fc.asyncProperty(few, async (entries) => {
        const all = entries.map(([namespace, n, minute]) =>
          connector(namespace, `c${n}`, minute, 's4hana', 'erp'),
        );
        const rivals = await Promise.all(all.map((one) => rivalOf(one, all)));
        expect(rivals.filter((rival) => rival === undefined)).toHaveLength(1);
        expect(new Set(rivals.flatMap((rival) => rival?.owner ?? [])).size).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('may be one only of whom it shares the beginning, up to a dash', () => {
    expect(mayCollide('erp', 'erp')).toBe(true);
    expect(mayCollide('erp', 'erp-eu')).toBe(true);
    expect(mayCollide('erp-eu', 'erp')).toBe(true);
    expect(mayCollide('erp1', 'erp')).toBe(false);
  });
});
