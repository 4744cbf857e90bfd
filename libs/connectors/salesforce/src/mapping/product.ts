import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { externalIdentifier, objectAt, textAt } from '@quotebridge/connectors/sdk';
import type { Fields } from '../fields';
import type { SalesforceSettings } from '../settings';
import { readTime } from '../soql';
import { currencyOf, UNTOLD } from './currency';
import { mapped, type MapRecord } from './mapped';

/** What is read of a product. */
export const PRODUCT_FIELDS: Fields = {
  Id: 'text',
  ProductCode: 'text',
  Name: 'text',
  Description: 'text',
  Family: 'text',
  IsActive: 'boolean',
  IsDeleted: 'boolean',
  SystemModstamp: 'text',
};

/** What is read of an entry of a price book. */
export const priceFields = ({ multiCurrency }: Pick<SalesforceSettings, 'multiCurrency'>): Fields => ({
  Id: 'text',
  UnitPrice: 'number',
  ...(multiCurrency ? { CurrencyIsoCode: 'text' as const } : {}),
  IsActive: 'boolean',
  'Pricebook2.Name': 'text',
  'Pricebook2.IsActive': 'boolean',
  Product2Id: 'text',
  'Product2.ProductCode': 'text',
  IsDeleted: 'boolean',
  SystemModstamp: 'text',
});

/**
 * Id of the specification of a product: that of the material which its code names, so that both are one; the source with
 * the master data wins (`conflict` of the stream). A product without a code is one by itself.
 */
const specificationId = (
  source: string,
  { offeringSource }: Pick<SalesforceSettings, 'offeringSource'>,
  id: string,
  code: string | undefined,
): string =>
  code === undefined
    ? stableId(source, 'productSpecification', id)
    : stableId(offeringSource, 'productSpecification', code);

const lastUpdate = (record: JsonObject): JsonObject => {
  const changed = readTime(record['SystemModstamp']);
  return changed === undefined ? {} : { lastUpdate: changed };
};

/** True for a product that is not sold any more. */
export const endsProduct = (product: JsonObject): boolean => product['IsActive'] === false;

/** Product2 → TMF620 productSpecification (v5). One that is not active is retired. */
export const mapProduct =
  (source: string, settings: Pick<SalesforceSettings, 'offeringSource'>): MapRecord =>
  (product) =>
    mapped(
      (id) => specificationId(source, settings, id, textAt(product, 'ProductCode')),
      (id) => {
        const code = textAt(product, 'ProductCode');
        const description = textAt(product, 'Description');
        const family = textAt(product, 'Family');
        return {
          '@type': 'ProductSpecification',
          name: textAt(product, 'Name') ?? code ?? id,
          ...(code === undefined ? {} : { productNumber: code }),
          ...(description === undefined ? {} : { description }),
          isBundle: false,
          lifecycleStatus: endsProduct(product) ? 'Retired' : 'Launched',
          ...lastUpdate(product),
          productSpecCharacteristic:
            family === undefined
              ? []
              : [
                  {
                    '@type': 'CharacteristicSpecification',
                    id: 'productFamily',
                    name: 'productFamily',
                    valueType: 'string',
                    configurable: false,
                    characteristicValueSpecification: [textValue(family, true)],
                  },
                ],
          externalIdentifier: [externalIdentifier(source, 'product', id)],
        };
      },
    )(product);

const textValue = (value: string, isDefault: boolean): JsonObject => ({
  '@type': 'StringCharacteristicValueSpecification',
  valueType: 'string',
  isDefault,
  value,
});

/** True for an entry that prices nothing: it, or its price book, is not active. */
const isOff = (entry: JsonObject): boolean =>
  entry['IsActive'] === false || objectAt(entry, 'Pricebook2')['IsActive'] === false;

/**
 * PricebookEntry → TMF620 productOfferingPrice (v5) of the product, for the price list that the price book is. An entry
 * that is not active any more is removed, because it may become active again.
 */
export const mapPrice =
  (source: string, settings: Pick<SalesforceSettings, 'offeringSource' | 'currency'>): MapRecord =>
  (entry) => {
    const book = textAt(objectAt(entry, 'Pricebook2'), 'Name');
    const product = textAt(entry, 'Product2Id');
    const { UnitPrice: value, IsDeleted: isDeleted } = entry;
    const isEnd = isDeleted === true || isOff(entry);
    const unit = currencyOf(entry, settings);
    const faults = [
      ...(book === undefined ? [{ path: '/Pricebook2/Name', message: 'is missing', code: 'required' }] : []),
      ...(product === undefined ? [{ path: '/Product2Id', message: 'is missing', code: 'required' }] : []),
      ...(typeof value === 'number' ? [] : [{ path: '/UnitPrice', message: 'is no number', code: 'price' }]),
      ...(unit === undefined ? [UNTOLD] : []),
    ];
    if (!isEnd && faults.length > 0) return { faults };
    const code = textAt(objectAt(entry, 'Product2'), 'ProductCode');
    return mapped(
      (id) => stableId(source, 'productOfferingPrice', id),
      (id) => ({
        '@type': 'ProductOfferingPrice',
        name: `${book ?? ''} ${code ?? product ?? ''}`,
        priceType: 'oneTime',
        isBundle: false,
        price: { unit: unit ?? '', value: value ?? 0 },
        lifecycleStatus: 'Launched',
        ...lastUpdate(entry),
        prodSpecCharValueUse: [
          {
            '@type': 'ProductSpecificationCharacteristicValueUse',
            name: 'priceList',
            valueType: 'string',
            productSpecification: {
              '@type': 'ProductSpecificationRef',
              '@referredType': 'ProductSpecification',
              id: specificationId(source, settings, product ?? '', code),
            },
            productSpecCharacteristicValue: [textValue(book ?? '', false)],
          },
        ],
        externalIdentifier: [externalIdentifier(source, 'pricebookEntry', id)],
      }),
    )({ ...entry, IsDeleted: isEnd });
  };
