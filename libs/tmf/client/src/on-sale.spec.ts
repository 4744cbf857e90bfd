import { isBeforeSale, onSale, type SoldKind } from './on-sale';

describe('the version that is sold', () => {
  it.each<[SoldKind, string | undefined, boolean]>([
    ['productOffering', 'In Study', true],
    ['productOffering', 'in design', true],
    ['productOffering', 'In Test', true],
    ['productOffering', 'Rejected', true],
    ['productOffering', 'Active', true],
    ['productOffering', 'Launched', false],
    ['productOffering', 'Retired', false],
    ['productOffering', 'Obsolete', false],
    ['productOffering', undefined, false],
    ['productOfferingPrice', 'In Test', true],
    ['productOfferingPrice', 'Active', false],
  ])('%s in state %s leaves the sale to the one before: %s', (kind, lifecycleStatus, expected) => {
    expect(isBeforeSale(kind, { lifecycleStatus })).toBe(expected);
  });

  it('is the highest of those on sale, by its parts as numbers', () => {
    const versions = ['1.9', '1.10', '1.2'].map((version) => ({ version, lifecycleStatus: 'Launched' }));
    const later = { version: '2.0', lifecycleStatus: 'In Test' };
    expect(onSale('productOffering', [later, ...versions])).toBe(versions[1]);
    expect(onSale('productOffering', [later])).toBeUndefined();
  });
});
