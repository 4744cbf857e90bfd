import { referencedId, versionOf, type JsonObject } from '@quotebridge/platform/core';
import type { Collection } from '@quotebridge/platform/store';
import { isBeforeSale, onSale, statesOnSale } from '@quotebridge/tmf/client';
import { publicId, type StoredResource } from '@quotebridge/tmf/resource';
import { VERSIONS_OF } from './targets';

/** More offerings of one part, and more prices of it for one customer, are not looked at. */
export const MOST_OFFERINGS = 20;
export const MOST_PRICES = 1_000;
/** Nor are more versions of its offerings that were overtaken. */
const MOST_VERSIONS = 200;

/** Versions that were overtaken would take the places of what is looked for. */
export const LATEST = { _id: { $not: /:\(version=/ } };
const OVERTAKEN = { _id: /:\(version=/ };

const byId = (versions: readonly StoredResource[]): ReadonlyMap<string, StoredResource[]> => {
  const found = new Map<string, StoredResource[]>();
  for (const one of versions) {
    const id = publicId(one._id);
    found.set(id, [...(found.get(id) ?? []), one]);
  }
  return found;
};

/** The offerings of a part that are on sale: the latest version of each, or the one before while that is prepared. */
export const offeringsOnSale = async (
  offerings: Collection<StoredResource>,
  part: string,
): Promise<StoredResource[]> => {
  const kind = 'productOffering';
  const sold = { 'productSpecification.id': part, lifecycleStatus: { $in: [...statesOnSale(kind)] } };
  const projection = { productOfferingPrice: 1, version: 1, lifecycleStatus: 1, _mod: 1 };
  const [latest, overtaken] = await Promise.all([
    offerings
      .find({ ...sold, ...LATEST }, { projection })
      .limit(MOST_OFFERINGS)
      .toArray(),
    offerings
      .find({ ...sold, ...OVERTAKEN }, { projection })
      .limit(MOST_VERSIONS)
      .toArray(),
  ]);
  if (overtaken.length === 0) return latest;
  const versions = byId(overtaken);
  const heads = await offerings
    .find({ _id: { $in: [...versions.keys()] } }, { projection: { lifecycleStatus: 1 } })
    .toArray();
  const before = heads
    .filter((head) => isBeforeSale(kind, head))
    .flatMap(({ _id }) => onSale(kind, versions.get(_id) ?? []) ?? []);
  return [...latest, ...before].slice(0, MOST_OFFERINGS);
};

/** Which versions of prices may take the place of the latest ones. */
export interface VersionsWanted {
  /** What led to the prices; one of them may name a version. */
  readonly references: readonly JsonObject[];
  /** What has to hold for each version. */
  readonly condition: object;
  /** What has to hold besides for those that no reference led to: that they say themselves what they are for. */
  readonly unreferenced?: object;
}

/**
 * In the place of prices those of their versions that a reference names, or that are sold while the next is prepared. A
 * version that is named and is not there leaves no price.
 */
export const pricesThatCount = async (
  prices: Collection<StoredResource>,
  latest: readonly StoredResource[],
  { references, condition, unreferenced = {} }: VersionsWanted,
): Promise<StoredResource[]> => {
  const kind = 'productOfferingPrice';
  const keys = references.flatMap((entry) => referencedId(entry) ?? []);
  const named = new Set(keys.filter((id) => publicId(id) !== id));
  const withVersion = new Set([...named].map(publicId));
  const referenced = new Set(keys.map(publicId));
  const prepared = latest
    .filter((price) => isBeforeSale(kind, price))
    .map(({ _id }) => (referenced.has(_id) ? VERSIONS_OF(_id) : { $and: [VERSIONS_OF(_id), unreferenced] }));
  if (named.size === 0 && prepared.length === 0) return [...latest];
  const versions = await prices
    .find({ $and: [{ $or: [{ _id: { $in: [...named] } }, ...prepared] }, condition] })
    .limit(MOST_PRICES)
    .toArray();
  const overtaken = byId(versions);
  const isNamed = (one: StoredResource): boolean =>
    named.has(referencedId({ id: publicId(one._id), version: versionOf(one) }) ?? '');
  return latest.flatMap((price) => {
    const some = overtaken.get(price._id) ?? [];
    if (withVersion.has(price._id)) return [price, ...some].find(isNamed) ?? [];
    return onSale(kind, some) ?? price;
  });
};
