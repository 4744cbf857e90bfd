import type { JsonObject } from '@quotebridge/platform/core';
import {
  brokenReferences,
  LINKS,
  referencesOf,
  referrersOf,
  refersTo,
  type Found,
  type ReadTargets,
} from './references';

type Store = Readonly<Record<string, Readonly<Record<string, readonly Found[]>>>>;

const found = (resource: JsonObject = {}, version = '1.0'): Found => ({ version, resource });
const reader =
  (store: Store): ReadTargets =>
  async (resource, ids) =>
    new Map(ids.flatMap((id) => (store[resource]?.[id] ? [[id, store[resource][id]] as const] : [])));
const paths = async (name: string, resource: JsonObject, store: Store, deep = false): Promise<string[]> =>
  (await brokenReferences(name, resource, reader(store), deep)).map(({ path }) => path);

describe('the references of a resource', () => {
  it('are those to resources of this component, with the version they name', () => {
    const offering = {
      category: [{ id: 'c' }],
      productSpecification: { id: 's:(version=2.0)' },
      productOfferingPrice: [
        { id: 'p', version: '3' },
        { '@type': 'ProductOfferingPrice', id: 'own', name: 'a value' },
      ],
      place: [{ id: 'elsewhere' }],
    };
    expect(referencesOf('productOffering', offering)).toEqual([
      { path: '/category/0/id', resource: 'category', id: 'c' },
      { path: '/productSpecification/id', resource: 'productSpecification', id: 's', version: '2.0' },
      { path: '/productOfferingPrice/0/id', resource: 'productOfferingPrice', id: 'p', version: '3' },
    ]);
  });

  it.each<[string, readonly Found[], string[]]>([
    ['s', [found()], []],
    ['s:(version=1.0)', [found({}, '2.0'), found()], []],
    ['s:(version=1.1)', [found({}, '2.0'), found()], ['/productSpecification/id']],
    ['s', [found({ lifecycleStatus: 'Obsolete' })], ['/productSpecification/id']],
    ['s', [found({ lifecycleStatus: 'Rejected' })], ['/productSpecification/id']],
    ['s', [found({ lifecycleStatus: 'In Study' })], []],
    ['t', [found()], ['/productSpecification/id']],
  ])('%s is judged by the version that it leads to', async (id, versions, broken) => {
    const store = { productSpecification: { s: versions } };
    expect(await paths('productOffering', { productSpecification: { id } }, store)).toEqual(broken);
  });

  it('to something retired are good, but nothing new is launched with it', async () => {
    const store = {
      productSpecification: { s: [found({ lifecycleStatus: 'Retired' })] },
      productOffering: { old: [found({ lifecycleStatus: 'Retired' })] },
    };
    const offering = { productSpecification: { id: 's' }, productOfferingRelationship: [{ id: 'old' }] };
    expect(await paths('productOffering', offering, store)).toEqual([]);
    expect(await paths('productOffering', offering, store, true)).toEqual(['/productSpecification/id']);
  });

  it('are followed through bundles for a launch only, and bundles of themselves end', async () => {
    const store = {
      productOfferingPrice: {
        bundle: [found({ bundledPopRelationship: [{ id: 'inner' }, { id: 'bundle' }] })],
        inner: [
          found({ bundledPopRelationship: [{ id: 'gone' }], popRelationship: [{ id: 'not followed' }] }),
        ],
      },
    };
    const offering = { productOfferingPrice: [{ id: 'bundle' }] };
    expect(await paths('productOffering', offering, store)).toEqual([]);
    expect(await paths('productOffering', offering, store, true)).toEqual([
      '/productOfferingPrice/0/id/bundledPopRelationship/0/id/bundledPopRelationship/0/id',
    ]);
  });

  it('are found in the groups of a bundle, and in groups of groups', async () => {
    const group = (offering: string, ...groups: readonly JsonObject[]): JsonObject => ({
      id: 'a group',
      bundledProductOffering: [{ id: offering }],
      bundledGroupProductOffering: [...groups],
    });
    const bundle = { bundledGroupProductOffering: [group('a', group('gone', group('old')))] };
    const store = {
      productOffering: { a: [found()], old: [found({ lifecycleStatus: 'Retired' })] },
    };
    const inner = '/bundledGroupProductOffering/0/bundledGroupProductOffering/0';
    const gone = `${inner}/bundledProductOffering/0/id`;
    expect(await paths('productOffering', bundle, store)).toEqual([gone]);
    expect(await paths('productOffering', bundle, store, true)).toEqual([
      gone,
      `${inner}/bundledGroupProductOffering/0/bundledProductOffering/0/id`,
    ]);
    const referrer = referrersOf('productOffering').find(
      ({ attribute }) => attribute === 'bundledGroupProductOffering',
    );
    const target = { id: 'old', version: '1.0', isLatest: true };
    expect(referrer && refersTo(referrer, bundle, target)).toBe(true);
  });

  it('may lead to what comes later, where the caller says so', async () => {
    const spec = {
      productSpecificationRelationship: [{ id: 'later', relationshipType: 'supersededBy' }],
      bundledProductSpecification: [{ id: 'missing' }],
    };
    const faults = await brokenReferences('productSpecification', spec, reader({}), true, LINKS);
    expect(faults.map(({ path }) => path)).toEqual(['/bundledProductSpecification/0/id']);
    expect(await paths('productSpecification', spec, {})).toHaveLength(2);
  });

  it('lead back from a target: to its version, or to the latest when none is named', () => {
    const referrer = referrersOf('productSpecification').find(
      ({ attribute }) => attribute === 'productSpecification',
    );
    const target = { id: 's', version: '1.0', isLatest: false };
    const refers = (id: string, isLatest: boolean): boolean =>
      referrer !== undefined && refersTo(referrer, { productSpecification: { id } }, { ...target, isLatest });
    expect(refers('s', true)).toBe(true);
    expect(refers('s', false)).toBe(false);
    expect(refers('s:(version=1.0)', false)).toBe(true);
    expect(refers('s:(version=2.0)', true)).toBe(false);
  });
});
