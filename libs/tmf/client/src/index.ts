export { CatalogAway, type CatalogReader } from './catalog-reader';
export { catalogChanges, type CatalogChange } from './catalog-changes';
export { HttpCatalog, type HttpCatalogOptions } from './http-catalog';
