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
