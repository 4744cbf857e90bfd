import type { IngestRecord } from '@quotebridge/platform/events';
import type { JsonObject } from '@quotebridge/platform/core';
import { externalIdentifier, textAt, type Rejection } from '@quotebridge/connectors/sdk';
import { expanded, readDate } from '../odata-values';
import type { S4Settings } from '../settings';
import { specificationId } from './ids';
import { missing } from './missing';

/** The material's text in the wanted language, else in English, else any, else its number. */
export const materialName = (product: JsonObject, language: string): string => {
  const texts = expanded(product, 'to_Description');
  const inLanguage = (wanted: string): JsonObject | undefined =>
    texts.find((entry) => textAt(entry, 'Language') === wanted);
  const entry = inLanguage(language) ?? inLanguage('EN') ?? texts[0] ?? {};
  return textAt(entry, 'ProductDescription') ?? textAt(product, 'Product') ?? '';
};

/** Facts of a material that buyers compare, as string characteristics. */
const CHARACTERISTICS: readonly (readonly [field: string, name: string])[] = [
  ['ProductType', 'materialType'],
  ['ProductGroup', 'materialGroup'],
  ['BaseUnit', 'baseUnit'],
];

const characteristics = (product: JsonObject): JsonObject[] =>
  CHARACTERISTICS.flatMap(([field, name]) => {
    const value = textAt(product, field);
    if (value === undefined) return [];
    return [
      {
        '@type': 'CharacteristicSpecification',
        id: name,
        name,
        valueType: 'string',
        configurable: false,
        characteristicValueSpecification: [
          { '@type': 'StringCharacteristicValueSpecification', valueType: 'string', isDefault: true, value },
        ],
      },
    ];
  });

/** True for a material that is marked for deletion or has a status that says it is obsolete. */
export const isOutOfUse = (
  product: JsonObject,
  { obsoleteStatuses }: Pick<S4Settings, 'obsoleteStatuses'>,
): boolean =>
  product['IsMarkedForDeletion'] === true ||
  obsoleteStatuses.includes(textAt(product, 'CrossPlantStatus') ?? '');

/** A_Product → TMF620 productSpecification (v5). A material out of use is retired. */
export const mapSpecification =
  (source: string, settings: Pick<S4Settings, 'language' | 'obsoleteStatuses'>) =>
  (product: JsonObject): readonly IngestRecord[] | Rejection => {
    const material = textAt(product, 'Product');
    const changed = readDate(product['LastChangeDateTime']);
    if (material === undefined) return missing('/Product');
    const brand = textAt(product, 'ProductManufacturerNumber');
    return [
      {
        externalId: material,
        op: 'upsert',
        id: specificationId(source, material),
        ...(changed === undefined ? {} : { modifiedAt: changed }),
        resource: {
          '@type': 'ProductSpecification',
          name: materialName(product, settings.language),
          productNumber: material,
          ...(brand === undefined ? {} : { brand }),
          isBundle: false,
          lifecycleStatus: isOutOfUse(product, settings) ? 'Retired' : 'Launched',
          ...(changed === undefined ? {} : { lastUpdate: changed }),
          productSpecCharacteristic: characteristics(product),
          externalIdentifier: [externalIdentifier(source, 'material', material)],
        },
      },
    ];
  };
