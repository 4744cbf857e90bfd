import type { Row } from '@quotebridge/sandbox/core';

/** What has happened to a row. */
export type Happening = 'Created' | 'Changed' | 'Deleted';

/** What has happened to a business object. */
export interface ObjectChange {
  /** Name of the object as its events name it. */
  readonly object: string;
  readonly keyField: string;
  readonly key: string;
  readonly what: Happening;
}

// Object and key by set; a row of a set that is not the object's own is a change of the object that it belongs to. Names
// beyond those of business partners and sales orders are guesses.
const OBJECTS: Readonly<Record<string, readonly [object: string, keyField: string, isOwn?: true]>> = {
  A_BusinessPartner: ['BusinessPartner', 'BusinessPartner', true],
  A_BusinessPartnerAddress: ['BusinessPartner', 'BusinessPartner'],
  A_Customer: ['Customer', 'Customer', true],
  A_CustomerSalesArea: ['Customer', 'Customer'],
  A_CustSalesPartnerFunc: ['Customer', 'Customer'],
  A_Product: ['Product', 'Product', true],
  A_ProductDescription: ['Product', 'Product'],
  A_ProductPlant: ['Product', 'Product'],
  A_ProductSalesDelivery: ['Product', 'Product'],
  A_PurchasingInfoRecord: ['PurchasingInfoRecord', 'PurchasingInfoRecord', true],
  A_SalesContract: ['SalesContract', 'SalesContract', true],
  A_SalesOrder: ['SalesOrder', 'SalesOrder', true],
  A_SalesOrderItem: ['SalesOrder', 'SalesOrder'],
  A_SalesOrderText: ['SalesOrder', 'SalesOrder'],
  A_SlsPrcgCndnRecdValidity: ['SlsPricingConditionRecord', 'ConditionRecord'],
  A_SlsPrcgConditionRecord: ['SlsPricingConditionRecord', 'ConditionRecord', true],
  A_Supplier: ['Supplier', 'Supplier', true],
  Equipment: ['Equipment', 'Equipment', true],
  EquipmentPartner: ['Equipment', 'Equipment'],
  MaterialBOM: ['BillOfMaterial', 'BillOfMaterial', true],
  MaterialBOMItem: ['BillOfMaterial', 'BillOfMaterial'],
};

/** The change of a business object that a change of a row is; undefined for rows of none. */
export const objectChange = (set: string, row: Row, what: Happening): ObjectChange | undefined => {
  const known = Object.hasOwn(OBJECTS, set) ? OBJECTS[set] : undefined;
  if (known === undefined) return undefined;
  const [object, keyField, isOwn] = known;
  return { object, keyField, key: String(row[keyField] ?? ''), what: isOwn === true ? what : 'Changed' };
};
