import type { Business, Customer, Material, Row, Tables } from '@quotebridge/sandbox/core';
import { BUSINESS_PARTNERS } from './model/business-partners';
import { rowKey, type EntitySet } from './model/entity';
import { PRICES } from './model/prices';
import { PRODUCTS } from './model/products';
import { dayOf, stamped } from './odata/write';

/** The one sales area of the made-up company. */
export const SALES_AREA = { SalesOrganization: '1710', DistributionChannel: '10', Division: '00' };

const FIRST_DAY = Date.UTC(2020, 0, 1);
const LAST_DAY = Date.UTC(9999, 11, 31);

const SETS = new Map<string, EntitySet>(
  [PRODUCTS, BUSINESS_PARTNERS, PRICES].flatMap((service) => service.sets).map((set) => [set.set, set]),
);

type Put = (set: string, row: Row) => void;

const putMaterial = (put: Put, material: Material, at: number): void => {
  const Product = material.number;
  put('A_Product', {
    Product,
    ProductType: material.type,
    ProductGroup: material.group,
    BaseUnit: material.unit,
    Division: SALES_AREA.Division,
    ItemCategoryGroup: material.type === 'DIEN' ? 'LEIS' : 'NORM',
    ProductHierarchy: `QB${material.group}`,
    GrossWeight: material.weight === '' ? '0' : material.weight,
    WeightUnit: material.weight === '' ? '' : 'KG',
    CreatedByUser: 'SETUP',
    CreationDate: dayOf(at),
  });
  put('A_ProductDescription', { Product, Language: 'EN', ProductDescription: material.name });
  put('A_ProductDescription', { Product, Language: 'DE', ProductDescription: material.nameDe });
  put('A_ProductSalesDelivery', {
    Product,
    ProductSalesOrg: SALES_AREA.SalesOrganization,
    ProductDistributionChnl: SALES_AREA.DistributionChannel,
    SalesMeasureUnit: material.unit,
    SupplyingPlant: '1710',
    MinimumOrderQuantity: '1',
  });
  put('A_ProductPlant', { Product, Plant: '1710', CountryOfOrigin: 'DE', AvailabilityCheckType: 'SR' });
};

const putPrice = (put: Put, record: string, material: Material, customer: string, rate: string): void => {
  const validity = { ConditionValidityStartDate: FIRST_DAY, ConditionValidityEndDate: LAST_DAY };
  const scaled = customer === '' && material.scales.length > 0;
  put('A_SlsPrcgConditionRecord', {
    ConditionRecord: record,
    ConditionSequentialNumber: '01',
    ConditionTable: customer === '' ? '304' : '305',
    ConditionApplication: 'V',
    ConditionType: 'PPR0',
    PricingScaleType: scaled ? 'A' : '',
    PricingScaleBasis: scaled ? 'C' : '',
    ConditionScaleQuantityUnit: scaled ? material.unit : '',
    ConditionCalculationType: 'C',
    ConditionRateValue: rate,
    ConditionRateValueUnit: 'EUR',
    ConditionCurrency: 'EUR',
    ConditionQuantity: '1',
    ConditionQuantityUnit: material.unit,
    ...validity,
  });
  put('A_SlsPrcgCndnRecdValidity', {
    ConditionRecord: record,
    ConditionType: 'PPR0',
    ConditionApplication: 'V',
    ...SALES_AREA,
    Customer: customer,
    Material: material.number,
    ...validity,
  });
  const lines = scaled ? [{ from: '1', price: rate }, ...material.scales] : [];
  lines.forEach((scale, index) =>
    put('A_SlsPrcgCndnRecordScale', {
      ConditionRecord: record,
      ConditionSequentialNumber: '01',
      ConditionScaleLine: String(index + 1).padStart(4, '0'),
      ConditionScaleQuantity: scale.from,
      ConditionScaleQuantityUnit: material.unit,
      ConditionRateValue: scale.price,
      ConditionRateValueUnit: 'EUR',
      ConditionCurrency: 'EUR',
    }),
  );
};

const putCustomer = (put: Put, customer: Customer, address: string, at: number): void => {
  const number = customer.number;
  put('A_BusinessPartner', {
    BusinessPartner: number,
    Customer: number,
    BusinessPartnerCategory: '2',
    BusinessPartnerFullName: customer.name,
    BusinessPartnerName: customer.name,
    OrganizationBPName1: customer.name,
    SearchTerm1: customer.city.toUpperCase().slice(0, 20),
    Language: 'EN',
    CreationDate: dayOf(at),
  });
  put('A_Customer', {
    Customer: number,
    CustomerName: customer.name,
    CustomerFullName: customer.name,
    CreationDate: dayOf(at),
  });
  put('A_CustomerSalesArea', {
    Customer: number,
    ...SALES_AREA,
    Currency: 'EUR',
    CustomerPaymentTerms: '0004',
    IncotermsClassification: 'EXW',
    ShippingCondition: '01',
  });
  put('A_BusinessPartnerAddress', {
    BusinessPartner: number,
    AddressID: address,
    StreetName: customer.street,
    HouseNumber: customer.houseNumber,
    PostalCode: customer.postalCode,
    CityName: customer.city,
    Country: customer.country,
    Language: 'EN',
    ValidityStartDate: FIRST_DAY,
    ValidityEndDate: LAST_DAY,
  });
  const part = { AddressID: address, Person: '', OrdinalNumber: '1' };
  put('A_AddressEmailAddress', { ...part, EmailAddress: customer.email, IsDefaultEmailAddress: true });
  put('A_AddressPhoneNumber', {
    ...part,
    PhoneNumber: customer.phone,
    InternationalPhoneNumber: customer.phone.replace(/ /g, ''),
    IsDefaultPhoneNumber: true,
  });
};

const putSupplier = (put: Put, at: number): void => {
  const name = 'Hydraulik Nord Komponenten GmbH';
  put('A_BusinessPartner', {
    BusinessPartner: '10300001',
    Supplier: '10300001',
    BusinessPartnerCategory: '2',
    BusinessPartnerFullName: name,
    BusinessPartnerName: name,
    OrganizationBPName1: name,
    CreationDate: dayOf(at),
  });
  put('A_Supplier', { Supplier: '10300001', SupplierName: name, SupplierFullName: name });
};

/** Fills the S/4HANA tables from the made-up business; rows were last changed one second apart before `seededAt`. */
export const seedS4 = (business: Business, tables: Tables, seededAt: number): void => {
  const total = business.materials.length + business.customers.length;
  const putAt =
    (at: number): Put =>
    (name, row) => {
      const set = SETS.get(name);
      if (set === undefined) throw new Error(`The model lacks ${name}.`);
      tables.put(name, rowKey(set, row), stamped(set, row, at));
    };
  const nextRecord = (): string => String(tables.next('conditionRecord', 1)).padStart(10, '0');
  business.materials.forEach((material, index) => {
    const at = seededAt - (total - index) * 1000;
    putMaterial(putAt(at), material, at);
    putPrice(putAt(at), nextRecord(), material, '', material.price);
  });
  business.customers.forEach((customer, index) => {
    const at = seededAt - (business.customers.length - index) * 1000;
    putCustomer(putAt(at), customer, String(tables.next('address', 90000)), at);
  });
  // One customer has an own price for one part, so that the search order of prices can be seen.
  const [part, customer] = [
    business.materials.find((one) => one.number === 'SP-1003'),
    business.customers[2],
  ];
  if (part !== undefined && customer !== undefined)
    putPrice(putAt(seededAt), nextRecord(), part, customer.number, '396.00');
  putSupplier(putAt(seededAt), seededAt);
};
