import type { JsonObject } from '@quotebridge/platform/core';

const CHANGED = { IsDeleted: false, SystemModstamp: '2026-01-01T00:00:00.000+0000' };

/** A made-up opportunity with what the queries of both its streams ask for. */
export const OPPORTUNITY_SAMPLE: JsonObject = {
  Id: '006000000000001AAA',
  Name: 'Overhaul of a press',
  Type: 'Existing Business',
  StageName: 'Negotiation/Review',
  IsClosed: false,
  IsWon: false,
  Amount: 4960,
  CurrencyIsoCode: 'EUR',
  CloseDate: '2026-12-31',
  CreatedDate: '2025-12-01T00:00:00.000+0000',
  AccountId: '001000000000001AAA',
  Account: { Id: '001000000000001AAA', Name: 'Nordhafen', AccountNumber: '10100001' },
  OpportunityLineItems: {
    records: [
      {
        Id: '00k000000000001AAA',
        Quantity: 2,
        UnitPrice: 2480,
        TotalPrice: 4960,
        Discount: 0,
        Product2: { ProductCode: 'SP-1001', Name: 'Axial piston pump' },
      },
    ],
  },
  ...CHANGED,
};

/** A made-up account. */
export const ACCOUNT_SAMPLE: JsonObject = {
  Id: '001000000000002AAA',
  Name: 'Nordhafen Shipyard',
  ParentId: '001000000000001AAA',
  Phone: '+49 40 1234',
  BillingStreet: 'Kai 1\nGate 4',
  BillingCity: 'Hamburg',
  BillingPostalCode: '20457',
  BillingState: null,
  BillingCountry: 'DE',
  ShippingStreet: 'Dock 7',
  ShippingCity: 'Hamburg',
  ShippingPostalCode: '20457',
  ShippingState: null,
  ShippingCountry: 'DE',
  AccountNumber: '10100002',
  ...CHANGED,
};

/** A made-up contact. */
export const CONTACT_SAMPLE: JsonObject = {
  Id: '003000000000001AAA',
  FirstName: 'Ada',
  LastName: 'Lind',
  Name: 'Ada Lind',
  Email: 'ada.lind@nordhafen.example',
  Phone: null,
  AccountId: '001000000000002AAA',
  Account: { Name: 'Nordhafen Shipyard' },
  ...CHANGED,
};

/** A made-up product. */
export const PRODUCT_SAMPLE: JsonObject = {
  Id: '01t000000000001AAA',
  ProductCode: 'SP-1001',
  Name: 'Axial piston pump',
  Description: null,
  Family: 'HYDR',
  IsActive: true,
  ...CHANGED,
};

/** A made-up entry of a price book. */
export const PRICE_SAMPLE: JsonObject = {
  Id: '01u000000000001AAA',
  UnitPrice: 2480.5,
  CurrencyIsoCode: 'EUR',
  IsActive: true,
  Pricebook2: { Name: 'Key Accounts', IsActive: true },
  Product2Id: '01t000000000001AAA',
  Product2: { ProductCode: 'SP-1001' },
  ...CHANGED,
};

/** A made-up order. */
export const ORDER_SAMPLE: JsonObject = {
  Id: '801000000000001AAA',
  Name: 'Spare parts for press 4',
  Status: 'Activated',
  Description: null,
  PoNumber: 'PO-17',
  CurrencyIsoCode: 'EUR',
  EffectiveDate: '2026-12-01',
  ActivatedDate: '2999-01-01T00:00:00.000+0000',
  CreatedDate: '2026-11-30T00:00:00.000+0000',
  Account: { Id: '001000000000002AAA', Name: 'Nordhafen Shipyard', AccountNumber: '10100002' },
  OrderItems: {
    records: [
      {
        Id: '802000000000001AAA',
        Quantity: 2,
        UnitPrice: 2480.5,
        TotalPrice: 4961,
        Description: null,
        Product2: { ProductCode: 'SP-1001', Name: 'Axial piston pump' },
      },
    ],
  },
  ...CHANGED,
};
