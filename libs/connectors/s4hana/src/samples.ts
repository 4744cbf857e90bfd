import type { JsonObject } from '@quotebridge/platform/core';

const CHANGED = '/Date(1767225600000+0000)/';

/** A made-up material as `A_Product` gives it, with its texts. */
export const MATERIAL_SAMPLE: JsonObject = {
  Product: 'SP-1001',
  ProductType: 'ERSA',
  ProductGroup: 'HYDR',
  BaseUnit: 'PC',
  IsMarkedForDeletion: false,
  LastChangeDateTime: CHANGED,
  to_Description: {
    results: [{ Product: 'SP-1001', Language: 'EN', ProductDescription: 'Axial piston pump' }],
  },
};

/** A made-up list price as `A_SlsPrcgConditionRecord` gives it. */
export const PRICE_SAMPLE: JsonObject = {
  ConditionRecord: '0000000007',
  ConditionType: 'PPR0',
  ConditionRateValue: '2480.00',
  ConditionRateValueUnit: 'EUR',
  ConditionQuantity: '1',
  ConditionQuantityUnit: 'PC',
  ConditionValidityStartDate: '/Date(1577836800000)/',
  ConditionValidityEndDate: '/Date(253402214400000)/',
  LastChangeDateTime: CHANGED,
  to_SlsPrcgCndnRecdValidity: { results: [{ Material: 'SP-1001', Customer: '' }] },
  to_SlsPrcgCndnRecordScale: { results: [] },
};

/** A made-up order of ours as `A_SalesOrder` gives it. */
export const ORDER_SAMPLE: JsonObject = {
  SalesOrder: '4711',
  ExternalDocumentID: '11111111-1111-4111-8111-111111111111',
  SenderBusinessSystemName: 'QUOTEBRIDGE',
  OverallSDProcessStatus: 'C',
  LastChangeDateTime: CHANGED,
};

/** A made-up customer as `A_BusinessPartner` gives it, with its addresses, its sales area and its partner functions. */
export const CUSTOMER_SAMPLE: JsonObject = {
  BusinessPartner: '10100001',
  Customer: '10100001',
  BusinessPartnerCategory: '2',
  BusinessPartnerFullName: 'Example Works',
  LastChangeDate: '/Date(1767225600000)/',
  LastChangeTime: 'PT09H30M00S',
  to_BusinessPartnerAddress: {
    results: [
      {
        StreetName: 'Example Street',
        HouseNumber: '1',
        PostalCode: '12345',
        CityName: 'Exampletown',
        Country: 'DE',
        to_EmailAddress: { results: [{ EmailAddress: 'parts@example.org', IsDefaultEmailAddress: true }] },
        to_PhoneNumber: { results: [] },
      },
    ],
  },
  to_Customer: {
    Customer: '10100001',
    to_CustomerSalesArea: {
      results: [
        {
          SalesOrganization: '1710',
          DistributionChannel: '10',
          Division: '00',
          PriceListType: '02',
          Currency: 'EUR',
        },
      ],
    },
    to_PartnerFunction: {
      results: [
        {
          SalesOrganization: '1710',
          DistributionChannel: '10',
          Division: '00',
          PartnerFunction: 'RE',
          BPCustomerNumber: '10100009',
        },
      ],
    },
  },
};

/** A made-up person as `A_BusinessPartner` gives it. */
export const PERSON_SAMPLE: JsonObject = {
  BusinessPartner: '10900001',
  BusinessPartnerCategory: '1',
  FirstName: 'Erika',
  LastName: 'Example',
  BusinessPartnerFullName: 'Erika Example',
  LastChangeDate: '/Date(1767225600000)/',
  LastChangeTime: 'PT09H30M00S',
};

