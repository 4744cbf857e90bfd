import { fields, many, one, type ServiceModel } from './entity';

const KEYS =
  'BillOfMaterial BillOfMaterialCategory BillOfMaterialVariant BillOfMaterialVersion EngineeringChangeDocument Material Plant';

/** API_BILL_OF_MATERIAL_SRV;v=2: structures of materials. Names have no `A_` in this version; its explosion is a function. */
export const BOMS: ServiceModel = {
  name: 'API_BILL_OF_MATERIAL_SRV;v=2',
  sets: [
    {
      set: 'MaterialBOM',
      keys: KEYS.split(' '),
      fields: fields({
        String: `${KEYS} BillOfMaterialVariantUsage BillOfMaterialStatus BOMHeaderText BOMHeaderBaseUnit`,
        Decimal: 'BOMHeaderQuantityInBaseUnit',
        Boolean: 'IsMarkedForDeletion BOMIsToBeDeleted',
        DateTime: 'HeaderValidityStartDate HeaderValidityEndDate',
        DateTimeOffset: 'LastChangeDateTime',
      }),
      navs: { to_BillOfMaterialItem: many('MaterialBOMItem', KEYS) },
      changedAt: 'LastChangeDateTime',
      writable: ['create', 'update'],
    },
    {
      set: 'MaterialBOMItem',
      keys: [...KEYS.split(' '), 'BillOfMaterialItemNodeNumber', 'HeaderChangeDocument'],
      fields: fields({
        String: `${KEYS} BillOfMaterialItemNodeNumber HeaderChangeDocument BillOfMaterialComponent BillOfMaterialItemNumber BillOfMaterialItemCategory BillOfMaterialItemUnit FollowUpGroup DiscontinuationGroup AlternativeItemGroup ComponentDescription BOMItemIsSparePart IsAssembly`,
        Decimal: 'BillOfMaterialItemQuantity',
        Boolean: 'IsDeleted',
        DateTime: 'ValidityStartDate ValidityEndDate',
        DateTimeOffset: 'LastChangeDateTime',
      }),
      navs: { to_BillOfMaterial: one('MaterialBOM', KEYS) },
      changedAt: 'LastChangeDateTime',
      writable: ['create', 'update', 'delete'],
    },
  ],
  functions: ['ExplodeBOM'],
};
