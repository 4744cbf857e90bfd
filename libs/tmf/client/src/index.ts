export { CatalogAway, type CatalogReader, type CustomerPrices } from './catalog-reader';
export { catalogChanges, catalogListener } from './catalog-changes';
export { InventoryAway, type InventoryReader, type StructureSubject } from './inventory-reader';
export { catalogSettings, httpCatalog, httpInventory, inventorySettings } from './settings';
