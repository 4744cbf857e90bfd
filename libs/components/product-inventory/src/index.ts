export { productInventory } from './component';
export { productInventorySettings, type ProductInventorySettings } from './settings';
