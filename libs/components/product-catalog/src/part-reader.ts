import { CONDITIONS, type PriceDocument, type ReadSpecifications } from '@quotebridge/cpq/parts';
import { isJsonObject, objectsAt, Refusal, textAt, type JsonObject } from '@quotebridge/platform/core';
import { isBeforeSale, onSale } from '@quotebridge/tmf/client';
import type { Runtime } from '@quotebridge/tmf/component';
import { attributesOf, publicId, type StoredResource } from '@quotebridge/tmf/resource';
import { LATEST, MOST_OFFERINGS, MOST_PRICES, offeringsOnSale, pricesThatCount } from './part-versions';

/** What an answer tells of a part; the rest is at its own address. */
export const summaryOf = (stored: StoredResource): JsonObject => {
  const { name, productNumber, lifecycleStatus } = attributesOf(stored);
  return Object.fromEntries(
    Object.entries({ id: publicId(stored._id), productNumber, name, lifecycleStatus }).filter(
      ([, value]) => value !== undefined,
    ),
  );
};

/** Ids of the references in a list attribute. */
export const idsAt = (json: JsonObject, name: string): string[] =>
  objectsAt(json, name).flatMap(({ id }) => (typeof id === 'string' ? [id] : []));

const use = 'prodSpecCharValueUse';
const values = 'productSpecCharacteristicValue.value';

/** What other customers agreed is nobody else's business. */
const forCustomer = (customer = '') => ({
  $or: [
    { [`${use}.name`]: { $ne: CONDITIONS.customer } },
    { [use]: { $elemMatch: { name: CONDITIONS.customer, [values]: customer } } },
  ],
});

/** The latest change of what an answer was made of (date-time): since then nothing of it is known to have changed. */
export const asOf = (documents: readonly Pick<StoredResource, '_mod'>[]): string =>
  new Date(Math.max(0, ...documents.map(({ _mod }) => _mod.getTime()))).toISOString();

/** The prices that may count for a part, and what else was read to find them. */
export interface FoundPrices {
  readonly documents: readonly PriceDocument[];
  readonly read: readonly Pick<StoredResource, '_mod'>[];
}

/** Which prices of a part are wanted. */
export interface PricesAsked {
  readonly categories: readonly string[];
  readonly customer?: string;
  /** Only the list prices of this offering. */
  readonly offering?: StoredResource;
}

/**
 * Reads parts, models, offerings and prices: the version that is named, else the latest. While the next version of what is
 * sold is prepared, the one before it counts (ADR 0037).
 */
export class PartReader {
  constructor(private readonly runtime: Runtime) {}

  /** A specification by its id or, where no other has it as well, its product number. */
  async find(key: string): Promise<StoredResource> {
    const specifications = this.collection('productSpecification');
    const byId = await specifications.findOne({ _id: key });
    if (byId) return byId;
    const byNumber = await specifications
      .find({ productNumber: key, ...LATEST })
      .limit(MOST_OFFERINGS)
      .toArray();
    const [found] = byNumber;
    if (found && byNumber.length === 1) return found;
    const named = key.slice(0, 200);
    throw found
      ? new Refusal(409, 'ambiguousPart', `Several parts have the number ${named}; ask by id`)
      : new Refusal(404, 'notFound', `There is no product specification with the id or number ${named}`);
  }

  readonly readMany: ReadSpecifications = async (ids) => {
    const found = await this.collection('productSpecification')
      .find({ _id: { $in: [...ids] } }, { projection: { productSpecificationRelationship: 1 } })
      .toArray();
    return new Map(found.map((stored) => [stored._id, attributesOf(stored)]));
  };

  async summaries(ids: readonly string[]): Promise<ReadonlyMap<string, JsonObject>> {
    const found = await this.collection('productSpecification')
      .find(
        { _id: { $in: [...new Set(ids)] } },
        { projection: { name: 1, productNumber: 1, lifecycleStatus: 1 } },
      )
      .toArray();
    return new Map(found.map((stored) => [stored._id, summaryOf(stored)]));
  }

