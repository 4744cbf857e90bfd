import {
  FAMILY,
  PRICE_LISTS,
  type Account,
  type AfterSales,
  type PriceList,
  type ServicePart,
  type StructureItem,
  type Tables,
} from '@quotebridge/sandbox/core';
import { copyRules, type StampTimes } from './copy-rules';
import { dayOf } from './odata/write';
import { STOCK, stockRow } from './rules/stock';
import {
  FIRST_DAY,
  LAST_DAY,
  puttingAt,
  putCondition,
  putCustomer,
  putMaterial,
  putSupplier,
  SALES_AREA,
  type Put,
} from './seed';

const DAY = 86_400_000;
/** So many days ago it begins, enough for the largest size. */
const SEEDED_DAYS = 1_500;
const PLANT = '1710';
/** Usage of a structure: 1 is how a machine is made, 4 is what is needed to maintain it. */
const USAGE = { making: '1', maintaining: '4' } as const;
/** One of so many parts has a discount schedule, one of so many a price of one customer. */
const SCHEDULE_EVERY = 10;
const CUSTOMER_PRICE_EVERY = 25;

type NextTime = () => number;

const bomKeys = (bom: string, material: string) => ({
  BillOfMaterial: bom,
  BillOfMaterialCategory: 'M',
  BillOfMaterialVariant: '1',
  BillOfMaterialVersion: '',
  EngineeringChangeDocument: '',
  Material: material,
  Plant: PLANT,
});

interface BomLine extends StructureItem {
  readonly name: string;
  readonly unit: string;
  readonly followUp?: string;
  readonly discontinued?: string;
  readonly isSparePart?: boolean;
}

const putBom = (
  put: Put,
  bom: string,
  material: { readonly number: string; readonly name: string },
  usage: string,
  lines: readonly BomLine[],
): void => {
  const keys = bomKeys(bom, material.number);
  put('MaterialBOM', {
    ...keys,
    BillOfMaterialVariantUsage: usage,
    BillOfMaterialStatus: '1',
    BOMHeaderText: material.name,
    BOMHeaderBaseUnit: 'PC',
    BOMHeaderQuantityInBaseUnit: '1',
    HeaderValidityStartDate: FIRST_DAY - 730 * DAY,
    HeaderValidityEndDate: LAST_DAY,
  });
  lines.forEach((line, index) =>
    put('MaterialBOMItem', {
      ...keys,
      BillOfMaterialItemNodeNumber: String(index + 1).padStart(8, '0'),
      HeaderChangeDocument: '',
      BillOfMaterialComponent: line.component,
      ComponentDescription: line.name.slice(0, 40),
      BillOfMaterialItemNumber: String((index + 1) * 10).padStart(4, '0'),
      BillOfMaterialItemCategory: 'L',
      BillOfMaterialItemQuantity: String(line.quantity),
      BillOfMaterialItemUnit: line.unit,
      FollowUpGroup: line.followUp ?? '',
      DiscontinuationGroup: line.discontinued ?? '',
      BOMItemIsSparePart: line.isSparePart === true ? 'X' : '',
      IsAssembly: line.isAssembly ? 'X' : '',
      ValidityStartDate: dayOf(line.from ?? FIRST_DAY - 730 * DAY),
      ValidityEndDate: line.to === undefined ? LAST_DAY : dayOf(line.to),
      _usage: usage,
    }),
  );
};

const maintenanceLines = (parts: readonly ServicePart[]): readonly BomLine[] => {
  const before = new Map(parts.flatMap((part) => part.successors.map((next) => [next, part] as const)));
  // A group of two signs for each replacement in the list, the same at the part that ends and at those that follow.
  const ended = parts.filter(({ successors }) => successors.length > 0);
  const groups = new Map(
    ended.map(({ number }, index) => [number, index.toString(36).padStart(2, '0').toUpperCase()]),
  );
  return parts.map((part): BomLine => {
    const old = before.get(part.number);
    return {
      component: part.number,
      name: part.name,
      unit: part.unit,
      quantity: 1,
      isAssembly: false,
      isSparePart: true,
      ...(old?.supersededAt === undefined
        ? {}
        : { from: old.supersededAt, followUp: groups.get(old.number) ?? '' }),
      ...(part.supersededAt === undefined
        ? {}
        : { to: part.supersededAt - DAY, discontinued: groups.get(part.number) ?? '' }),
    };
  });
};

