import type { Fault, JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { externalIdentifier, type Rejection } from '@quotebridge/connectors/sdk';
import { readDate } from '../odata-values';
import type { S4Settings } from '../settings';
import { numberOf } from './decimal';
import { priceId } from './ids';
import { readListPrice, type ListPrice, type PriceTier } from './price-condition';

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

const validFor = ({ validFrom, validUntil }: ListPrice): JsonObject | undefined =>
  validFrom === undefined && validUntil === undefined
    ? undefined
    : {
        ...(validFrom === undefined ? {} : { startDateTime: validFrom }),
        ...(validUntil === undefined ? {} : { endDateTime: validUntil }),
      };

/**
 * A_SlsPrcgConditionRecord with keys and scales → TMF620 productOfferingPrice (v5), one per quantity tier. A unit
 * that stands for a period (MON) makes the price recurring. A deleted condition is retired.
 */
export const mapPrice =
  (source: string, settings: S4Settings) =>
  (record: JsonObject): readonly IngestRecord[] | Rejection => {
    const read = readListPrice(record, settings);
    if (!read.ok) return { faults: read.error };
    const price = read.value;
    if (price === undefined) return [];
    const changed = readDate(record['LastChangeDateTime']);
    const faults: Fault[] = [];
    const period = price.unit === undefined ? undefined : settings.recurringUnits[price.unit];
    const valid = validFor(price);
    const records = price.tiers.flatMap((tier): IngestRecord[] => {
      const value = numberOf(tier.rate);
      const per = numberOf(price.per);
      if (value === undefined || per === undefined) {
        faults.push({
          path: '/ConditionRateValue',
          message: 'has more digits than a number can carry',
          code: 'digits',
        });
        return [];
      }
      return [
        {
          externalId: tier.externalId,
          op: 'upsert',
          id: priceId(source, tier.externalId),
          ...(changed === undefined ? {} : { modifiedAt: changed }),
          resource: {
            '@type': 'ProductOfferingPrice',
            name: `List price ${price.material}${tierName(tier)}`,
            priceType: period === undefined ? 'oneTime' : 'recurring',
            ...(period === undefined
              ? {}
              : { recurringChargePeriodType: period, recurringChargePeriodLength: 1 }),
            isBundle: false,
            price: { unit: tier.currency, value },
            unitOfMeasure: { amount: per, units: price.unit ?? 'PC' },
            lifecycleStatus: price.isDeleted ? 'Retired' : 'Launched',
            ...(changed === undefined ? {} : { lastUpdate: changed }),
            ...(valid === undefined ? {} : { validFor: valid }),
            ...(tier.from === undefined ? {} : { prodSpecCharValueUse: [quantityUse(tier)] }),
            externalIdentifier: [externalIdentifier(source, 'conditionRecord', tier.externalId)],
          },
        },
      ];
    });
    return faults.length > 0 ? { faults } : records;
  };
