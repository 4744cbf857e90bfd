import type { EncryptedField, ResourceDefinition, ResourceHooks } from '@quotebridge/tmf/resource';
import { cancelStates, orderStates } from './order-states';
import { cancelProductOrderMapper, productOrderMapper } from './versions';

const V4 = '/tmf-api/productOrderingManagement/v4';
const V5 = '/tmf-api/productOrderingManagement/v5';

/** Attributes that only the server sets when an order is made (FACTS 2). */
const SERVER_SET = ['href', 'state', 'completionDate', 'expectedCompletionDate'];

/** Who ordered and where it goes, as far as it is a person's; ids and names of customers stay readable. */
const ENCRYPTED: readonly EncryptedField[] = [
  { path: 'notificationContact', searchable: true },
  { path: 'businessOrder.phone' },
  { path: 'businessOrder.shipTo' },
  { path: 'businessOrder.billTo' },
];

/** TMF622 `productOrder` in v4 and v5. */
export const productOrderDefinition = (hooks: ResourceHooks): ResourceDefinition => ({
  api: 'TMF622',
  name: 'productOrder',
  eventName: 'ProductOrder',
  domain: 'ProductOrdering',
  versions: {
    v4: {
      name: 'productOrder',
      basePath: V4,
      schemas: { create: 'ProductOrder_Create', response: 'ProductOrder' },
      serverSet: [...SERVER_SET, 'id', 'orderDate'],
      nonPatchable: ['id', 'href', 'orderDate'],
      shownLists: ['relatedParty'],
      mapper: productOrderMapper,
    },
    v5: {
      name: 'productOrder',
      basePath: V5,
      schemas: { create: 'ProductOrder_FVO', response: 'ProductOrder' },
      serverSet: [...SERVER_SET, 'creationDate', 'cancellationDate', 'cancellationReason'],
      nonPatchable: ['id', 'href', 'creationDate', 'requestedInitialState'],
    },
  },
  operations: ['list', 'create', 'get', 'patch', 'delete'],
  identifiers: 'externalId',
  state: orderStates,
  indexes: [
    { keys: { state: 1, _id: 1 } },
    { keys: { creationDate: 1, _id: 1 } },
    { keys: { 'quote.id': 1, _id: 1 } },
    { keys: { 'externalId.id': 1, _id: 1 } },
    { keys: { 'relatedParty.partyOrPartyRole.id': 1, _id: 1 } },
  ],
  encrypted: ENCRYPTED,
  // Items of quotes bring the structures of machines, which who may not read these does not see.
  guardedItems: {
    items: 'productOrderItem',
    resource: 'product',
    parts: ['product.productRelationship'],
  },
  hooks,
});

/** Lock of new cancellations: of several that come at once, each sees whether another one of its order is in work. */
export const CANCEL_LOCK = 'cancel-product-order';

/** TMF622 `cancelProductOrder` in v4 and v5: a task, never patched or deleted. */
export const cancelProductOrderDefinition = (hooks: ResourceHooks): ResourceDefinition => ({
  api: 'TMF622',
  name: 'cancelProductOrder',
  eventName: 'CancelProductOrder',
  domain: 'ProductOrdering',
  versions: {
    v4: {
      name: 'cancelProductOrder',
      basePath: V4,
      schemas: { create: 'CancelProductOrder_Create', response: 'CancelProductOrder' },
      serverSet: ['href', 'state', 'effectiveCancellationDate'],
      nonPatchable: [],
      mapper: cancelProductOrderMapper,
    },
    v5: {
      name: 'cancelProductOrder',
      basePath: V5,
      schemas: { create: 'CancelProductOrder_FVO', response: 'CancelProductOrder' },
      serverSet: ['href', 'state', 'creationDate', 'effectiveCancellationDate'],
      nonPatchable: [],
    },
  },
  operations: ['list', 'create', 'get'],
  state: cancelStates,
  indexes: [{ keys: { 'productOrder.id': 1, _id: 1 } }, { keys: { state: 1, _id: 1 } }],
  lockFor: (before) => (before === undefined ? CANCEL_LOCK : undefined),
  hooks,
});
