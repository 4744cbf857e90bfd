import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { externalIdentifier, objectAt, objectsIn, textAt, type Rejection } from '@quotebridge/connectors/sdk';
import { expanded, readDate } from '../odata-values';
import type { S4Settings } from '../settings';
import { offeringId, priceId, specificationId } from './ids';
import { readListPrice, type ListPrice } from './price-condition';
import { materialName } from './specification';

/** What the offering stream reads: a material, the condition records that price it, and when either last changed. */
export interface PricedMaterial extends JsonObject {
  readonly product: JsonObject;
  readonly conditions: JsonObject[];
  readonly changedAt: string;
}

const isSold = (product: JsonObject, settings: S4Settings): boolean =>
  expanded(product, 'to_SalesDelivery').some(
    (area) =>
      textAt(area, 'ProductSalesOrg') === settings.salesOrganization &&
      textAt(area, 'ProductDistributionChnl') === settings.distributionChannel &&
      area['IsMarkedForDeletion'] !== true,
  );

const priceRefs = (source: string, prices: readonly ListPrice[]): JsonObject[] =>
  prices
    .flatMap(({ tiers }) => tiers)
    .map(({ externalId }) => ({
      '@type': 'ProductOfferingPriceRef',
      '@referredType': 'ProductOfferingPrice',
      id: priceId(source, externalId),
    }));

/** Launched once it has a price; a material that is not sold any more is retired. */
const lifecycle = (product: JsonObject, prices: readonly ListPrice[], settings: S4Settings): string => {
  if (product['IsMarkedForDeletion'] === true || !isSold(product, settings)) return 'Retired';
  return prices.length > 0 ? 'Launched' : 'Active';
};

/**
 * A_Product with its list prices → TMF620 productOffering (v5). A material that was never in our sales area is none
 * of our business. A condition that cannot be read is left out here; it stands in the quarantine of the price stream.
 */
export const mapOffering =
  (source: string, settings: S4Settings) =>
  (record: JsonObject): readonly IngestRecord[] | Rejection => {
    const product = objectAt(record, 'product');
    const material = textAt(product, 'Product');
    const changed = textAt(record, 'changedAt') ?? readDate(product['LastChangeDateTime']);
    if (material === undefined)
      return { faults: [{ path: '/product/Product', message: 'is missing', code: 'required' }] };
    if (expanded(product, 'to_SalesDelivery').length === 0) return [];
    const prices = objectsIn(record['conditions'])
      .map((condition) => readListPrice(condition, settings))
      .flatMap((read) => (read.ok && read.value !== undefined && !read.value.isDeleted ? [read.value] : []))
      .sort((left, right) => (left.record < right.record ? -1 : 1));
    const refs = priceRefs(source, prices);
    const status = lifecycle(product, prices, settings);
    return [
      {
        externalId: material,
        op: 'upsert',
        id: offeringId(source, material),
        ...(changed === undefined ? {} : { modifiedAt: changed }),
        resource: {
          '@type': 'ProductOffering',
          name: materialName(product, settings.language),
          isBundle: false,
          isSellable: status === 'Launched',
          lifecycleStatus: status,
          ...(changed === undefined ? {} : { lastUpdate: changed }),
          productSpecification: {
            '@type': 'ProductSpecificationRef',
            '@referredType': 'ProductSpecification',
            id: specificationId(source, material),
            name: materialName(product, settings.language),
          },
          productOfferingPrice: refs,
          externalIdentifier: [externalIdentifier(source, 'material', material)],
        },
      },
    ];
  };
