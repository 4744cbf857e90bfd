import type { Business, Customer, Material, Row, Tables } from '@quotebridge/sandbox/core';
import { BOMS } from './model/boms';
import { BUSINESS_PARTNERS } from './model/business-partners';
import { CONTRACTS } from './model/contracts';
import { rowKey, type EntitySet } from './model/entity';
import { EQUIPMENT } from './model/equipment';
import { PRICES } from './model/prices';
import { PRODUCTS } from './model/products';
import { PURCHASING } from './model/purchasing';
import { dayOf, stamped } from './odata/write';
import { STOCK, stockRow } from './rules/stock';

/** The one sales area of the made-up company. */
export const SALES_AREA = { SalesOrganization: '1710', DistributionChannel: '10', Division: '00' };

/** First day of everything that has always been. */
export const FIRST_DAY = Date.UTC(2020, 0, 1);
/** The last day that the vendor knows. */
export const LAST_DAY = Date.UTC(9999, 11, 31);

/** The sets of the master data by name. */
export const SETS: ReadonlyMap<string, EntitySet> = new Map<string, EntitySet>(
  [PRODUCTS, BUSINESS_PARTNERS, PRICES, BOMS, EQUIPMENT, CONTRACTS, PURCHASING]
    .flatMap((service) => service.sets)
    .map((set) => [set.set, set]),
);

/** Puts a row into a set. */
export type Put = (set: string, row: Row) => void;

/** Puts rows that were last changed at that time. */
export const puttingAt =
  (tables: Tables) =>
  (at: number): Put =>
  (name, row) => {
    const set = SETS.get(name);
    if (set === undefined) throw new Error(`The model lacks ${name}.`);
    tables.put(name, rowKey(set, row), stamped(set, row, at));
  };

/** A material with its texts, its sales area and its plant. */
export const putMaterial = (
  put: Put,
  material: Pick<Material, 'number' | 'name' | 'nameDe' | 'group' | 'weight'> & {
    readonly type: string;
    readonly unit: string;
    readonly status?: string;
  },
  at: number,
): void => {
  const Product = material.number;
  put('A_Product', {
    Product,
    ProductType: material.type,
    ProductGroup: material.group,
    BaseUnit: material.unit,
    CrossPlantStatus: material.status ?? '',
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

/** A condition record: a price or a discount for everybody, a price list or one customer. */
export interface Condition {
  readonly record: string;
  readonly type: 'PPR0' | 'DRG1';
  readonly material: string;
  readonly unit: string;
  /** EUR, or percent of a discount. */
  readonly rate: string;
  readonly customer?: string;
  readonly priceList?: string;
  /** From which quantity which rate holds. */
  readonly scales?: readonly { readonly from: string; readonly price: string }[];
  readonly from?: number;
  readonly to?: number;
}

/** The condition table by the key of a record. */
const tableOf = ({ customer, priceList }: Condition): string =>
  customer !== undefined ? '305' : priceList !== undefined ? '306' : '304';

/** Puts a condition record with its key and its scale. */
export const putCondition = (put: Put, condition: Condition): void => {
  const { record, type, unit, rate, scales = [], customer = '', priceList = '' } = condition;
  const validity = {
    ConditionValidityStartDate: condition.from ?? FIRST_DAY,
    ConditionValidityEndDate: condition.to ?? LAST_DAY,
  };
  const isPercent = type === 'DRG1';
  const units = {
    ConditionRateValueUnit: isPercent ? '%' : 'EUR',
    ConditionCurrency: isPercent ? '' : 'EUR',
  };
  put('A_SlsPrcgConditionRecord', {
    ConditionRecord: record,
    ConditionSequentialNumber: '01',
    ConditionTable: tableOf(condition),
    ConditionApplication: 'V',
    ConditionType: type,
    PricingScaleType: scales.length > 0 ? 'A' : '',
    PricingScaleBasis: scales.length > 0 ? 'C' : '',
    ConditionScaleQuantityUnit: scales.length > 0 ? unit : '',
    ConditionCalculationType: isPercent ? 'A' : 'C',
    ConditionRateValue: rate,
    ...units,
    ConditionQuantity: isPercent ? '0' : '1',
    ConditionQuantityUnit: isPercent ? '' : unit,
    ...validity,
  });
  put('A_SlsPrcgCndnRecdValidity', {
    ConditionRecord: record,
    ConditionType: type,
    ConditionApplication: 'V',
    ...SALES_AREA,
    Customer: customer,
    PriceListType: priceList,
    Material: condition.material,
    ...validity,
  });
  const lines = scales.length > 0 && !isPercent ? [{ from: '1', price: rate }, ...scales] : scales;
  lines.forEach((scale, index) =>
    put('A_SlsPrcgCndnRecordScale', {
      ConditionRecord: record,
      ConditionSequentialNumber: '01',
      ConditionScaleLine: String(index + 1).padStart(4, '0'),
      ConditionScaleQuantity: scale.from,
      ConditionScaleQuantityUnit: unit,
      ConditionRateValue: scale.price,
      ...units,
    }),
  );
};

const priceOf = (record: string, { number, unit, price, scales }: Material): Condition => ({
  record,
  type: 'PPR0',
  material: number,
  unit,
  rate: price,
  scales,
});

/** An organization that buys, with its sales area and its address. */
export const putCustomer = (
  put: Put,
  customer: Omit<Customer, 'website'> & { readonly priceList?: string },
  address: string,
  at: number,
): void => {
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
    PriceListType: customer.priceList ?? '',
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

/** An organization that we buy from. */
export const putSupplier = (
  put: Put,
  { number, name }: { readonly number: string; readonly name: string },
  at: number,
): void => {
  put('A_BusinessPartner', {
    BusinessPartner: number,
    Supplier: number,
    BusinessPartnerCategory: '2',
    BusinessPartnerFullName: name,
    BusinessPartnerName: name,
    OrganizationBPName1: name,
    CreationDate: dayOf(at),
  });
  put('A_Supplier', { Supplier: number, SupplierName: name, SupplierFullName: name });
};

/** Fills the S/4HANA tables from the made-up business; rows were last changed one second apart before `seededAt`. */
export const seedS4 = (business: Business, tables: Tables, seededAt: number): void => {
  const total = business.materials.length + business.customers.length;
  const putAt = puttingAt(tables);
  const nextRecord = (): string => String(tables.next('conditionRecord', 1)).padStart(10, '0');
  business.materials.forEach((material, index) => {
    const at = seededAt - (total - index) * 1000;
    putMaterial(putAt(at), material, at);
    putCondition(putAt(at), priceOf(nextRecord(), material));
    // Services are not kept in stock; the rest is, more of what is cheap.
    if (material.type === 'ERSA')
      tables.put(
        STOCK,
        material.number,
        stockRow(material.number, Math.max(1, Math.round(20_000 / Number(material.price)))),
      );
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
    putCondition(putAt(seededAt), {
      ...priceOf(nextRecord(), { ...part, price: '396.00', scales: [] }),
      customer: customer.number,
    });
  putSupplier(putAt(seededAt), { number: '10300001', name: 'Hydraulik Nord Komponenten GmbH' }, seededAt);
};
