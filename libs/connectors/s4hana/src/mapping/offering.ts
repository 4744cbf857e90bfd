import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { externalIdentifier, objectAt, objectsIn, textAt, type Rejection } from '@quotebridge/connectors/sdk';
import { expanded, readDate } from '../odata-values';
import type { S4Settings } from '../settings';
import { offeringId, priceId, specificationId } from './ids';
import { isListPrice, isOver, readPriceCondition, type PriceCondition } from './price-condition';
import { isOutOfUse, materialName } from './specification';
import { missing } from './missing';

/** What the offering stream reads: a material, the condition records that price it, and when either last changed. */
export interface PricedMaterial extends JsonObject {
  readonly product: JsonObject;
  readonly conditions: JsonObject[];
  readonly changedAt?: string;
  /** When it was read: decides which prices are over. */
  readonly readAt: string;
}

/** The material's data for our sales area. */
const ourArea = (product: JsonObject, settings: S4Settings): JsonObject | undefined =>
  expanded(product, 'to_SalesDelivery').find(
    (area) =>
      textAt(area, 'ProductSalesOrg') === settings.salesOrganization &&
      textAt(area, 'ProductDistributionChnl') === settings.distributionChannel,
  );

/** True when the material is marked for deletion, in general or in our sales area, or obsolete. */
export const endsOffering = (record: JsonObject, settings: S4Settings): boolean => {
  const product = objectAt(record, 'product');
  return isOutOfUse(product, settings) || ourArea(product, settings)?.['IsMarkedForDeletion'] === true;
};

const priceRefs = (source: string, prices: readonly PriceCondition[]): JsonObject[] =>
  prices
    .flatMap(({ tiers }) => tiers)
    .map(({ externalId }) => ({
      '@type': 'ProductOfferingPriceRef',
      '@referredType': 'ProductOfferingPrice',
      id: priceId(source, externalId),
    }));

/**
 * Launched once it ever had a price. An offering that loses its last price stays Launched, because TMF620 knows no way
 * back from Launched but retirement; it is no longer sellable and cannot be priced.
 */
const lifecycle = (record: JsonObject, everPriced: boolean, settings: S4Settings): string => {
  if (endsOffering(record, settings)) return 'Retired';
  return everPriced ? 'Launched' : 'Active';
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
    if (material === undefined) return missing('/product/Product');
    if (ourArea(product, settings) === undefined) return [];
    const readAt = textAt(record, 'readAt') ?? changed ?? '';
    const listPrices = objectsIn(record['conditions'])
      .map((condition) => readPriceCondition(condition, settings))
      .flatMap((read) => (read.ok && read.value !== undefined ? [read.value] : []))
      .filter(isListPrice)
      .sort((left, right) => (left.record < right.record ? -1 : 1));
    const prices = listPrices.filter((price) => !isOver(price, readAt));
    const status = lifecycle(record, listPrices.length > 0, settings);
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
          isSellable: status === 'Launched' && prices.length > 0,
          lifecycleStatus: status,
          ...(changed === undefined ? {} : { lastUpdate: changed }),
          productSpecification: {
            '@type': 'ProductSpecificationRef',
            '@referredType': 'ProductSpecification',
            id: specificationId(source, material),
            name: materialName(product, settings.language),
          },
          productOfferingPrice: priceRefs(source, prices),
          externalIdentifier: [externalIdentifier(source, 'material', material)],
        },
      },
    ];
  };
