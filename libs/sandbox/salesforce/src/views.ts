import type { Row, TableView, Tables } from '@quotebridge/sandbox/core';

const cell = (row: Row, name: string): string => {
  const value = row[name];
  if (value === undefined || value === null) return '';
  return name === 'SystemModstamp'
    ? new Date(Number(value)).toISOString().slice(0, 19).replace('T', ' ')
    : String(value);
};

const view = (tables: Tables, title: string, object: string, columns: readonly string[]): TableView => ({
  title,
  columns,
  rows: {
    count: tables.count(object),
    from: (place, count) =>
      tables.slice(object, place, count).map((row) => columns.map((name) => cell(row, name))),
  },
});

/** What the sandbox's page shows. */
export const salesforceViews = (tables: Tables): TableView[] => [
  view(tables, 'Opportunities', 'Opportunity', [
    'Id',
    'Name',
    'StageName',
    'Amount',
    'CloseDate',
    'ERP_Order_Number__c',
    'ERP_Order_Status__c',
    'QuoteBridge_Quote_Id__c',
    'SystemModstamp',
    'IsDeleted',
  ]),
  view(tables, 'Opportunity products', 'OpportunityLineItem', [
    'OpportunityId',
    'ProductCode',
    'Name',
    'Quantity',
    'UnitPrice',
    'Discount',
    'TotalPrice',
  ]),
  view(tables, 'Orders', 'Order', [
    'Id',
    'OrderNumber',
    'Name',
    'Status',
    'TotalAmount',
    'ERP_Order_Number__c',
    'ERP_Order_Status__c',
    'QuoteBridge_Order__c',
    'SystemModstamp',
    'IsDeleted',
  ]),
  view(tables, 'Order products', 'OrderItem', [
    'OrderId',
    'OrderItemNumber',
    'Quantity',
    'UnitPrice',
    'TotalPrice',
  ]),
  view(tables, 'Accounts', 'Account', [
    'Id',
    'Name',
    'AccountNumber',
    'ParentId',
    'BillingCity',
    'BillingCountry',
    'SystemModstamp',
    'IsDeleted',
  ]),
  view(tables, 'Contacts', 'Contact', ['Id', 'Name', 'Email', 'Phone', 'AccountId']),
  view(tables, 'Products', 'PricebookEntry', ['ProductCode', 'Name', 'UnitPrice', 'IsActive']),
];
