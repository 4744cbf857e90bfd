import { Refusal, type JsonObject } from '@quotebridge/platform/core';
import type { IndexSpec } from '@quotebridge/platform/store';
import type { Runtime } from '@quotebridge/tmf/component';
import type {
  HookContext,
  ResourceDefinition,
  ResourceHooks,
  VersionBinding,
} from '@quotebridge/tmf/resource';
import type { VersionMapper } from '@quotebridge/tmf/versions';
import { isLaunch, lifecycle } from './lifecycle';
import { LAUNCH_RULES } from './launch-rules';
import { brokenReferences, refuseBroken, type ReadStates } from './references';
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
  { keys: { 'externalIdentifier.id': 1, 'externalIdentifier.owner': 1 } },
];

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
    ],
  },
  {
    name: 'productOfferingPrice',
    schema: 'ProductOfferingPrice',
    mapper: mappers.productOfferingPriceMapper,
    indexes: [{ keys: { priceType: 1, _id: 1 } }],
  },
  {
    name: 'productSpecification',
    schema: 'ProductSpecification',
    mapper: mappers.productSpecificationMapper,
    indexes: [{ keys: { productNumber: 1, _id: 1 } }],
  },
];

/** Offerings that are on the market keep what they are made of. */
const USED_BY: Readonly<Record<string, string>> = {
  productSpecification: 'productSpecification.id',
  productOfferingPrice: 'productOfferingPrice.id',
};

const hooksOf = (name: string, runtime: Runtime): ResourceHooks => {
  const readStates: ReadStates = async (resource, ids) => {
    const found = await runtime
      .service(resource)
      .repository.collection.find({ _id: { $in: [...ids] } }, { projection: { lifecycleStatus: 1 } })
      .toArray();
    return new Map(
      found.map((document) => [document._id, document['lifecycleStatus'] as string | undefined]),
    );
  };
  const check = async (
    before: JsonObject | undefined,
    after: JsonObject,
    context: HookContext,
  ): Promise<JsonObject> => {
    const launch = isLaunch(before, after);
    if (launch) {
      const faults = LAUNCH_RULES[name]?.(after) ?? [];
      if (faults.length > 0) {
        throw new Refusal(409, 'notLaunchable', `${faults[0]?.path ?? ''} ${faults[0]?.message ?? ''}`, {
          faults,
        });
      }
    }
    if (launch || context.checkReferences) refuseBroken(await brokenReferences(name, after, readStates));
    return after;
  };
  const refuseUsed = async (context: HookContext): Promise<void> => {
    const path = USED_BY[name];
    if (path === undefined) return;
    const user = await runtime
      .service('productOffering')
      .repository.collection.findOne(
        { [path]: context.id, lifecycleStatus: 'Launched' },
        { projection: { _id: 1 } },
      );
    if (user)
      throw new Refusal(
        409,
        'inUse',
        `The launched productOffering ${user._id} refers to it; retire that first`,
      );
  };
  return {
    prepareCreate: (draft, context) => check(undefined, draft, context),
    prepareChange: (before, after, context) => check(before, after, context),
    beforeRemove: (_before, context) => refuseUsed(context),
  };
};

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
    hooks: hooksOf(name, runtime),
  }));