  /**
   * An offering, by its id or as `42:(version=1.0)`, and the part that it offers; 404 when there is none, no part for an
   * offering of something else.
   */
  async offered(id: string): Promise<{ offering: StoredResource; part?: StoredResource }> {
    const { repository } = this.runtime.service('productOffering');
    const found = await repository.findNamed(id);
    const isPrepared = found?._id === id && isBeforeSale('productOffering', found);
    const offering = isPrepared
      ? (onSale('productOffering', await repository.findVersions(id)) ?? found)
      : found;
    if (!offering)
      throw new Refusal(404, 'notFound', `There is no product offering with the id ${id.slice(0, 200)}`);
    const { productSpecification } = attributesOf(offering);
    const named = isJsonObject(productSpecification) ? productSpecification['id'] : undefined;
    const part =
      typeof named === 'string'
        ? await this.collection('productSpecification').findOne({ _id: named })
        : undefined;
    return { offering, ...(part ? { part } : {}) };
  }

  /**
   * Every price of a part that is for everybody or for this customer: of its launched offerings, or of the one that is
   * named, those that name the part or its category, and those that these are tied to.
   */
  async pricesOf(part: string, { categories, customer, offering }: PricesAsked): Promise<FoundPrices> {
    const offerings =
      offering === undefined ? await offeringsOnSale(this.collection('productOffering'), part) : [offering];
    const entries = offerings.flatMap((one) =>
      objectsAt(attributesOf(one), 'productOfferingPrice').map((entry, index) => ({
        id: textAt(entry, 'id') ?? textAt(entry, 'name') ?? `${one._id}/${index}`,
        entry,
      })),
    );
    const isValue = (entry: JsonObject): boolean => entry['@type'] === 'ProductOfferingPrice';
    const references = entries.flatMap(({ entry }) => (isValue(entry) ? [] : [entry]));
    const ids = references.flatMap(({ id }) => (typeof id === 'string' ? [publicId(id)] : []));
    const condition = forCustomer(customer);
    const unreferenced = {
      $or: [
        { [`${use}.productSpecification.id`]: part },
        { [use]: { $elemMatch: { name: CONDITIONS.category, [values]: { $in: [...categories] } } } },
      ],
    };
    const prices = this.collection('productOfferingPrice');
    const found = await prices
      .find({ $and: [{ $or: [{ _id: { $in: ids } }, unreferenced] }, condition, LATEST] })
      .limit(MOST_PRICES)
      .toArray();
    const own = await pricesThatCount(prices, found, { references, condition, unreferenced });
    const counted = [...own, ...(await this.tiedTo(own, customer))];
    return {
      documents: [
        ...entries.filter(({ entry }) => isValue(entry)).map(({ id, entry }) => ({ id, price: entry })),
        ...counted.map((stored) => ({ id: publicId(stored._id), price: attributesOf(stored) })),
      ],
      read: [...offerings, ...counted],
    };
  }

  /** The prices that these name by `popRelationship`, discounts above all. */
  private async tiedTo(prices: readonly StoredResource[], customer?: string): Promise<StoredResource[]> {
    const known = new Set(prices.map(({ _id }) => publicId(_id)));
    const references = prices
      .flatMap((price) => objectsAt(attributesOf(price), 'popRelationship'))
      .filter(({ id }) => typeof id === 'string' && !known.has(publicId(id)));
    if (references.length === 0) return [];
    const ids = new Set(references.flatMap(({ id }) => (typeof id === 'string' ? [publicId(id)] : [])));
    const condition = forCustomer(customer);
    const all = this.collection('productOfferingPrice');
    const latest = await all
      .find({ $and: [{ _id: { $in: [...ids] } }, condition, LATEST] })
      .limit(MOST_PRICES)
      .toArray();
    return pricesThatCount(all, latest, { references, condition });
  }

  private collection(name: string) {
    return this.runtime.service(name).repository.collection;
  }
}
