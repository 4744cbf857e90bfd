import type { IndexSpec } from '@quotebridge/platform/store';
import type { ResourceDefinition, ResourceHooks, VersionBinding } from '@quotebridge/tmf/resource';
import { salesStates } from './states';
import { salesLeadMapper } from './versions';

const sparse = (path: string): IndexSpec => ({ keys: { [path]: 1 }, options: { sparse: true } });

/** Attributes that only the server sets when a lead or an opportunity is made (FACTS 10). */
const SERVER_SET = ['href', 'creationDate', 'status', 'statusChangeDate'];
const NON_PATCHABLE = ['id', 'href', 'creationDate'];

const binding = (name: string, schema: string): VersionBinding => ({
  name,
  basePath: '/tmf-api/salesManagement/v5',
  schemas: { create: `${schema}_FVO`, response: schema },
  serverSet: SERVER_SET,
  nonPatchable: NON_PATCHABLE,
});

const INDEXES: readonly IndexSpec[] = [
  { keys: { status: 1, _id: 1 } },
  { keys: { name: 1, _id: 1 } },
  { keys: { creationDate: 1, _id: 1 } },
  { keys: { 'externalIdentifier.id': 1, 'externalIdentifier.owner': 1 } },
  sparse('relatedParty.partyOrPartyRole.id'),
];

const OPERATIONS: ResourceDefinition['operations'] = ['list', 'create', 'get', 'patch', 'delete'];

/** TMF699 `salesLead` in v4 and v5, and `salesOpportunity`, which v4 does not have. */
export const salesResources = (hooks: ResourceHooks): readonly ResourceDefinition[] => [
  {
    api: 'TMF699',
    name: 'salesLead',
    eventName: 'SalesLead',
    domain: 'Sales',
    versions: {
      v4: {
        ...binding('salesLead', 'SalesLead'),
        basePath: '/tmf-api/sales/v4',
        schemas: { create: 'SalesLead_Create', response: 'SalesLead' },
        mapper: salesLeadMapper,
      },
      v5: binding('salesLead', 'SalesLead'),
    },
    operations: OPERATIONS,
    touched: 'lastUpdate',
    state: salesStates,
    indexes: [...INDEXES, sparse('salesOpportunity.id')],
    hooks,
  },
  {
    api: 'TMF699',
    name: 'salesOpportunity',
    eventName: 'SalesOpportunity',
    domain: 'Sales',
    versions: { v5: binding('salesOpportunity', 'SalesOpportunity') },
    operations: OPERATIONS,
    state: salesStates,
    indexes: [...INDEXES, sparse('quote.id'), sparse('salesLead.id')],
    hooks,
  },
];
