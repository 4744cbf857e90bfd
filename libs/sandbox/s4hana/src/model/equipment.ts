import { fields, many, type ServiceModel } from './entity';

/** API_EQUIPMENT: installed machines by serial number. */
export const EQUIPMENT: ServiceModel = {
  name: 'API_EQUIPMENT',
  sets: [
    {
      set: 'Equipment',
      keys: ['Equipment', 'ValidityEndDate'],
      fields: fields({
        String:
          'Equipment EquipmentName EquipmentCategory TechnicalObjectType ManufacturerSerialNumber SerialNumber Material MaintenancePlant SuperordinateEquipment',
        Boolean: 'EquipmentIsInactive EquipmentIsMarkedForDeletion',
        DateTime: 'ValidityEndDate ValidityStartDate OperationStartDate CreationDate',
        DateTimeOffset: 'LastChangeDateTime',
      }),
      navs: { to_Partner: many('EquipmentPartner', 'Equipment') },
      changedAt: 'LastChangeDateTime',
      writable: ['create', 'update'],
    },
    {
      set: 'EquipmentPartner',
      keys: ['Equipment', 'PartnerFunction', 'EquipmentPartnerObjectNmbr'],
      fields: fields({
        String: 'Equipment PartnerFunction EquipmentPartnerObjectNmbr Partner',
        DateTime: 'CreationDate',
      }),
      navs: {},
      writable: ['create', 'update', 'delete'],
    },
  ],
};