const percentOf = (price: string, percent: number): string => ((Number(price) * percent) / 100).toFixed(2);

const putPrices = (
  put: Put,
  part: ServicePart,
  index: number,
  record: () => string,
  sites: readonly Account[],
): void => {
  const about = { material: part.number, unit: part.unit };
  putCondition(put, { ...about, record: record(), type: 'PPR0', rate: part.price });
  for (const [priceList, percent] of Object.entries(PRICE_LISTS) as [PriceList, number][])
    putCondition(put, {
      ...about,
      record: record(),
      type: 'PPR0',
      rate: percentOf(part.price, percent),
      priceList,
    });
  if (index % SCHEDULE_EVERY === 0)
    putCondition(put, {
      ...about,
      record: record(),
      type: 'DRG1',
      rate: '0.00',
      priceList: '03',
      scales: [
        { from: '10', price: '3.00' },
        { from: '50', price: '7.50' },
        { from: '200', price: '12.00' },
      ],
    });
  const site = sites[(index * 7) % Math.max(1, sites.length)];
  if (index % CUSTOMER_PRICE_EVERY === 0 && site !== undefined)
    putCondition(put, {
      ...about,
      record: record(),
      type: 'PPR0',
      rate: percentOf(part.price, 80),
      customer: site.number,
      from: Date.UTC(2025, 0, 1),
      to: LAST_DAY,
    });
};

const putAccount = (put: Put, account: Account, address: string, at: number): void => {
  putCustomer(put, account, address, at);
  const partners: readonly (readonly [string, string | undefined])[] = [
    ['AG', account.number],
    ['WE', account.shipTo],
    ['RE', account.billTo],
    ['RG', account.payer],
    ['1C', account.parent],
  ];
  partners.forEach(([PartnerFunction, partner]) => {
    if (partner === undefined) return;
    put('A_CustSalesPartnerFunc', {
      Customer: account.number,
      ...SALES_AREA,
      PartnerCounter: '0',
      PartnerFunction,
      BPCustomerNumber: partner,
      DefaultPartner: PartnerFunction === 'AG',
    });
  });
};

const putPeopleAndContracts = (put: Put, { people, contracts }: AfterSales, at: number): void => {
  for (const person of people)
    put('A_BusinessPartner', {
      BusinessPartner: person.number,
      BusinessPartnerCategory: '1',
      FirstName: person.firstName,
      LastName: person.lastName,
      BusinessPartnerFullName: `${person.firstName} ${person.lastName}`,
      BusinessPartnerName: `${person.firstName} ${person.lastName}`,
      SearchTerm1: person.company,
      CreationDate: dayOf(at),
    });
  for (const contract of contracts)
    put('A_SalesContract', {
      SalesContract: contract.number,
      SalesContractType: contract.type,
      SalesOrganization: SALES_AREA.SalesOrganization,
      DistributionChannel: SALES_AREA.DistributionChannel,
      OrganizationDivision: SALES_AREA.Division,
      SoldToParty: contract.customer,
      PurchaseOrderByCustomer: contract.name,
      SalesContractValidityStartDate: dayOf(contract.from),
      SalesContractValidityEndDate: dayOf(contract.to),
      CreationDate: dayOf(contract.from),
    });
};

const putStructures = (all: AfterSales, put: () => Put, bom: () => string): void => {
  const { models, assemblies, parts } = all;
  const known = new Map(
    [...models, ...assemblies, ...parts].map((one) => [
      one.number,
      { name: one.name, unit: 'unit' in one ? one.unit : 'PC' },
    ]),
  );
  // Parts stand in the order of their families.
  const familyAt = (family: number) => parts.slice(family * FAMILY, (family + 1) * FAMILY);
  for (const made of [...assemblies, ...models])
    putBom(
      put(),
      bom(),
      made,
      USAGE.making,
      made.items.map((item) => ({ ...item, name: '', unit: 'PC', ...known.get(item.component) })),
    );
  for (const model of models)
    putBom(put(), bom(), model, USAGE.maintaining, maintenanceLines(model.families.flatMap(familyAt)));
};

