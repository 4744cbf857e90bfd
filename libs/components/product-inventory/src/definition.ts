import type { IndexSpec } from '@quotebridge/platform/store';
import type { ResourceDefinition, ResourceHooks } from '@quotebridge/tmf/resource';
import { productStates } from './states';
import { structureLock } from './structure';
import { productMapper } from './versions';

const sparse = (path: string): IndexSpec => ({ keys: { [path]: 1 }, options: { sparse: true } });

/** TMF637 `product` in v4 and v5. */
export const productDefinition = (hooks: ResourceHooks): ResourceDefinition => ({
  api: 'TMF637',
  name: 'product',
  eventName: 'Product',
  domain: 'ProductInventory',
  versions: {
    v4: {
      name: 'product',
      basePath: '/tmf-api/productInventory/v4',
      schemas: { create: 'Product_Create', response: 'Product' },
      serverSet: ['href'],
      nonPatchable: ['id', 'href'],
      mapper: productMapper,
    },
    v5: {
      name: 'product',
      basePath: '/tmf-api/productInventory/v5',
      schemas: { create: 'Product_FVO', response: 'Product' },
      serverSet: ['href', 'creationDate'],
      nonPatchable: ['id', 'href', 'creationDate'],
    },
  },
  operations: ['list', 'create', 'get', 'patch', 'delete'],
  state: productStates,
  indexes: [
    { keys: { productSerialNumber: 1, _id: 1 } },
    { keys: { status: 1, _id: 1 } },
    { keys: { name: 1, _id: 1 } },
    { keys: { creationDate: 1, _id: 1 } },
    { keys: { 'productSpecification.id': 1, _id: 1 } },
    // What is built by a specification has no serial number; of a model there may be many machines that have one.
    { keys: { 'productSpecification.id': 1, productSerialNumber: 1, _id: 1 } },
    { keys: { 'externalIdentifier.id': 1, 'externalIdentifier.owner': 1 } },
    sparse('productOffering.id'),
    sparse('productRelationship.id'),
    sparse('relatedParty.partyOrPartyRole.id'),
    sparse('agreementItem.agreementId'),
  ],
  hooks,
  lockFor: structureLock,
  seesOwnKind: true,
  holdsReferences: true,
});
