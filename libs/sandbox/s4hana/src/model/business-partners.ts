import type { Tables } from '@quotebridge/sandbox/core';
import { fields, many, one, type ServiceModel } from './entity';

const addressPart = (set: string, names: string, flag: string): ServiceModel['sets'][number] => ({
  set,
  keys: ['AddressID', 'Person', 'OrdinalNumber'],
  fields: fields({ String: `AddressID Person OrdinalNumber ${names}`, Boolean: flag }),
  navs: {},
  writable: ['create', 'update', 'delete'],
});

const newPartner = (tables: Tables): { BusinessPartner: string } => ({
  BusinessPartner: String(tables.next('businessPartner', 10200001)),
});

/** API_BUSINESS_PARTNER: partners, their roles as customer and supplier, addresses. */
export const BUSINESS_PARTNERS: ServiceModel = {
  name: 'API_BUSINESS_PARTNER',
  sets: [
    {
      set: 'A_BusinessPartner',
      keys: ['BusinessPartner'],
      fields: fields({
        String:
          'BusinessPartner Customer Supplier BusinessPartnerCategory BusinessPartnerFullName BusinessPartnerName FirstName LastName OrganizationBPName1 OrganizationBPName2 SearchTerm1 Language ETag',
        Boolean: 'BusinessPartnerIsBlocked IsMarkedForArchiving',
        // Only a date and a time, no DateTimeOffset: a reader has to filter by date and compare the time itself.
        DateTime: 'CreationDate LastChangeDate',
        Time: 'LastChangeTime',
      }),
      navs: {
        to_BusinessPartnerAddress: many('A_BusinessPartnerAddress', 'BusinessPartner'),
        to_Customer: one('A_Customer', 'Customer'),
        to_Supplier: one('A_Supplier', 'Supplier'),
      },
      writable: ['create', 'update'],
      number: newPartner,
    },
    {
      set: 'A_Customer',
      keys: ['Customer'],
      fields: fields({
        String: 'Customer CustomerName CustomerFullName CustomerAccountGroup Industry VATRegistration',
        Boolean: 'OrderIsBlockedForCustomer DeletionIndicator',
        DateTime: 'CreationDate',
      }),
      navs: {
        to_CustomerSalesArea: many('A_CustomerSalesArea', 'Customer'),
        to_PartnerFunction: many('A_CustSalesPartnerFunc', 'Customer'),
      },
      writable: ['update'],
    },
    {
      set: 'A_CustomerSalesArea',
      keys: ['Customer', 'SalesOrganization', 'DistributionChannel', 'Division'],
      fields: fields({
        String:
          'Customer SalesOrganization DistributionChannel Division Currency CustomerPriceGroup PriceListType CustomerPaymentTerms IncotermsClassification ShippingCondition',
      }),
      navs: {},
      writable: ['update'],
    },
    {
      set: 'A_CustSalesPartnerFunc',
      keys: [
        'Customer',
        'SalesOrganization',
        'DistributionChannel',
        'Division',
        'PartnerCounter',
        'PartnerFunction',
      ],
      fields: fields({
        String:
          'Customer SalesOrganization DistributionChannel Division PartnerCounter PartnerFunction BPCustomerNumber',
        Boolean: 'DefaultPartner',
      }),
      navs: {},
      writable: ['create', 'update', 'delete'],
    },
    {
      set: 'A_Supplier',
      keys: ['Supplier'],
      fields: fields({ String: 'Supplier SupplierName SupplierFullName', Boolean: 'PurchasingIsBlocked' }),
      navs: {},
      writable: ['update'],
    },
    {
      set: 'A_BusinessPartnerAddress',
      keys: ['BusinessPartner', 'AddressID'],
      fields: fields({
        String:
          'BusinessPartner AddressID StreetName HouseNumber PostalCode CityName Region Country Language FullName',
        DateTimeOffset: 'ValidityStartDate ValidityEndDate',
      }),
      navs: {
        to_EmailAddress: many('A_AddressEmailAddress', 'AddressID'),
        to_PhoneNumber: many('A_AddressPhoneNumber', 'AddressID'),
      },
      writable: ['create', 'update', 'delete'],
      number: (tables) => ({ AddressID: String(tables.next('address', 90000)) }),
    },
    addressPart('A_AddressEmailAddress', 'EmailAddress', 'IsDefaultEmailAddress'),
    addressPart(
      'A_AddressPhoneNumber',
      'PhoneNumber InternationalPhoneNumber PhoneNumberType',
      'IsDefaultPhoneNumber',
    ),
  ],
};
