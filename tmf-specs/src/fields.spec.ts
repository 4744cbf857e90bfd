import { declaredPaths, fieldAt } from './fields';
import type { FieldKind } from './fields';
import type { Api, ApiVersion } from './types';

const CASES: readonly [Api, ApiVersion, string, string, FieldKind | undefined, 'array'?][] = [
  ['TMF620', 'v5', 'ProductOffering', 'id', 'string'],
  ['TMF620', 'v5', 'ProductOffering', 'isBundle', 'boolean'],
  ['TMF620', 'v5', 'ProductOffering', 'lastUpdate', 'date-time'],
  ['TMF620', 'v5', 'ProductOffering', 'category', 'object', 'array'],
  ['TMF620', 'v5', 'ProductOffering', 'category.id', 'string', 'array'],
  ['TMF620', 'v5', 'ProductOffering', 'validFor.endDateTime', 'date-time'],
  ['TMF620', 'v5', 'ProductOffering', 'productOfferingPrice.price.value', 'number', 'array'],
  ['TMF620', 'v5', 'ProductOffering', 'attachment.mimeType', 'string', 'array'],
  [
    'TMF620',
    'v5',
    'ProductOffering',
    'prodSpecCharValueUse.productSpecCharacteristicValue.value',
    'any',
    'array',
  ],
  ['TMF620', 'v5', 'ProductSpecification', 'relatedParty.partyOrPartyRole.partyName', 'string', 'array'],
  ['TMF620', 'v4', 'ProductSpecification', 'relatedParty.name', 'string', 'array'],
  ['TMF620', 'v4', 'Category', 'parentId', 'string'],
  ['TMF620', 'v5', 'Category', 'parentId', undefined],
  ['TMF622', 'v5', 'ProductOrder', 'productOrderItem.quantity', 'integer', 'array'],
  ['TMF622', 'v5', 'ProductOrder', 'productOrderItem.product.productCharacteristic.value', 'any', 'array'],
  [
    'TMF622',
    'v5',
    'ProductOrder',
    'productOrderItem.productOrderItem.productOrderItem.id',
    'string',
    'array',
  ],
  ['TMF648', 'v5', 'Quote', 'externalId.owner', 'string', 'array'],
  ['TMF648', 'v4', 'Quote', 'externalId', 'string'],
  ['TMF648', 'v5', 'Quote', 'state', 'string'],
  ['TMF648', 'v5', 'Quote', 'nothing', undefined],
  ['TMF648', 'v5', 'Quote', 'id.more', undefined],
  ['TMF648', 'v5', 'Quote', '', undefined],
  ['TMF648', 'v5', 'Quote', 'quoteItem..id', undefined],
  ['TMF648', 'v5', 'Quote', 'constructor', undefined],
  ['TMF648', 'v5', 'Quote', '__proto__.id', undefined],
  ['TMF648', 'v5', 'Unicorn', 'id', undefined],
];

test.each(CASES)('%s %s %s: %s is %s', (api, version, name, path, kind, ...array) => {
  const field =
    kind === undefined ? undefined : { kind, ...(array.includes('array') ? { array: true } : {}) };
  expect(fieldAt(api, version, name, path)).toEqual(field);
});

test('declared paths are those that fieldAt knows, down to the depth asked for', () => {
  const paths = declaredPaths('TMF620', 'v5', 'ProductOffering');
  expect(paths).toEqual(expect.arrayContaining(['name', 'category', 'category.id', 'validFor.endDateTime']));
  expect(paths.filter((path) => path.split('.').length > 2)).toEqual([]);
  expect(paths.filter((path) => fieldAt('TMF620', 'v5', 'ProductOffering', path) === undefined)).toEqual([]);
  expect(declaredPaths('TMF620', 'v5', 'Unicorn')).toEqual([]);
});
