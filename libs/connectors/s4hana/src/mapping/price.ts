import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { externalIdentifier, type Rejection } from '@quotebridge/connectors/sdk';
import { readDate } from '../odata-values';
import type { S4Settings } from '../settings';
import { priceId, specificationId } from './ids';
import {
  isListPrice,
  isOver,
  readPriceCondition,
  type PriceCondition,
  type PriceTier,
} from './price-condition';

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

/** The one value of a condition, such as the customer that a price is for. */
const wordUse = (name: string, value: string | undefined): JsonObject[] =>
  value === undefined
    ? []
    : [
        {
          '@type': 'ProductSpecificationCharacteristicValueUse',
          name,
          valueType: 'string',
          productSpecCharacteristicValue: [
            {
              '@type': 'StringCharacteristicValueSpecification',
              valueType: 'string',
              isDefault: false,
              value,
            },
          ],
        },
      ];

/**
 * For whom and for how many a price is. A list price is found by its offering; every other one names its material here, by a
 * use that restricts nothing when it is for everybody.
 */
const usesOf = (source: string, price: PriceCondition, tier: PriceTier): JsonObject[] => {
  const uses = [
    ...wordUse('customer', price.customer),
    ...wordUse('priceList', price.priceList),
    ...(tier.from === undefined ? [] : [quantityUse(tier)]),
  ];
  if (isListPrice(price)) return uses;
  const [first, ...others] =
    uses.length > 0 ? uses : [{ '@type': 'ProductSpecificationCharacteristicValueUse', name: 'material' }];
  const productSpecification = {
    '@type': 'ProductSpecificationRef',
    '@referredType': 'ProductSpecification',
    id: specificationId(source, price.material),
    name: price.material,
  };
  return [{ ...first, productSpecification }, ...others];
};

const nameOf = ({ customer, priceList, isDiscount, type, material }: PriceCondition): string => {
  // One schedule by its name: of it the ERP grants what is nearest to the customer.
  if (isDiscount) return `Discount ${type} ${material}`;
  const whose = [
    customer === undefined ? '' : ` for ${customer}`,
    priceList === undefined ? '' : ` of list ${priceList}`,
  ].join('');
  return whose === '' ? `List price ${material}` : `Price${whose} ${material}`;
};

const tierName = ({ from, to }: PriceTier): string =>
  from === undefined ? '' : to === undefined ? `, from ${from}` : `, ${from} to ${to}`;

/**
 * A deleted condition is valid no longer than to its deletion, and not at all when that was before it began; undoing
 * the deletion in the ERP makes it valid again.
 */
const validFor = (
  { validFrom, validUntil, isDeleted }: PriceCondition,
  changed: string | undefined,
): JsonObject => {
  const [end] = [validUntil, isDeleted ? changed : undefined].filter((one) => one !== undefined).sort();
  const isBeforeStart = isDeleted && end !== undefined && validFrom !== undefined && end < validFrom;
  return {
    ...(validFrom === undefined ? {} : { startDateTime: validFrom }),
    ...(end === undefined ? {} : { endDateTime: isBeforeStart ? validFrom : end }),
  };
};

/** True when the condition record prices nothing any more at the moment `now` (date-time). */
export const endsPrice = (record: JsonObject, settings: S4Settings, now: string): boolean => {
  const read = readPriceCondition(record, settings);
  return read.ok && read.value !== undefined && isOver(read.value, now);
};

/**
 * A_SlsPrcgConditionRecord with keys and scales → TMF620 productOfferingPrice (v5), one per quantity tier: list prices, those
 * of price lists and of single customers, and discounts. A unit that stands for a period (MON) makes the price recurring.
 */
export const mapPrice =
  (source: string, settings: S4Settings) =>
  (record: JsonObject): readonly IngestRecord[] | Rejection => {
    const read = readPriceCondition(record, settings);
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
  price: PriceCondition,
  tier: PriceTier,
  changed: string | undefined,
): JsonObject => {
  const period = price.unit === undefined ? undefined : settings.recurringUnits[price.unit];
  const uses = usesOf(source, price, tier);
  return {
    '@type': 'ProductOfferingPrice',
    name: `${nameOf(price)}${price.isDiscount ? '' : tierName(tier)}`,
    priceType: price.isDiscount ? 'discount' : period === undefined ? 'oneTime' : 'recurring',
    ...(period === undefined ? {} : { recurringChargePeriodType: period, recurringChargePeriodLength: 1 }),
    isBundle: false,
    ...(tier.currency === undefined
      ? { percentage: tier.rate.abs().toNumber() }
      : {
          price: { unit: tier.currency, value: tier.rate.toNumber() },
          unitOfMeasure: { amount: price.per.toNumber(), units: price.unit ?? 'PC' },
        }),
    lifecycleStatus: 'Launched',
    ...(changed === undefined ? {} : { lastUpdate: changed }),
    validFor: validFor(price, changed),
    ...(uses.length === 0 ? {} : { prodSpecCharValueUse: uses }),
    externalIdentifier: [externalIdentifier(source, 'conditionRecord', tier.externalId)],
  };
};
