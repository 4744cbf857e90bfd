/** Materials, as `<service>/<set>`. */
export const PRODUCTS = 'API_PRODUCT_SRV/A_Product';
/** Price condition records. */
export const PRICES = 'API_SLSPRICINGCONDITIONRECORD_SRV/A_SlsPrcgConditionRecord';
/** Keys (material, sales area, customer) under which condition records are valid. */
export const PRICE_KEYS = 'API_SLSPRICINGCONDITIONRECORD_SRV/A_SlsPrcgCndnRecdValidity';
/** The service of sales orders; its CSRF token is fetched from its root. */
export const ORDER_SERVICE = 'API_SALES_ORDER_SRV';
/** Sales orders. */
export const ORDERS = `${ORDER_SERVICE}/A_SalesOrder`;
/** Items of sales orders. */
export const ORDER_ITEMS = `${ORDER_SERVICE}/A_SalesOrderItem`;

/** What a condition record is read with. */
export const CONDITION_EXPAND = 'to_SlsPrcgCndnRecdValidity,to_SlsPrcgCndnRecordScale';
/** What a material of an offering is read with. */
export const MATERIAL_EXPAND = 'to_Description,to_SalesDelivery';
