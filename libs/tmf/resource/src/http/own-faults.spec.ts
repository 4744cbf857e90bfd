import type { Fault, JsonObject } from '@quotebridge/platform/core';
import { ownFaults } from './own-faults';

/** Every party needs a role, and the resource a type. */
const faultsOf = (resource: JsonObject): Fault[] => {
  const parties = resource['party'] as JsonObject[];
  return [
    ...(resource['type'] === undefined ? [{ path: '/type', message: 'is needed' }] : []),
    ...parties.flatMap(({ role }, index) =>
      role === undefined ? [{ path: `/party/${index}/role`, message: 'is needed' }] : [],
    ),
  ];
};
const pathsOf = (before: JsonObject, after: JsonObject): string[] =>
  ownFaults(before, after, faultsOf(after), faultsOf).map(({ path }) => path);

test.each<[string, JsonObject, JsonObject, string[]]>([
  ['none', { type: 'a', party: [] }, { type: 'b', party: [] }, []],
  [
    'not what was wrong and stays as it is',
    { party: [{ id: '1' }] },
    { party: [{ id: '1' }], name: 'n' },
    [],
  ],
  ['what it removes', { type: 'a', party: [] }, { party: [] }, ['/type']],
  ['what it adds', { party: [{ id: '1' }] }, { party: [{ id: '1' }, { id: '2' }] }, ['/party/1/role']],
  [
    'what it changes and leaves incomplete',
    { party: [{ id: '1' }] },
    { party: [{ id: '2' }] },
    ['/party/0/role'],
  ],
])('a change is told its own faults: %s', (_, before, after, paths) => {
  expect(pathsOf(before, after)).toEqual(paths);
});
