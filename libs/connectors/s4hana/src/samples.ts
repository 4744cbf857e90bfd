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
