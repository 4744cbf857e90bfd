import {
  at,
  attachment,
  characteristicValueSpecification,
  each,
  elements,
  flatten,
  identityMapper,
  mapper,
  nest,
  object,
  referenceOr,
  relatedPartyRef,
  rename,
  renameType,
  type VersionMapper,
} from '@quotebridge/tmf/versions';

const values = elements(characteristicValueSpecification);

const characteristicRelationship = object(
  renameType('ProductSpecificationCharacteristicRelationship', 'CharacteristicSpecificationRelationship'),
  rename('id', 'parentSpecificationId'),
  rename('href', 'parentSpecificationHref'),
);

const characteristicSpecification = object(
  renameType('ProductSpecificationCharacteristic', 'CharacteristicSpecification'),
  rename('productSpecCharRelationship', 'charSpecRelationship', elements(characteristicRelationship)),
  rename('productSpecCharacteristicValue', 'characteristicValueSpecification', values),
);

const characteristicValueUse = object(at('productSpecCharacteristicValue', values));

const constraint = renameType('ConstraintRef', 'PolicyRef');

/** The v4 price of an offering has its net amount one level down, and its percentage with the amounts. */
const inlinePrice = object(
  referenceOr('ProductOfferingPriceRef', 'ProductOfferingPrice'),
  rename('constraint', 'policy', elements(constraint)),
  rename('recurringChargePeriod', 'recurringChargePeriodType'),
  at('price', flatten('dutyFreeAmount', ['unit', 'value'])),
  flatten('price', ['percentage']),
);

/** TMF620 v4 `catalog` ⇄ v5 `productCatalog`. */
export const catalogMapper: VersionMapper = mapper([
  renameType('Catalog', 'ProductCatalog'),
  each('relatedParty', relatedPartyRef),
]);

/** TMF620 `category`: the parent is an id in v4 and a reference in v5. */
export const categoryMapper: VersionMapper = mapper([
  nest('parent', { parentId: 'id' }, () => 'CategoryRef'),
]);

/** TMF620 `productOffering`. */
export const productOfferingMapper: VersionMapper = mapper([
  each('attachment', attachment),
  each('prodSpecCharValueUse', characteristicValueUse),
  each('productOfferingPrice', inlinePrice),
]);

/** TMF620 `productOfferingPrice`. */
export const productOfferingPriceMapper: VersionMapper = mapper([
  rename('constraint', 'policy', elements(constraint)),
  each('prodSpecCharValueUse', characteristicValueUse),
]);

/** TMF620 `productSpecification`. */
export const productSpecificationMapper: VersionMapper = mapper([
  each('attachment', attachment),
  each('productSpecCharacteristic', characteristicSpecification),
  each('relatedParty', relatedPartyRef),
]);

/** TMF620 `importJob`: alike in both versions. */
export const importJobMapper: VersionMapper = identityMapper;

/** TMF620 `exportJob`: alike in both versions. */
export const exportJobMapper: VersionMapper = identityMapper;
