export { CatalogAway, type CatalogReader, type CustomerPrices } from './catalog-reader';
export { catalogChanges, catalogListener } from './catalog-changes';
export { catalogSettings, httpCatalog } from './settings';
