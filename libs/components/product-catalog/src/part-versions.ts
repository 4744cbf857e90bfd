import { referencedId, type JsonObject } from '@quotebridge/platform/core';
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
  const [latest, overtaken] = await Promise.all([
    offerings
      .find({ ...sold, ...LATEST })
      .limit(MOST_OFFERINGS)
      .toArray(),
    offerings
      .find({ ...sold, ...OVERTAKEN })
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

/**
 * In the place of prices those of their versions that an offering names (`references`), or that are sold while the next
 * is prepared, as far as the condition holds for them.
 */
export const pricesThatCount = async (
  prices: Collection<StoredResource>,
  latest: readonly StoredResource[],
  references: readonly JsonObject[],
  condition: object,
): Promise<StoredResource[]> => {
  const kind = 'productOfferingPrice';
  const named = new Set(
    references.flatMap((entry) => referencedId(entry) ?? []).filter((id) => publicId(id) !== id),
  );
  const prepared = latest.filter((price) => isBeforeSale(kind, price)).map(({ _id }) => VERSIONS_OF(_id));
  if (named.size === 0 && prepared.length === 0) return [...latest];
  const versions = await prices
    .find({ $and: [{ $or: [{ _id: { $in: [...named] } }, ...prepared] }, condition] })
    .limit(MOST_PRICES)
    .toArray();
  const instead = byId(versions);
  return latest.map((price) => {
    const some = instead.get(price._id) ?? [];
    return some.find(({ _id }) => named.has(_id)) ?? onSale(kind, some) ?? price;
  });
};
