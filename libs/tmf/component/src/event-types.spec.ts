import type { ResourceDefinition } from '@quotebridge/tmf/resource';
import { eventTypes } from './event-types';

const binding = (name: string) => ({
  name,
  basePath: '/x',
  schemas: { create: 'X', response: 'X' },
  serverSet: [],
  nonPatchable: [],
});

const define = (
  api: ResourceDefinition['api'],
  eventName: string,
  names: { v4?: string; v5: string },
  operations: ResourceDefinition['operations'] = ['patch', 'delete'],
): ResourceDefinition => ({
  api,
  name: names.v5,
  eventName,
  domain: 'x',
  versions: {
    v5: binding(names.v5),
    ...(names.v4 === undefined ? {} : { v4: binding(names.v4) }),
  },
  operations,
  indexes: [],
});

const known = eventTypes([
  define('TMF620', 'ProductCatalog', { v4: 'catalog', v5: 'productCatalog' }),
  define('TMF620', 'ImportJob', { v4: 'importJob', v5: 'importJob' }, ['delete']),
  define('TMF622', 'ProductOrder', { v4: 'productOrder', v5: 'productOrder' }),
  define('TMF669', 'PartyRole', { v4: 'partyRole', v5: 'partyRole' }),
  define('TMF669', 'PartyRoleSpecification', { v5: 'partyRoleSpecification' }),
]);

it.each([
  ['TMF620', 'v5', 'ProductCatalogCreateEvent', true],
  ['TMF620', 'v5', 'CatalogCreateEvent', false],
  ['TMF620', 'v4', 'CatalogCreateEvent', true],
  ['TMF620', 'v4', 'ProductCatalogCreateEvent', false],
  ['TMF620', 'v4', 'CatalogBatchEvent', true],
  ['TMF620', 'v5', 'ImportJobStateChangeEvent', true],
  ['TMF620', 'v4', 'ImportJobStateChangeEvent', true],
  ['TMF620', 'v4', 'ImportJobDeleteEvent', true],
  ['TMF620', 'v5', 'Event', false],
  ['TMF620', 'v5', 'ProductOrderCreateEvent', false],
  ['TMF622', 'v5', 'ProductOrderMilestoneEvent', true],
  ['TMF622', 'v4', 'ProductOrderMilestoneEvent', true],
  ['TMF669', 'v5', 'PartyRoleSpecificationCreateEvent', true],
  ['TMF669', 'v4', 'PartyRoleSpecificationCreateEvent', false],
  ['TMF669', 'v4', 'PartyRoleCreateEvent', true],
] as const)('%s %s: %s is one that there is: %s', (api, version, type, isThere) => {
  expect(known(api, version).has(type)).toBe(isThere);
});

it.each([
  ['TMF620', 'v5', 'ProductCatalogCreateEvent', 'productCatalog'],
  ['TMF620', 'v4', 'CatalogCreateEvent', 'productCatalog'],
  ['TMF620', 'v4', 'ImportJobDeleteEvent', 'importJob'],
  ['TMF622', 'v4', 'ProductOrderMilestoneEvent', 'productOrder'],
  ['TMF669', 'v5', 'PartyRoleSpecificationCreateEvent', 'partyRoleSpecification'],
  ['TMF669', 'v4', 'PartyRoleCreateEvent', 'partyRole'],
] as const)('%s %s: %s tells of %s', (api, version, type, resource) => {
  expect(known(api, version).get(type)).toBe(resource);
});

it('lists the types in their order', () => {
  const types = [...known('TMF620', 'v4').keys()];
  expect(types).toEqual([...types].sort());
});
