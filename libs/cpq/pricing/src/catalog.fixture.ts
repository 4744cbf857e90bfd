import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import { defaultRules, type PricingInput } from './input';
import { priceItem } from './price-item';

/** Builders of catalog documents for the tests of this library. */
export const NOW = '2026-06-15T12:00:00.000Z';

export const price = (id: string, more: JsonObject = {}): JsonObject => ({
  '@type': 'ProductOfferingPrice',
  id,
  name: id,
  priceType: 'oneTime',
  lifecycleStatus: 'Launched',
  price: { unit: 'EUR', value: 100 },
  ...more,
});

export const eur = (value: number): JsonObject => ({ unit: 'EUR', value });

export const monthly = {
  priceType: 'recurring',
  recurringChargePeriodType: 'month',
  recurringChargePeriodLength: 1,
};

export const vat = (taxRate: number): JsonObject => ({
  tax: [{ '@type': 'TaxItem', taxCategory: 'VAT', taxRate }],
});

export const tier = (valueFrom?: number, valueTo?: number, rangeInterval?: string): JsonObject => ({
  prodSpecCharValueUse: [
    {
      '@type': 'ProductSpecificationCharacteristicValueUse',
      name: 'quantity',
      productSpecCharacteristicValue: [
        {
          '@type': 'IntegerCharacteristicValueSpecification',
          ...(valueFrom === undefined ? {} : { valueFrom }),
          ...(valueTo === undefined ? {} : { valueTo }),
          ...(rangeInterval === undefined ? {} : { rangeInterval }),
        },
      ],
    },
  ],
});

export const discount = (id: string, more: JsonObject): JsonObject => ({
  '@type': 'ProductOfferingPrice',
  id,
  name: id,
  priceType: 'discount',
  lifecycleStatus: 'Launched',
  ...more,
});

export const link = (...ids: readonly string[]): JsonObject => ({
  popRelationship: ids.map((id) => ({
    '@type': 'ProductOfferingPriceRelationship',
    id,
    relationshipType: 'discount',
  })),
});

export const offering = (id: string, prices: readonly string[], more: JsonObject = {}): JsonObject => ({
  '@type': 'ProductOffering',
  id,
  name: id,
  lifecycleStatus: 'Launched',
  productOfferingPrice: prices.map((priceId) => ({ '@type': 'ProductOfferingPriceRef', id: priceId })),
  ...more,
});

/** An item of one offering that lists `listed` (all prices unless told). */
export const input = (
  prices: readonly JsonObject[],
  more: Partial<PricingInput> = {},
  listed: readonly string[] = prices.map(({ id }) => String(id)),
): PricingInput => ({
  offering: offering('offer', listed),
  prices: new Map(prices.map((it) => [String(it['id']), it])),
  quantity: 1,
  date: NOW,
  ...more,
});

/** Asks for an alteration the way a client does. */
export const ask = (
  name: string,
  priceType: string,
  price: JsonObject,
  priority?: number,
): { alteration: JsonObject } => ({
  alteration: {
    '@type': 'PriceAlteration',
    name,
    priceType,
    price: { '@type': 'Price', ...price },
    ...(priority === undefined ? {} : { priority }),
  },
});

/** A number somewhere in a document, by its path. */
export const at = (json: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return (value as readonly unknown[])[Number(step)];
    return isJsonObject(value) ? value[step] : undefined;
  }, json);

/** `type[/period] net gross` of each charge, or the code of the refusal. */
export const figures = (it: PricingInput, rules = defaultRules): string[] => {
  const result = priceItem(it, rules);
  if (!result.ok) return [`refused: ${result.error.code}`];
  return result.value.charges.map(({ kind, price: { period }, currency, net, gross }) =>
    [period === undefined ? kind : `${kind}/${period}`, net.toString(), gross.toString(), currency].join(' '),
  );
};

/** Why an item has no price; `priced` when it has one. */
export const reason = (it: PricingInput): string => {
  const result = priceItem(it);
  return result.ok ? 'priced' : result.error.message;
};
