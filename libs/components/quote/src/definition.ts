import type { ResourceDefinition, ResourceHooks } from '@quotebridge/tmf/resource';
import { UNPRICED_ITEMS } from './item-price';
import { STRUCTURE, UNKNOWN_PRODUCTS, WAITING_ITEMS } from './item-structure';
import { MARGIN } from './margin';
import { isNewVersion } from './updatable';
import { quoteStates } from './states';
import { quoteMapper } from './versions';

/** Attributes that only the server sets when a quote is made (FACTS 3). */
const SERVER_SET = [
  'href',
  'state',
  'quoteTotalPrice',
  'validFor',
  'expectedQuoteCompletionDate',
  'effectiveQuoteCompletionDate',
];

/** TMF648 `quote` in v4 and v5. */
export const quoteDefinition = (hooks: ResourceHooks): ResourceDefinition => ({
  api: 'TMF648',
  name: 'quote',
  eventName: 'Quote',
  domain: 'Quote',
  versions: {
    v4: {
      name: 'quote',
      basePath: '/tmf-api/quoteManagement/v4',
      schemas: { create: 'Quote_Create', response: 'Quote' },
      serverSet: [...SERVER_SET, 'quoteDate'],
      nonPatchable: ['id', 'href', 'quoteDate'],
      mapper: quoteMapper,
    },
    v5: {
      name: 'quote',
      basePath: '/tmf-api/quoteManagement/v5',
      schemas: { create: 'Quote_FVO', response: 'Quote' },
      serverSet: [...SERVER_SET, 'creationDate', 'authorization'],
      nonPatchable: ['id', 'href', 'creationDate', 'instantSyncQuote'],
    },
  },
  operations: ['list', 'create', 'get', 'patch', 'delete'],
  versioned: true,
  beginsVersion: isNewVersion,
  state: quoteStates,
  indexes: [
    { keys: { state: 1, _id: 1 } },
    { keys: { creationDate: 1, _id: 1 } },
    { keys: { state: 1, 'validFor.endDateTime': 1 } },
    { keys: { 'externalId.id': 1, _id: 1 } },
    { keys: { [UNPRICED_ITEMS]: 1 }, options: { sparse: true } },
    { keys: { [WAITING_ITEMS]: 1 }, options: { sparse: true } },
    { keys: { [UNKNOWN_PRODUCTS]: 1 }, options: { sparse: true } },
  ],
  confidential: { [MARGIN]: 'quoteMargin' },
  // What a machine is built of is the inventory's to tell, on a quote as well.
  guardedItems: {
    items: 'quoteItem',
    resource: 'product',
    parts: ['product.productRelationship', STRUCTURE],
    beside: [UNKNOWN_PRODUCTS],
  },
  hooks,
  // v4 answers the result itself when the client wants it at once, else a task in work (FACTS 3).
  createStatus: (quote, version) => (version === 'v4' && quote['instantSyncQuote'] === true ? 200 : 201),
});
