import { fields, many, type ServiceModel } from './entity';

/** API_INFORECORD_PROCESS_SRV: what suppliers take for materials. */
export const PURCHASING: ServiceModel = {
  name: 'API_INFORECORD_PROCESS_SRV',
  sets: [
    {
      set: 'A_PurchasingInfoRecord',
      keys: ['PurchasingInfoRecord'],
      fields: fields({
        String: 'PurchasingInfoRecord Supplier Material BaseUnit SupplierMaterialNumber',
        Boolean: 'IsDeleted',
        DateTime: 'CreationDate',
        DateTimeOffset: 'LastChangeDateTime',
      }),
      navs: { to_PurgInfoRecdOrgPlantData: many('A_PurgInfoRecdOrgPlantData', 'PurchasingInfoRecord') },
      changedAt: 'LastChangeDateTime',
      writable: ['update'],
    },
    {
      set: 'A_PurgInfoRecdOrgPlantData',
      keys: ['PurchasingInfoRecord', 'PurchasingInfoRecordCategory', 'PurchasingOrganization', 'Plant'],
      fields: fields({
        String: 'PurchasingInfoRecord PurchasingInfoRecordCategory PurchasingOrganization Plant Currency',
        Decimal: 'NetPriceAmount MaterialPriceUnitQty MaterialPlannedDeliveryDurn',
      }),
      navs: {},
      writable: ['update'],
    },
  ],
};
