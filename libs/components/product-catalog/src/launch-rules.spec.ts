import type { JsonObject } from '@quotebridge/platform/core';
import { LAUNCH_RULES } from './launch-rules';

const missing = (name: string, resource: JsonObject): string[] =>
  (LAUNCH_RULES[name]?.(resource) ?? []).map(({ path }) => path);

const part = [{ id: 'a' }];

describe('what an entity needs to be launched', () => {
  it.each<[string, JsonObject, string[]]>([
    ['productOffering', {}, ['/productSpecification']],
    ['productOffering', { productSpecification: { id: 's' } }, []],
    ['productOffering', { isBundle: true }, ['/bundledProductOffering']],
    ['productOffering', { isBundle: true, bundledProductOffering: [] }, ['/bundledProductOffering']],
    ['productOffering', { isBundle: true, bundledProductOffering: part }, []],
    ['productOffering', { isBundle: true, bundledGroupProductOffering: part }, []],
    [
      'productOffering',
      { isBundle: true, bundledProductOffering: part, productSpecification: { id: 's' } },
      ['/productSpecification'],
    ],
    ['productOfferingPrice', {}, ['/priceType', '/price']],
    ['productOfferingPrice', { priceType: 'oneTime' }, ['/price']],
    ['productOfferingPrice', { priceType: 'oneTime', price: { value: 1, unit: 'EUR' } }, []],
    ['productOfferingPrice', { priceType: 'discount', percentage: 5 }, []],
    ['productOfferingPrice', { priceType: 'usage', pricingLogicAlgorithm: part }, []],
    ['productOfferingPrice', { isBundle: true }, ['/bundledPopRelationship']],
    ['productOfferingPrice', { isBundle: true, bundledPopRelationship: part }, []],
    ['productSpecification', {}, []],
    ['productSpecification', { isBundle: true }, ['/bundledProductSpecification']],
    ['productSpecification', { isBundle: true, bundledProductSpecification: part }, []],
    ['category', {}, []],
  ])('%s %j lacks %j', (name, resource, paths) => {
    expect(missing(name, resource)).toEqual(paths);
  });
});
