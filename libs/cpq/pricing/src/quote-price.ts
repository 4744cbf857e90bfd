import type { JsonObject } from '@quotebridge/platform/core';
import type { AppliedAlteration, PricedCharge } from './calculation';
import { numberOf } from './money';

/** A calculated charge as a TMF648 v5 `QuotePrice`: the price after its alterations, which are listed. */
export const toQuotePrice = (charge: PricedCharge): JsonObject => {
  const { price, kind, currency, net, gross, taxRate, alterations } = charge;
  const unit = price.unit ?? (price.isPerUnit ? 'unit' : undefined);
  return {
    '@type': 'QuotePrice',
    name: price.name,
    priceType: kind,
    ...(price.period === undefined || kind !== 'recurring' ? {} : { recurringChargePeriod: price.period }),
    ...(unit === undefined ? {} : { unitOfMeasure: `${price.per.toString()} ${unit}` }),
    price: {
      '@type': 'Price',
      dutyFreeAmount: { unit: currency, value: numberOf(net) },
      taxRate: numberOf(taxRate),
      taxIncludedAmount: { unit: currency, value: numberOf(gross) },
    },
    productOfferingPrice: priceRef(price.id, price.name, price.version),
    ...(alterations.length === 0
      ? {}
      : { priceAlteration: alterations.map((applied) => alterationJson(applied, charge)) }),
  };
};

/** `change` is signed: the list amount plus all changes is the duty-free amount of the entry. */
const alterationJson = ({ alteration, change }: AppliedAlteration, charge: PricedCharge): JsonObject => ({
  '@type': 'PriceAlteration',
  name: alteration.name,
  ...(alteration.description === undefined ? {} : { description: alteration.description }),
  priceType: alteration.kind,
  ...(Number.isFinite(alteration.priority) ? { priority: alteration.priority } : {}),
  ...(alteration.applicationDuration === undefined
    ? {}
    : { applicationDuration: alteration.applicationDuration }),
  ...(charge.kind === 'recurring' && charge.price.period !== undefined
    ? { recurringChargePeriod: charge.price.period }
    : {}),
  price: {
    '@type': 'Price',
    ...(alteration.percentage === undefined ? {} : { percentage: numberOf(alteration.percentage) }),
    dutyFreeAmount: { unit: charge.currency, value: numberOf(change) },
  },
  ...(alteration.priceId === undefined
    ? {}
    : { productOfferingPrice: priceRef(alteration.priceId, alteration.name) }),
});

const priceRef = (id: string, name: string, version?: string): JsonObject => ({
  '@type': 'ProductOfferingPriceRef',
  '@referredType': 'ProductOfferingPrice',
  id,
  name,
  ...(version === undefined ? {} : { version }),
});
