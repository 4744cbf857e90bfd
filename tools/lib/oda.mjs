// What TM Forum says of the components and APIs that the charts declare; what the code says of itself is not here.
const TABLE = 'https://tmf-open-api-table-documents.s3.eu-west-1.amazonaws.com/OpenApiTable';
const MIRROR = 'https://raw.githubusercontent.com/tmforum-apis';

/**
 * The APIs by id: name in the component specifications, and where the document of each major version is. A Canvas
 * resolves a dependency by comparing these addresses as texts. A version without one names the document that the
 * component itself serves: TMF648 v5 is not in the official table yet, TMF699 v5 is there in no file known to us.
 */
export const apis = {
  TMF620: {
    name: 'product-catalog-management-api',
    v4: `${TABLE}/TMF620_Product_Catalog/4.1.0/swagger/TMF620_Product_Catalog_Management_API_v4.1.0_swagger.json`,
    v5: `${TABLE}/TMF620_Product_Catalog/5.0.0/swagger/TMF620-Product_Catalog_Management-v5.0.0.oas.yaml`,
  },
  TMF622: {
    name: 'product-ordering-management-api',
    v4: `${TABLE}/TMF622_Product_Ordering/4.0.0/swagger/TMF622_Product_Ordering_Management_API_v4.0.0_swagger.json`,
    v5: `${TABLE}/TMF622_Product_Ordering/5.0.0/swagger/TMF622-ProductOrdering-v5.0.0.oas.yaml`,
  },
  TMF629: {
    name: 'customer-management-api',
    v4: `${MIRROR}/TMF629_CustomerManagement/master/TMF629_Customer_Management_API_v4.0.0_swagger.json`,
    v5: `${MIRROR}/TMF629_CustomerManagement/master/TMF629-Customer_Management-v5.0.1.oas.yaml`,
  },
  TMF632: {
    name: 'party-management-api',
    v4: `${TABLE}/TMF632_Party/4.0.0/swagger/TMF632_Party_Management_API_v4.0.0_swagger.json`,
    v5: `${TABLE}/TMF632_Party/5.0.0/swagger/TMF632-Party_Management-v5.0.0.oas.yaml`,
  },
  TMF637: {
    name: 'product-inventory-management-api',
    v4: `${TABLE}/TMF637_Product_Inventory/4.0.0/swagger/TMF637_Product_Inventory_Management_API_v4.0.0_swagger.json`,
    v5: `${TABLE}/TMF637_Product_Inventory/5.0.0/swagger/TMF637-ProductInventory-v5.0.0.oas.yaml`,
  },
  TMF641: {
    name: 'service-ordering-management-api',
    v4: `${MIRROR}/TMF641_ServiceOrdering/master/TMF641-ServiceOrdering-v4.1.0.swagger.json`,
  },
  TMF648: {
    name: 'quote-management-api',
    v4: `${TABLE}/TMF648_Quote/4.0.0/swagger/TMF648_Quote_Management_API_v4.0.0_swagger.json`,
  },
  TMF669: {
    name: 'party-role-management-api',
    v4: `${TABLE}/TMF669_Party_Role/4.0.0/swagger/TMF669_Party_Role_Management_API_v4.0.0_swagger.json`,
    v5: `${TABLE}/TMF669_Party_Role/5.0.0/swagger/TMF669-Party_Role_Management-v5.0.0.oas.yaml`,
  },
  TMF699: {
    name: 'sales-management-api',
    v4: `${TABLE}/TMF699_Sales/4.0.0/swagger/TMF699_Sales_Management_API_v4.0.0_swagger.json`,
  },
};

/**
 * The components by name: exports of their lib, the component of TM Forum's inventory that each one is, and the
 * APIs that it calls or that the inventory wants declared (`dependents`); `absent` are those of the inventory that
 * nothing in this suite serves: declared only on demand, since a Canvas waits for every declared one.
 * `addresses` are settings that name a neighbour, and which API of it, if the setting wants more than the host.
 */
export const components = {
  'product-catalog': {
    exports: ['productCatalog', 'productCatalogSettings'],
    id: 'TMFC001',
    title: 'ProductCatalogManagement',
    functionalBlock: 'CoreCommerce',
    description: 'Products that can be sold: catalogs, categories, offerings, prices and specifications.',
    required: ['TMF620'],
    dependents: [],
  },
  quote: {
    exports: ['quoteComponent', 'quoteSettings'],
    id: 'TMFC002',
    title: 'ProductOrderCaptureAndValidation',
    functionalBlock: 'CoreCommerce',
    description:
      'Quotes: priced from the catalog, with the structures of machines and parts, authorized, accepted.',
    required: [],
    dependents: ['TMF620', 'TMF637'],
    addresses: { catalogUrl: ['product-catalog', 'TMF620'], inventoryUrl: ['product-inventory'] },
  },
  'product-order': {
    exports: ['productOrderComponent', 'productOrderSettings'],
    id: 'TMFC003',
    title: 'ProductOrderDeliveryOrchestrationAndManagement',
    functionalBlock: 'CoreCommerce',
    description: 'Product orders from accepted quotes or of their own, followed until the ERP has delivered.',
    required: ['TMF622'],
    dependents: ['TMF620', 'TMF622', 'TMF637'],
    absent: ['TMF641'],
    addresses: { catalogUrl: ['product-catalog', 'TMF620'] },
  },
  'product-inventory': {
    exports: ['productInventory', 'productInventorySettings'],
    id: 'TMFC005',
    title: 'ProductInventory',
    functionalBlock: 'CoreCommerce',
    description: 'The installed base: machines by serial number with their bills of materials.',
    required: ['TMF637'],
    dependents: ['TMF620'],
  },
  customer: {
    exports: ['customerComponent', 'customerSettings'],
    id: 'TMFC028',
    title: 'PartyManagement',
    functionalBlock: 'PartyManagement',
    description: 'Customers, the people and organizations behind them, and their other roles.',
    required: ['TMF632'],
    dependents: ['TMF669'],
  },
  sales: {
    exports: ['salesComponent', 'salesSettings'],
    id: 'TMFC036',
    title: 'LeadAndOpportunityManagement',
    functionalBlock: 'PartyManagement',
    description: 'Leads and opportunities.',
    required: ['TMF699'],
    dependents: [],
  },
  gateway: {
    exports: ['gatewayComponent', 'gatewaySettings'],
    // Not one of TM Forum's: a simple API for ERP and CRM developers on top of theirs.
    id: 'QBC001',
    title: 'BusinessApi',
    functionalBlock: 'CoreCommerce',
    description: 'Orders, prices and look-ups as one plain API for ERP and CRM systems.',
    required: [],
    dependents: ['TMF620', 'TMF622', 'TMF629', 'TMF637', 'TMF699'],
    addresses: {
      orderUrl: ['product-order'],
      customerUrl: ['customer'],
      inventoryUrl: ['product-inventory'],
      salesUrl: ['sales'],
      catalogUrl: ['product-catalog'],
    },
  },
};

/** The roles that access control knows, in words for those who give them to people. */
export const roles = {
  admin: 'May do everything, operations included',
  operator: 'Looks at everything, resumes subscribers, replays dead letters',
  integrator: 'A TMF client with full use of the business resources',
  procurement: 'Looks at everything, keeps what parts cost',
  controlling: 'Looks at everything, costs and margins included',
  sales: 'Leads, quotes and orders; reads the catalog',
  reader: 'Looks only',
  connector: 'A component or service that reads and writes',
};
