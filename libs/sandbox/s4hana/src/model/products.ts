import { fields, many, one, type ServiceModel } from './entity';

/** API_PRODUCT_SRV: materials with texts, sales areas and plants. */
export const PRODUCTS: ServiceModel = {
  name: 'API_PRODUCT_SRV',
  sets: [
    {
      set: 'A_Product',
      keys: ['Product'],
      fields: fields({
        String:
          'Product ProductType CrossPlantStatus ProductOldID WeightUnit ProductGroup BaseUnit ItemCategoryGroup ProductHierarchy Division ProductManufacturerNumber CreatedByUser LastChangedByUser',
        Decimal: 'GrossWeight NetWeight',
        DateTime: 'CreationDate LastChangeDate',
        Boolean: 'IsMarkedForDeletion',
        DateTimeOffset: 'LastChangeDateTime',
      }),
      navs: {
        to_Description: many('A_ProductDescription', 'Product'),
        to_SalesDelivery: many('A_ProductSalesDelivery', 'Product'),
        to_Plant: many('A_ProductPlant', 'Product'),
      },
      changedAt: 'LastChangeDateTime',
      writable: ['create', 'update'],
    },
    {
      set: 'A_ProductDescription',
      keys: ['Product', 'Language'],
      fields: fields({ String: 'Product Language ProductDescription' }),
      navs: {},
      writable: ['create', 'update', 'delete'],
    },
    {
      set: 'A_ProductSalesDelivery',
      keys: ['Product', 'ProductSalesOrg', 'ProductDistributionChnl'],
      fields: fields({
        String:
          'Product ProductSalesOrg ProductDistributionChnl SalesMeasureUnit SupplyingPlant ProductSalesStatus ItemCategoryGroup PriceSpecificationProductGroup',
        Decimal: 'MinimumOrderQuantity DeliveryQuantity',
        Boolean: 'IsMarkedForDeletion',
      }),
      navs: { to_Product: one('A_Product', 'Product') },
      writable: ['create', 'update'],
    },
    {
      set: 'A_ProductPlant',
      keys: ['Product', 'Plant'],
      fields: fields({
        String: 'Product Plant PurchasingGroup CountryOfOrigin ProfileCode AvailabilityCheckType',
        Boolean: 'IsMarkedForDeletion',
      }),
      navs: {},
      writable: ['create', 'update'],
    },
  ],
};
