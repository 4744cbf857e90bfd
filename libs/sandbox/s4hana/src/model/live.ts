import type { ServiceModel } from './entity';
import { SALES_ORDERS } from './sales-orders';

/** API_PRODUCT_AVAILY_INFO_BASIC: no sets, functions only. */
export const AVAILABILITY: ServiceModel = {
  name: 'API_PRODUCT_AVAILY_INFO_BASIC',
  sets: [],
  functions: ['DetermineAvailabilityAt', 'DetermineAvailabilityOf', 'CalculateAvailabilityTimeseries'],
};

/** API_SALES_ORDER_SIMULATION_SRV: a sales order that is priced and checked and never saved. */
export const SIMULATION: ServiceModel = {
  name: 'API_SALES_ORDER_SIMULATION_SRV',
  sets: SALES_ORDERS.sets.map((set) =>
    set.set === 'A_SalesOrder' ? { ...set, writable: ['create'] } : { ...set, writable: [] },
  ),
  aliases: { A_SalesOrderSimulation: 'A_SalesOrder' },
};
