export * from './copied';
export { afterSales, afterSalesBlocks, MOST_AFTER_SALES, type AfterSales } from './after-sales';
export {
  PRICE_LISTS,
  type Account,
  type Contract,
  type Person,
  type PriceList,
  type Supplier,
} from './accounts';
export type { Assembly, Equipment, MachineModel, StructureItem } from './machines';
export { FAMILY, type ServicePart } from './parts';
