import { formatOf } from './format';
import { targetOf, targetOfType, textAttributes } from './target';

describe('the format of a job', () => {
  it.each([
    [{ contentType: 'text/csv; charset=utf-8', url: 'file:///a.json' }, 'csv'],
    [{ contentType: 'APPLICATION/X-NDJSON' }, 'ndjson'],
    [{ contentType: 'application/xml' }, undefined],
    [{ url: 'https://example.com/a.JSON?key=1.csv' }, 'json'],
    [{ url: 'https://example.com/a.csv#x' }, 'csv'],
    [{ url: 'https://example.com/a' }, 'ndjson'],
  ])('of %j is %s', (job, format) => {
    expect(formatOf(job)).toBe(format);
  });
});

describe('the resource of a job', () => {
  it.each([
    ['/productOffering', 'productOffering'],
    ['/tmf-api/productCatalogManagement/v4/catalog/', 'productCatalog'],
    ['/category?x=/customer', 'category'],
    ['/customer', undefined],
    ['/constructor', undefined],
    [7, undefined],
  ])('%j is %s', (path, target) => {
    expect(targetOf(path)).toBe(target);
  });

  it('is told by the type of a record where no path is', () => {
    expect(targetOfType('ProductOfferingPrice')).toBe('productOfferingPrice');
    expect(targetOfType('Customer')).toBeUndefined();
  });

  it('says which cells are texts, in either version', () => {
    const isText = textAttributes('category');
    expect(['name', 'parentId', 'validFor.startDateTime'].map(isText)).toEqual([true, true, true]);
    expect(['isRoot', 'parent', 'x-unknown'].map(isText)).toEqual([false, false, false]);
  });
});
