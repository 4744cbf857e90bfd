import type { Row, TableView, Tables } from '@quotebridge/sandbox/core';

const cell = (row: Row, name: string): string => {
  const value = row[name];
  if (value === undefined || value === null) return '';
  return typeof value === 'number' && value > 1e11
    ? new Date(value).toISOString().slice(0, 19).replace('T', ' ')
    : String(value);
};

// Title, set and columns, in the order of the page: orders first, then the master data.
const VIEWS: readonly (readonly [title: string, set: string, columns: string])[] = [
  [
    'Sales orders',
    'A_SalesOrder',
    'SalesOrder SoldToParty ExternalDocumentID PurchaseOrderByCustomer TotalNetAmount TransactionCurrency OverallSDProcessStatus LastChangeDateTime',
  ],
  [
    'Sales order items',
    'A_SalesOrderItem',
    'SalesOrder SalesOrderItem Material SalesOrderItemText RequestedQuantity RequestedQuantityUnit NetAmount SDProcessStatus',
  ],
  ['Materials', 'A_Product', 'Product ProductType ProductGroup BaseUnit CrossPlantStatus LastChangeDateTime'],
  ['Descriptions', 'A_ProductDescription', 'Product Language ProductDescription'],
  [
    'Prices',
    'A_SlsPrcgCndnRecdValidity',
    'ConditionRecord ConditionType Material Customer PriceListType ConditionValidityStartDate ConditionValidityEndDate',
  ],
  [
    'Price amounts',
    'A_SlsPrcgConditionRecord',
    'ConditionRecord ConditionType ConditionRateValue ConditionRateValueUnit ConditionQuantityUnit',
  ],
  [
    'Structures',
    'MaterialBOM',
    'BillOfMaterial Material Plant BillOfMaterialVariantUsage BOMHeaderText LastChangeDateTime',
  ],
  [
    'Structure items',
    'MaterialBOMItem',
    'BillOfMaterial Material BillOfMaterialItemNumber BillOfMaterialComponent BillOfMaterialItemQuantity BillOfMaterialItemUnit IsAssembly DiscontinuationGroup FollowUpGroup ValidityStartDate ValidityEndDate',
  ],
  ['Machines', 'Equipment', 'Equipment SerialNumber Material EquipmentName OperationStartDate'],
  [
    'Business partners',
    'A_BusinessPartner',
    'BusinessPartner BusinessPartnerCategory Customer Supplier BusinessPartnerFullName',
  ],
  ['Partner functions', 'A_CustSalesPartnerFunc', 'Customer PartnerFunction BPCustomerNumber'],
  [
    'Contracts',
    'A_SalesContract',
    'SalesContract SalesContractType SoldToParty SalesContractValidityStartDate SalesContractValidityEndDate',
  ],
  ['Purchasing', 'A_PurchasingInfoRecord', 'PurchasingInfoRecord Supplier Material SupplierMaterialNumber'],
  ['Stock', 'stock', 'material quantity'],
];

/** What the sandbox's page shows. */
export const s4Views = (tables: Tables): TableView[] =>
  VIEWS.map(([title, set, names]) => {
    const columns = names.split(' ');
    return {
      title,
      columns,
      rows: {
        count: tables.count(set),
        from: (place, count) =>
          tables.slice(set, place, count).map((row) => columns.map((name) => cell(row, name))),
      },
    };
  });
