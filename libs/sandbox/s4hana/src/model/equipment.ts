import { fields, type ServiceModel } from './entity';

/** API_EQUIPMENT: installed machines by serial number. */
export const EQUIPMENT: ServiceModel = {
  name: 'API_EQUIPMENT',
  sets: [
    {
      set: 'Equipment',
      keys: ['Equipment', 'ValidityEndDate'],
      fields: fields({
        String:
          'Equipment EquipmentName EquipmentCategory TechnicalObjectType ManufacturerSerialNumber SerialNumber Material MaintenancePlant SuperordinateEquipment Customer EquipmentIsMarkedForDeletion',
        Boolean: 'EquipmentIsInactive',
        DateTime: 'ValidityEndDate ValidityStartDate OperationStartDate CreationDate',
        DateTimeOffset: 'LastChangeDateTime',
      }),
      navs: {},
      changedAt: 'LastChangeDateTime',
      writable: ['create', 'update'],
    },
  ],
};
