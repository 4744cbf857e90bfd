import {
  insertedAt,
  MOST_AFTER_SALES,
  movedEmail,
  movedMaterial,
  movedName,
  movedPartner,
  movedPhone,
  movesOf,
  numberedBy,
  orderedMove,
  plainMove,
  type CopyRules,
  type Move,
  type SeededTimes,
} from '@quotebridge/sandbox/core';
import { dayOf, timeOf } from './odata/write';
import { STOCK } from './rules/stock';
import { SETS } from './seed';

/** When the rows that are copied were changed, and the moment that everything is older than, milliseconds. */
export interface StampTimes extends SeededTimes {
  readonly end: number;
}

const COPIED = [
  'A_Product',
  'A_ProductDescription',
  'A_ProductSalesDelivery',
  'A_ProductPlant',
  'A_SlsPrcgConditionRecord',
  'A_SlsPrcgCndnRecdValidity',
  'A_SlsPrcgCndnRecordScale',
  'MaterialBOM',
  'MaterialBOMItem',
  'A_BusinessPartner',
  'A_Customer',
  'A_CustomerSalesArea',
  'A_CustSalesPartnerFunc',
  'A_Supplier',
  'A_BusinessPartnerAddress',
  'A_AddressEmailAddress',
  'A_AddressPhoneNumber',
  'A_PurchasingInfoRecord',
  'A_PurgInfoRecdOrgPlantData',
  'A_SalesContract',
  'Equipment',
  'EquipmentPartner',
];

const numbered = (step: number, from = 0): Move => orderedMove(numberedBy(/\d+$/, step, from));

const stampMoves = ({ first, last, end }: StampTimes): Readonly<Record<string, Move>> => {
  // Copies were changed after the rows that they are of and before now, one block after the other.
  const span = Math.floor((end - last) / MOST_AFTER_SALES);
  const scale = span / (last - first + 60_000);
  const moment = (value: string | number, block: number): number =>
    Number(value) > last || Number(value) < first
      ? Number(value)
      : Math.round(last + (block - 1) * span + 60_000 + (Number(value) - first) * scale);
  const changed = (row: { readonly _changed?: unknown }, block: number): number =>
    moment(Number(row._changed), block);
  return {
    LastChangeDateTime: orderedMove(moment),
    _changed: plainMove(moment),
    ETag: plainMove((value, block) => String(moment(value, block))),
    LastChangeDate: orderedMove((_value, block, row) => dayOf(changed(row, block))),
    LastChangeTime: plainMove((_value, block, row) => timeOf(changed(row, block))),
  };
};

/** How the after-sales business differs from block to block. */
export const copyRules = (times: StampTimes): CopyRules => ({
  keys: {
    ...Object.fromEntries(COPIED.map((one) => [one, SETS.get(one)?.keys ?? []])),
    [STOCK]: ['material'],
  },
  moves: {
    ...movesOf('Product Material BillOfMaterialComponent material', orderedMove(movedMaterial)),
    ...movesOf(
      'BusinessPartner Customer Supplier SoldToParty BPCustomerNumber Partner',
      orderedMove(movedPartner),
    ),
    SearchTerm1: plainMove(movedPartner),
    ConditionRecord: numbered(10_000),
    BillOfMaterial: numbered(1_000),
    // Above the numbers that the system gives next.
    AddressID: numbered(1_000, 1_000_000),
    PurchasingInfoRecord: numbered(10_000),
    SalesContract: numbered(1_000),
    Equipment: numbered(1_000),
    ...movesOf('SerialNumber ManufacturerSerialNumber', numbered(1_000, 1_000_000)),
    SupplierMaterialNumber: plainMove(insertedAt(1, /^S\d/)),
    ...movesOf('ProductDescription ComponentDescription BOMHeaderText EquipmentName', movedName(40)),
    ...movesOf('BusinessPartnerFullName BusinessPartnerName CustomerName CustomerFullName', movedName(80)),
    ...movesOf('SupplierName SupplierFullName LastName', movedName(80)),
    OrganizationBPName1: movedName(40),
    ...movesOf('PhoneNumber InternationalPhoneNumber', movedPhone),
    EmailAddress: movedEmail,
    ...stampMoves(times),
  },
});
