/** Materials, as `<service>/<set>`. */
export const PRODUCTS = 'API_PRODUCT_SRV/A_Product';
/** Price condition records. */
export const PRICES = 'API_SLSPRICINGCONDITIONRECORD_SRV/A_SlsPrcgConditionRecord';
/** Keys (material, sales area, customer) under which condition records are valid. */
export const PRICE_KEYS = 'API_SLSPRICINGCONDITIONRECORD_SRV/A_SlsPrcgCndnRecdValidity';
/** Sales orders. */
export const ORDERS = 'API_SALES_ORDER_SRV/A_SalesOrder';
/** Texts of sales orders. */
export const ORDER_TEXTS = 'API_SALES_ORDER_SRV/A_SalesOrderText';
/** Items of sales orders. */
export const ORDER_ITEMS = 'API_SALES_ORDER_SRV/A_SalesOrderItem';

/** Business partners: customers, suppliers, people. */
export const PARTNERS = 'API_BUSINESS_PARTNER/A_BusinessPartner';
/** How a business partner can be reached. */
export const ADDRESS_EXPAND =
  'to_BusinessPartnerAddress/to_EmailAddress,to_BusinessPartnerAddress/to_PhoneNumber';
/** Structures of materials. */
export const BOMS = 'API_BILL_OF_MATERIAL_SRV;v=2/MaterialBOM';
/** Items of structures. */
export const BOM_ITEMS = 'API_BILL_OF_MATERIAL_SRV;v=2/MaterialBOMItem';

/** What a condition record is read with. */
export const CONDITION_EXPAND = 'to_SlsPrcgCndnRecdValidity,to_SlsPrcgCndnRecordScale';
/** What a material of an offering is read with. */
export const MATERIAL_EXPAND = 'to_Description,to_SalesDelivery';

/** Orders to be simulated: priced and checked, never kept. */
export const SIMULATIONS = 'API_SALES_ORDER_SIMULATION_SRV/A_SalesOrderSimulation';
/** The function that tells what of a material can be had at a time. */
export const AVAILABILITY_AT = 'API_PRODUCT_AVAILY_INFO_BASIC/DetermineAvailabilityAt';
/** What suppliers take for materials. */
export const INFO_RECORDS = 'API_INFORECORD_PROCESS_SRV/A_PurchasingInfoRecord';
/** Contracts with customers. */
export const CONTRACTS = 'API_SALES_CONTRACT_SRV/A_SalesContract';
/** Installed machines. */
export const EQUIPMENT = 'API_EQUIPMENT/Equipment';
/** The function that gives a structure with all its levels. */
export const EXPLODE_BOM = 'API_BILL_OF_MATERIAL_SRV;v=2/ExplodeBOM';
