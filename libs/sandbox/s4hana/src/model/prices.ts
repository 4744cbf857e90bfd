import { fields, many, one, type ServiceModel } from './entity';

/** API_SLSPRICINGCONDITIONRECORD_SRV: sales prices as condition records with validity periods and scales. */
export const PRICES: ServiceModel = {
  name: 'API_SLSPRICINGCONDITIONRECORD_SRV',
  sets: [
    {
      set: 'A_SlsPrcgConditionRecord',
      keys: ['ConditionRecord'],
      fields: fields({
        String:
          'ConditionRecord ConditionSequentialNumber ConditionTable ConditionApplication ConditionType PricingScaleType PricingScaleBasis ConditionScaleQuantityUnit ConditionCalculationType ConditionRateValueUnit ConditionCurrency ConditionQuantityUnit ETag',
        Decimal: 'ConditionScaleQuantity ConditionRateValue ConditionQuantity',
        DateTime: 'ConditionValidityStartDate ConditionValidityEndDate CreationDate',
        Boolean: 'ConditionIsDeleted',
        DateTimeOffset: 'LastChangeDateTime',
      }),
      navs: {
        to_SlsPrcgCndnRecdValidity: many('A_SlsPrcgCndnRecdValidity', 'ConditionRecord'),
        to_SlsPrcgCndnRecordScale: many('A_SlsPrcgCndnRecordScale', 'ConditionRecord'),
      },
      etag: 'ETag',
      changedAt: 'LastChangeDateTime',
      writable: ['create', 'update', 'delete'],
      number: (tables) => ({
        ConditionRecord: String(tables.next('conditionRecord', 1)).padStart(10, '0'),
        ConditionSequentialNumber: '01',
      }),
    },
    {
      set: 'A_SlsPrcgCndnRecdValidity',
      keys: ['ConditionRecord', 'ConditionValidityEndDate'],
      fields: fields({
        String:
          'ConditionRecord ConditionType ConditionApplication SalesOrganization DistributionChannel Division Customer Material MaterialGroup CustomerPriceGroup PriceListType ETag',
        DateTime: 'ConditionValidityEndDate ConditionValidityStartDate',
      }),
      navs: { to_SlsPrcgConditionRecord: one('A_SlsPrcgConditionRecord', 'ConditionRecord') },
      etag: 'ETag',
      writable: ['create', 'update'],
    },
    {
      set: 'A_SlsPrcgCndnRecordScale',
      keys: ['ConditionRecord', 'ConditionSequentialNumber', 'ConditionScaleLine'],
      fields: fields({
        String:
          'ConditionRecord ConditionSequentialNumber ConditionScaleLine ConditionScaleQuantityUnit ConditionRateValueUnit ConditionCurrency ETag',
        Decimal: 'ConditionScaleQuantity ConditionRateValue',
      }),
      navs: {},
      etag: 'ETag',
      writable: ['create', 'update', 'delete'],
    },
  ],
};
