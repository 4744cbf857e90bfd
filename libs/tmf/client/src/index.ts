export { CatalogAway, type CatalogReader, type CustomerPrices } from './catalog-reader';
export { isBeforeSale, onSale, statesOnSale } from './on-sale';
export { catalogChanges, catalogListener } from './catalog-changes';
export { InventoryAway, type InventoryReader, type StructureSubject } from './inventory-reader';
export { catalogSettings, httpCatalog, httpInventory, inventorySettings } from './settings';
