import type { EntitySet } from '../model/entity';
import { SALES_ORDERS } from '../model/sales-orders';
import { setNamed } from '../odata/query';

/** Where the sales orders of OData V4 (CE_SALESORDER_0001) stand. */
export const V4_ROOT = '/sap/opu/odata4/sap/api_salesorder/srvd_a2x/sap/salesorder/0001';

/** A set of V4: the same rows as a set of V2, under names of its own. */
export interface V4Set {
  readonly name: string;
  readonly rows: EntitySet;
  /** Navigations to many, with the property that both sides share. */
  readonly navs: Readonly<Record<string, { readonly target: string; readonly shared: string }>>;
}

const rowsOf = (name: string): EntitySet => {
  const found = setNamed(SALES_ORDERS, name);
  if (found === undefined) throw new Error(`The model lacks ${name}.`);
  return found;
};

/** Sales orders and their items. Their properties have the names of V2, which is a guess for some. */
export const V4_SETS: readonly V4Set[] = [
  {
    name: 'SalesOrder',
    rows: rowsOf('A_SalesOrder'),
    navs: { _Item: { target: 'SalesOrderItem', shared: 'SalesOrder' } },
  },
  { name: 'SalesOrderItem', rows: rowsOf('A_SalesOrderItem'), navs: {} },
];

/** A set by its name. */
export const v4Set = (name: string): V4Set | undefined => V4_SETS.find((one) => one.name === name);
