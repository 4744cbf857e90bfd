import type { IndexSpec } from '@quotebridge/platform/store';
import type { Runtime } from '@quotebridge/tmf/component';
import type { ResourceDefinition, VersionBinding } from '@quotebridge/tmf/resource';
import type { VersionMapper } from '@quotebridge/tmf/versions';
import { catalogHooks, LAUNCH_LOCK, launchLock } from './catalog-hooks';
import { CONFIDENTIAL } from './confidential';
import { lifecycle } from './lifecycle';
import { idPathsOf } from './references';
import * as mappers from './versions';

const BASE_V4 = '/tmf-api/productCatalogManagement/v4';
const BASE_V5 = '/tmf-api/productCatalogManagement/v5';

const v4 = (name: string, schema: string, mapper: VersionMapper): VersionBinding => ({
  name,
  basePath: BASE_V4,
  schemas: { create: `${schema}_Create`, response: schema },
  serverSet: ['href'],
  nonPatchable: ['id', 'href', 'lastUpdate', '@type', '@baseType'],
  mapper,
});

const v5 = (name: string, schema: string, touched: boolean): VersionBinding => ({
  name,
  basePath: BASE_V5,
  schemas: { create: `${schema}_FVO`, response: schema },
  serverSet: ['href'],
  nonPatchable: ['id', 'href', ...(touched ? ['lastUpdate'] : [])],
});

const COMMON_INDEXES: readonly IndexSpec[] = [
  { keys: { name: 1, _id: 1 } },
  { keys: { lifecycleStatus: 1, _id: 1 } },
  { keys: { lastUpdate: 1, _id: 1 } },
  { keys: { 'externalIdentifier.id': 1, _id: 1 } },
];

/** Found from the other end: who refers to this. Costs nothing for documents without the attribute. */
const referredBy = (path: string): IndexSpec => ({ keys: { [path]: 1 }, options: { sparse: true } });

interface Entry {
  readonly name: string;
  readonly schema: string;
  readonly v4Name?: string;
  readonly v4Schema?: string;
  readonly mapper: VersionMapper;
  readonly indexes?: readonly IndexSpec[];
}

const ENTRIES: readonly Entry[] = [
  {
    name: 'productCatalog',
    schema: 'ProductCatalog',
    v4Name: 'catalog',
    v4Schema: 'Catalog',
    mapper: mappers.catalogMapper,
  },
  {
    name: 'category',
    schema: 'Category',
    mapper: mappers.categoryMapper,
    indexes: [{ keys: { 'parent.id': 1, _id: 1 } }],
  },
  {
    name: 'productOffering',
    schema: 'ProductOffering',
    mapper: mappers.productOfferingMapper,
    indexes: [
      { keys: { 'category.id': 1, _id: 1 } },
      { keys: { 'productSpecification.id': 1, _id: 1 } },
      { keys: { 'productOfferingPrice.id': 1, _id: 1 } },
      referredBy('bundledProductOffering.id'),
      ...idPathsOf('bundledGroupProductOffering').map(referredBy),
      referredBy('productOfferingRelationship.id'),
    ],
  },
  {
    name: 'productOfferingPrice',
    schema: 'ProductOfferingPrice',
    mapper: mappers.productOfferingPriceMapper,
    indexes: [
      { keys: { priceType: 1, _id: 1 } },
      referredBy('bundledPopRelationship.id'),
      referredBy('popRelationship.id'),
      referredBy('prodSpecCharValueUse.productSpecification.id'),
      referredBy('prodSpecCharValueUse.productSpecCharacteristicValue.value'),
    ],
  },
  {
    name: 'productSpecification',
    schema: 'ProductSpecification',
    mapper: mappers.productSpecificationMapper,
    indexes: [
      { keys: { productNumber: 1, _id: 1 } },
      referredBy('bundledProductSpecification.id'),
      referredBy('productSpecificationRelationship.id'),
      referredBy('category.id'),
      referredBy('relatedParty.partyOrPartyRole.id'),
    ],
  },
];

/** The five resources of TMF620 that are kept in versions and follow the life cycle. */
export const catalogResources = (runtime: Runtime): ResourceDefinition[] =>
  ENTRIES.map(({ name, schema, v4Name, v4Schema, mapper, indexes = [] }) => ({
    api: 'TMF620',
    name,
    eventName: schema,
    domain: 'ProductCatalog',
    versions: {
      v4: v4(v4Name ?? name, v4Schema ?? schema, mapper),
      v5: v5(name, schema, name !== 'productCatalog'),
    },
    operations: ['list', 'create', 'get', 'patch', 'delete'],
    touched: 'lastUpdate',
    versioned: true,
    state: lifecycle,
    indexes: [...COMMON_INDEXES, ...indexes],
    lockFor: launchLock(name),
    removalLock: LAUNCH_LOCK,
    hooks: catalogHooks(name, runtime),
    ...(CONFIDENTIAL[name] === undefined ? {} : { confidential: CONFIDENTIAL[name] }),
  }));