/**
 * Adds the after-sales business to the S/4HANA tables: machines with their structures and spare parts lists, parts with
 * prices, customers with their hierarchy, suppliers, contracts and installed machines. Changed a minute apart, years before
 * `seededAt`. Tells when the first and the last of them were changed.
 */
const seedBlock = (all: AfterSales, tables: Tables, seededAt: number): StampTimes => {
  const start = seededAt - SEEDED_DAYS * DAY;
  let at = start;
  const nextTime: NextTime = () => (at += 60_000);
  const put = (): Put => puttingAt(tables)(nextTime());
  const record = (): string => String(tables.next('afterSalesCondition', 5_000_001)).padStart(10, '0');
  const bom = (): string => String(tables.next('bom', 1)).padStart(8, '0');
  const sites = all.accounts.filter(({ level }) => level === 'site');
  for (const model of all.models) {
    putMaterial(put(), { ...model, type: 'FERT', group: 'MACH', unit: 'PC', weight: '12000' }, at);
    putCondition(put(), {
      record: record(),
      type: 'PPR0',
      material: model.number,
      unit: 'PC',
      rate: model.price,
    });
  }
  for (const assembly of all.assemblies)
    putMaterial(put(), { ...assembly, type: 'HALB', group: 'ASSY', unit: 'PC', weight: '' }, at);
  all.parts.forEach((part, index) => {
    putMaterial(put(), { ...part, type: 'ERSA', ...(part.isObsolete ? { status: 'OB' } : {}) }, at);
    putPrices(put(), part, index, record, sites);
    tables.put(STOCK, part.number, stockRow(part.number, part.isObsolete ? 0 : part.stock));
  });
  putStructures(all, put, bom);
  for (const account of all.accounts) putAccount(put(), account, String(tables.next('address', 90_000)), at);
  for (const supplier of all.suppliers) putSupplier(put(), supplier, at);
  all.parts.forEach((part, index) => {
    const number = String(5_300_000_001 + index);
    const supplier = all.suppliers[part.supplier]?.number ?? '';
    const insert = put();
    insert('A_PurchasingInfoRecord', {
      PurchasingInfoRecord: number,
      Supplier: supplier,
      Material: part.number,
      BaseUnit: part.unit,
      SupplierMaterialNumber: `S${supplier.slice(-3)}-${part.number.slice(3)}`,
    });
    insert('A_PurgInfoRecdOrgPlantData', {
      PurchasingInfoRecord: number,
      PurchasingInfoRecordCategory: '0',
      PurchasingOrganization: '1710',
      Plant: PLANT,
      Currency: 'EUR',
      NetPriceAmount: part.cost,
      MaterialPriceUnitQty: '1',
      MaterialPlannedDeliveryDurn: String(3 + (index % 25)),
    });
  });
  putPeopleAndContracts(put(), all, at);
  for (const machine of all.equipment) {
    const insert = put();
    insert('Equipment', {
      Equipment: machine.number,
      ValidityEndDate: LAST_DAY,
      ValidityStartDate: dayOf(machine.startedAt),
      EquipmentName: machine.name,
      EquipmentCategory: 'S',
      TechnicalObjectType: 'MACHINE',
      ManufacturerSerialNumber: machine.serial,
      SerialNumber: machine.serial,
      Material: machine.model,
      MaintenancePlant: PLANT,
      OperationStartDate: dayOf(machine.startedAt),
      CreationDate: dayOf(machine.startedAt),
    });
    insert('EquipmentPartner', {
      Equipment: machine.number,
      PartnerFunction: 'AG',
      EquipmentPartnerObjectNmbr: '000001',
      Partner: machine.customer,
      CreationDate: dayOf(machine.startedAt),
    });
  }
  return { first: start, last: at, end: seededAt };
};

/** Adds the after-sales business, and so many blocks of copies of it. */
export const seedAfterSales = (all: AfterSales, blocks: number, tables: Tables, seededAt: number): void =>
  tables.copy(blocks, () => copyRules(seedBlock(all, tables, seededAt)));
