export { productCatalog } from './component';
export type { LifecycleStatus } from './lifecycle';
