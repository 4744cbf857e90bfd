import type { Row, TableView, Tables } from '@quotebridge/sandbox/core';

const MOST_ROWS = 200;

const cell = (row: Row, name: string): string => {
  const value = row[name];
  if (value === undefined || value === null) return '';
  return typeof value === 'number' && value > 1e11
    ? new Date(value).toISOString().slice(0, 19).replace('T', ' ')
    : String(value);
};

const view = (tables: Tables, title: string, set: string, columns: readonly string[]): TableView => ({
  title,
  columns,
  rows: tables
    .all(set)
    .slice(-MOST_ROWS)
    .map((row) => columns.map((name) => cell(row, name))),
});

/** What the sandbox's page shows: orders first, then the master data. */
export const s4Views = (tables: Tables): TableView[] => [
  view(tables, 'Sales orders', 'A_SalesOrder', [
    'SalesOrder',
    'SoldToParty',
    'ExternalDocumentID',
    'PurchaseOrderByCustomer',
    'TotalNetAmount',
    'TransactionCurrency',
    'OverallSDProcessStatus',
    'LastChangeDateTime',
  ]),
  view(tables, 'Sales order items', 'A_SalesOrderItem', [
    'SalesOrder',
    'SalesOrderItem',
    'Material',
    'SalesOrderItemText',
    'RequestedQuantity',
    'RequestedQuantityUnit',
    'NetAmount',
    'SDProcessStatus',
  ]),
  view(tables, 'Materials', 'A_Product', [
    'Product',
    'ProductType',
    'ProductGroup',
    'BaseUnit',
    'LastChangeDateTime',
  ]),
  view(tables, 'Descriptions', 'A_ProductDescription', ['Product', 'Language', 'ProductDescription']),
  view(tables, 'Prices', 'A_SlsPrcgCndnRecdValidity', [
    'ConditionRecord',
    'ConditionType',
    'Material',
    'Customer',
  ]),
  view(tables, 'Price amounts', 'A_SlsPrcgConditionRecord', [
    'ConditionRecord',
    'ConditionRateValue',
    'ConditionCurrency',
    'ConditionQuantityUnit',
  ]),
  view(tables, 'Business partners', 'A_BusinessPartner', [
    'BusinessPartner',
    'Customer',
    'Supplier',
    'BusinessPartnerFullName',
  ]),
];
