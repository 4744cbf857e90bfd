import { fields, many, one, type ServiceModel } from './entity';

/** API_SALES_ORDER_SRV: sales orders with items, partners, prices and schedule lines. */
export const SALES_ORDERS: ServiceModel = {
  name: 'API_SALES_ORDER_SRV',
  sets: [
    {
      set: 'A_SalesOrder',
      keys: ['SalesOrder'],
      fields: fields({
        String:
          'SalesOrder SalesOrderType SalesOrganization DistributionChannel OrganizationDivision SoldToParty TransactionCurrency PurchaseOrderByCustomer ExternalDocumentID SenderBusinessSystemName IncotermsClassification CustomerPaymentTerms CreatedByUser DeliveryBlockReason HeaderBillingBlockReason OverallSDProcessStatus OverallDeliveryStatus OverallTotalDeliveryStatus OverallOrdReltdBillgStatus OverallSDDocumentRejectionSts TotalCreditCheckStatus SalesDocApprovalStatus',
        Decimal: 'TotalNetAmount',
        DateTime: 'SalesOrderDate PricingDate RequestedDeliveryDate CreationDate LastChangeDate',
        DateTimeOffset: 'LastChangeDateTime',
      }),
      navs: {
        to_Item: many('A_SalesOrderItem', 'SalesOrder'),
        to_Partner: many('A_SalesOrderHeaderPartner', 'SalesOrder'),
        to_Text: many('A_SalesOrderText', 'SalesOrder'),
      },
      etag: 'LastChangeDateTime',
      changedAt: 'LastChangeDateTime',
      writable: ['create', 'update', 'delete'],
    },
    {
      set: 'A_SalesOrderItem',
      keys: ['SalesOrder', 'SalesOrderItem'],
      fields: fields({
        String:
          'SalesOrder SalesOrderItem HigherLevelItem SalesOrderItemCategory SalesOrderItemText PurchaseOrderByCustomer Material MaterialByCustomer RequestedQuantityUnit ProductionPlant TransactionCurrency SalesDocumentRjcnReason SDProcessStatus DeliveryStatus OrderRelatedBillingStatus',
        Decimal: 'RequestedQuantity ConfdDelivQtyInOrderQtyUnit NetAmount',
      }),
      navs: {
        to_SalesOrder: one('A_SalesOrder', 'SalesOrder'),
        to_PricingElement: many('A_SalesOrderItemPrElement', 'SalesOrder SalesOrderItem'),
        to_ScheduleLine: many('A_SalesOrderScheduleLine', 'SalesOrder SalesOrderItem'),
      },
      etag: '_changed',
      writable: ['create', 'update'],
    },
    {
      set: 'A_SalesOrderItemPrElement',
      keys: ['SalesOrder', 'SalesOrderItem', 'PricingProcedureStep', 'PricingProcedureCounter'],
      fields: fields({
        String:
          'SalesOrder SalesOrderItem PricingProcedureStep PricingProcedureCounter ConditionType ConditionCalculationType ConditionCurrency ConditionQuantityUnit TransactionCurrency ConditionOrigin ConditionRecord',
        Decimal: 'ConditionRateValue ConditionQuantity ConditionAmount ConditionBaseValue',
        Boolean: 'ConditionIsManuallyChanged',
      }),
      navs: {},
      writable: [],
    },
    {
      set: 'A_SalesOrderScheduleLine',
      keys: ['SalesOrder', 'SalesOrderItem', 'ScheduleLine'],
      fields: fields({
        String: 'SalesOrder SalesOrderItem ScheduleLine OrderQuantityUnit',
        Decimal: 'ScheduleLineOrderQuantity ConfdOrderQtyByMatlAvailCheck DeliveredQtyInOrderQtyUnit',
        DateTime: 'RequestedDeliveryDate ConfirmedDeliveryDate',
      }),
      navs: {},
      writable: [],
    },
    {
      set: 'A_SalesOrderHeaderPartner',
      keys: ['SalesOrder', 'PartnerFunction'],
      fields: fields({ String: 'SalesOrder PartnerFunction Customer Supplier ContactPerson' }),
      navs: {},
      writable: [],
    },
    {
      set: 'A_SalesOrderText',
      keys: ['SalesOrder', 'Language', 'LongTextID'],
      fields: fields({ String: 'SalesOrder Language LongTextID LongText' }),
      navs: {},
      writable: ['create', 'update', 'delete'],
    },
  ],
};