/** A made-up supplier as `A_BusinessPartner` gives it. */
export const SUPPLIER_SAMPLE: JsonObject = {
  BusinessPartner: '10300001',
  Supplier: '10300001',
  BusinessPartnerCategory: '2',
  BusinessPartnerFullName: 'Example Components',
  LastChangeDate: '/Date(1767225600000)/',
  LastChangeTime: 'PT09H30M00S',
  to_Supplier: { Supplier: '10300001', PurchasingIsBlocked: false },
};

/** A made-up structure as `MaterialBOM` gives it, with its items. */
export const STRUCTURE_SAMPLE: JsonObject = {
  BillOfMaterial: '00000001',
  BillOfMaterialVariant: '1',
  BillOfMaterialVariantUsage: '1',
  Material: 'QM-1001',
  Plant: '1710',
  BOMHeaderQuantityInBaseUnit: '1',
  to_BillOfMaterialItem: {
    results: [
      {
        BillOfMaterialItemNodeNumber: '00000001',
        BillOfMaterialComponent: 'SP-1001',
        BillOfMaterialItemNumber: '0010',
        BillOfMaterialItemQuantity: '2',
        BillOfMaterialItemUnit: 'PC',
        ValidityStartDate: '/Date(1577836800000)/',
        ValidityEndDate: '/Date(253402214400000)/',
      },
    ],
  },
};

/** A made-up machine as `Equipment` gives it. */
export const MACHINE_SAMPLE: JsonObject = {
  Equipment: '10000001',
  EquipmentName: 'Press 100',
  SerialNumber: 'QS-500001',
  Material: 'QM-1001',
  to_Partner: { results: [{ PartnerFunction: 'AG', Partner: '10100001' }] },
  OperationStartDate: '/Date(1640995200000)/',
};

/** A made-up spare part with the list that it stands in and what follows it there, as `MaterialBOMItem` gives both. */
export const SPARE_PART_SAMPLE: JsonObject = {
  part: 'SP-1001',
  changedAt: '2026-01-01T00:00:00.000Z',
  usedIn: [
    {
      BillOfMaterial: '00000002',
      Material: 'QM-1001',
      BillOfMaterialComponent: 'SP-1001',
      BillOfMaterialItemQuantity: '1',
      DiscontinuationGroup: 'A1',
    },
  ],
  followers: [
    {
      BillOfMaterial: '00000002',
      Material: 'QM-1001',
      BillOfMaterialComponent: 'SP-1002',
      BillOfMaterialItemQuantity: '1',
      FollowUpGroup: 'A1',
      ValidityStartDate: CHANGED,
    },
  ],
};

/** A made-up material with what a supplier asks for it, as `A_PurchasingInfoRecord` gives it. */
export const PROCUREMENT_SAMPLE: JsonObject = {
  about: 'SP-1001',
  changedAt: '2026-01-01T00:00:00.000Z',
  records: [
    {
      PurchasingInfoRecord: '5300000001',
      Supplier: '10300001',
      Material: 'SP-1001',
      BaseUnit: 'PC',
      SupplierMaterialNumber: 'S001-1001',
      to_PurgInfoRecdOrgPlantData: {
        results: [
          {
            PurchasingOrganization: '1710',
            Plant: '1710',
            Currency: 'EUR',
            NetPriceAmount: '1240.50',
            MaterialPriceUnitQty: '100',
            MaterialPlannedDeliveryDurn: '12',
          },
        ],
      },
    },
  ],
};

/** A made-up customer with his contract, as `A_SalesContract` gives it. */
export const CONTRACT_SAMPLE: JsonObject = {
  about: '10100001',
  changedAt: '2026-01-01T00:00:00.000Z',
  records: [
    {
      SalesContract: '40000001',
      SalesContractType: 'WV',
      SoldToParty: '10100001',
      PurchaseOrderByCustomer: 'Service 2026',
      SalesContractValidityStartDate: '/Date(1767225600000)/',
      SalesContractValidityEndDate: '/Date(1798675200000)/',
    },
  ],
};
