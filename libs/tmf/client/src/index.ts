export { CatalogAway, type CatalogReader } from './catalog-reader';
export { catalogChanges, catalogListener } from './catalog-changes';
export { HttpCatalog, type HttpCatalogOptions } from './http-catalog';
