export { CatalogAway, type CatalogReader } from './catalog-reader';
export { catalogChanges, catalogListener } from './catalog-changes';
export { catalogSettings, httpCatalog } from './settings';
