import { fieldAt } from './fields';
import type { FieldKind } from './fields';
import type { Api, ApiVersion } from './types';

const CASES: readonly [Api, ApiVersion, string, string, FieldKind | undefined][] = [
  ['TMF620', 'v5', 'ProductOffering', 'id', 'string'],
  ['TMF620', 'v5', 'ProductOffering', 'isBundle', 'boolean'],
  ['TMF620', 'v5', 'ProductOffering', 'lastUpdate', 'date-time'],
  ['TMF620', 'v5', 'ProductOffering', 'category', 'object'],
  ['TMF620', 'v5', 'ProductOffering', 'category.id', 'string'],
  ['TMF620', 'v5', 'ProductOffering', 'validFor.endDateTime', 'date-time'],
  ['TMF620', 'v5', 'ProductOffering', 'productOfferingPrice.price.value', 'number'],
  ['TMF620', 'v5', 'ProductOffering', 'attachment.mimeType', 'string'],
  ['TMF620', 'v5', 'ProductOffering', 'prodSpecCharValueUse.productSpecCharacteristicValue.value', 'any'],
  ['TMF620', 'v5', 'ProductSpecification', 'relatedParty.partyOrPartyRole.partyName', 'string'],
  ['TMF620', 'v4', 'ProductSpecification', 'relatedParty.name', 'string'],
  ['TMF620', 'v4', 'Category', 'parentId', 'string'],
  ['TMF620', 'v5', 'Category', 'parentId', undefined],
  ['TMF622', 'v5', 'ProductOrder', 'productOrderItem.quantity', 'integer'],
  ['TMF622', 'v5', 'ProductOrder', 'productOrderItem.product.productCharacteristic.value', 'any'],
  ['TMF622', 'v5', 'ProductOrder', 'productOrderItem.productOrderItem.productOrderItem.id', 'string'],
  ['TMF648', 'v5', 'Quote', 'externalId.owner', 'string'],
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

test.each(CASES)('%s %s %s: %s is %s', (api, version, name, path, kind) => {
  expect(fieldAt(api, version, name, path)).toEqual(kind === undefined ? undefined : { kind });
});
