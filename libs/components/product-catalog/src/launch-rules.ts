import type { Fault, JsonObject } from '@quotebridge/platform/core';

const isEmpty = (value: unknown): boolean =>
  value === undefined || (Array.isArray(value) && value.length === 0);

const required = (attribute: string, when: string): Fault => ({
  path: `/${attribute}`,
  message: `is needed ${when} before it can be Launched`,
  code: 'required',
});

const NO_SPECIFICATION: Fault = {
  path: '/productSpecification',
  message: 'must be left out of a bundle, whose parts have their own, before it can be Launched',
  code: 'notInBundle',
};

type LaunchRule = (resource: JsonObject) => Fault[];

const offering: LaunchRule = (resource) => {
  if (resource['isBundle'] === true) {
    const hasParts =
      !isEmpty(resource['bundledProductOffering']) || !isEmpty(resource['bundledGroupProductOffering']);
    const faults = hasParts ? [] : [required('bundledProductOffering', 'in a bundle')];
    return resource['productSpecification'] === undefined ? faults : [...faults, NO_SPECIFICATION];
  }
  return resource['productSpecification'] === undefined
    ? [required('productSpecification', 'unless it is a bundle')]
    : [];
};

const price: LaunchRule = (resource) => {
  if (resource['isBundle'] === true) {
    return isEmpty(resource['bundledPopRelationship'])
      ? [required('bundledPopRelationship', 'in a bundle')]
      : [];
  }
  const missing: Fault[] = [];
  if (resource['priceType'] === undefined) missing.push(required('priceType', 'unless it is a bundle'));
  if (
    resource['price'] === undefined &&
    resource['percentage'] === undefined &&
    isEmpty(resource['pricingLogicAlgorithm'])
  ) {
    missing.push(required('price', 'unless it is a percentage or comes from an algorithm'));
  }
  return missing;
};

const specification: LaunchRule = (resource) =>
  resource['isBundle'] === true && isEmpty(resource['bundledProductSpecification'])
    ? [required('bundledProductSpecification', 'in a bundle')]
    : [];

/** What an entity must have before customers can buy it (TMF620 conformance profile, mandatory attributes). */
export const LAUNCH_RULES: Readonly<Record<string, LaunchRule>> = {
  productOffering: offering,
  productOfferingPrice: price,
  productSpecification: specification,
};
