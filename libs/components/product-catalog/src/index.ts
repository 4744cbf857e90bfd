export { productCatalog } from './component';
export { productCatalogSettings, type ProductCatalogSettings } from './settings';
export type { LifecycleStatus } from './lifecycle';
