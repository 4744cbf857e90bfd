import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { externalIdentifier, type Rejection } from '@quotebridge/connectors/sdk';
import { readDate } from '../odata-values';
import type { S4Settings } from '../settings';
import { priceId } from './ids';
import { isOver, readListPrice, type ListPrice, type PriceTier } from './price-condition';

/** The quantity range of a tier: TMF620 `prodSpecCharValueUse` on the characteristic `quantity`. */
const quantityUse = ({ from, to }: PriceTier): JsonObject => ({
  '@type': 'ProductSpecificationCharacteristicValueUse',
  name: 'quantity',
  valueType: 'number',
  productSpecCharacteristicValue: [
    {
      '@type': 'NumberCharacteristicValueSpecification',
      valueType: 'number',
      isDefault: false,
      ...(from === undefined ? {} : { valueFrom: from }),
      ...(to === undefined ? {} : { valueTo: to }),
      rangeInterval: to === undefined ? 'closedBottom' : 'closed',
    },
  ],
});

const tierName = ({ from, to }: PriceTier): string =>
  from === undefined ? '' : to === undefined ? `, from ${from}` : `, ${from} to ${to}`;

/** A deleted condition is valid no longer than to its deletion; undoing that in the ERP makes it valid again. */
const validFor = (
  { validFrom, validUntil, isDeleted }: ListPrice,
  changed: string | undefined,
): JsonObject => {
  const ends = [validUntil, isDeleted ? changed : undefined].filter((end) => end !== undefined).sort();
  return {
    ...(validFrom === undefined ? {} : { startDateTime: validFrom }),
    ...(ends[0] === undefined ? {} : { endDateTime: ends[0] }),
  };
};

/** True when the condition record prices nothing any more at the moment `now` (date-time). */
export const endsPrice = (record: JsonObject, settings: S4Settings, now: string): boolean => {
  const read = readListPrice(record, settings);
  return read.ok && read.value !== undefined && isOver(read.value, now);
};

/**
 * A_SlsPrcgConditionRecord with keys and scales → TMF620 productOfferingPrice (v5), one per quantity tier. A unit
 * that stands for a period (MON) makes the price recurring.
 */
export const mapPrice =
  (source: string, settings: S4Settings) =>
  (record: JsonObject): readonly IngestRecord[] | Rejection => {
    const read = readListPrice(record, settings);
    if (!read.ok) return { faults: read.error };
    const price = read.value;
    if (price === undefined) return [];
    const changed = readDate(record['LastChangeDateTime']);
    return price.tiers.map((tier) => ({
      externalId: tier.externalId,
      op: 'upsert',
      id: priceId(source, tier.externalId),
      ...(changed === undefined ? {} : { modifiedAt: changed }),
      resource: priceResource(source, settings, price, tier, changed),
    }));
  };

const priceResource = (
  source: string,
  settings: S4Settings,
  price: ListPrice,
  tier: PriceTier,
  changed: string | undefined,
): JsonObject => {
  const period = price.unit === undefined ? undefined : settings.recurringUnits[price.unit];
  return {
    '@type': 'ProductOfferingPrice',
    name: `List price ${price.material}${tierName(tier)}`,
    priceType: period === undefined ? 'oneTime' : 'recurring',
    ...(period === undefined ? {} : { recurringChargePeriodType: period, recurringChargePeriodLength: 1 }),
    isBundle: false,
    price: { unit: tier.currency, value: tier.rate.toNumber() },
    unitOfMeasure: { amount: price.per.toNumber(), units: price.unit ?? 'PC' },
    lifecycleStatus: 'Launched',
    ...(changed === undefined ? {} : { lastUpdate: changed }),
    validFor: validFor(price, changed),
    ...(tier.from === undefined ? {} : { prodSpecCharValueUse: [quantityUse(tier)] }),
    externalIdentifier: [externalIdentifier(source, 'conditionRecord', tier.externalId)],
  };
};
