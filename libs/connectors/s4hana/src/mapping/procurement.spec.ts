import { isRejection } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import { PROCUREMENT_SAMPLE } from '../samples';
import { specificationId, supplierId } from './ids';
import { mapProcurement } from './procurement';

const BUYER = { purchasingOrganization: '1710', plant: '1710' };
const resourceOf = (record: JsonObject, buyer = BUYER): JsonObject => {
  const mapped = mapProcurement('erp', buyer)(record);
  if (isRejection(mapped)) throw new Error(JSON.stringify(mapped));
  return mapped[0]?.resource ?? {};
};
const offer = (
  PurchasingInfoRecord: string,
  Supplier: string,
  rows: JsonObject[],
  more = {},
): JsonObject => ({
  ...{ PurchasingInfoRecord, Supplier, BaseUnit: 'PC' },
  to_PurgInfoRecdOrgPlantData: { results: rows },
  ...more,
});
const row = (NetPriceAmount: string, Plant = '1710', more: JsonObject = {}): JsonObject => ({
  ...{ PurchasingOrganization: '1710', Plant, Currency: 'EUR', NetPriceAmount },
  ...more,
});
const prices = (...offers: JsonObject[]): unknown =>
  (resourceOf({ about: 'SP-1', records: offers })['procurementCost'] as JsonObject[]).map(
    ({ price }) => price,
  );

describe('what suppliers ask for a part', () => {
  it('is a patch of its specification with each supplier and his price', () => {
    const mapped = mapProcurement('erp', BUYER)(PROCUREMENT_SAMPLE);
    expect(mapped).toMatchObject([{ op: 'patch', id: specificationId('erp', 'SP-1001') }]);
    expect(resourceOf(PROCUREMENT_SAMPLE)).toMatchObject({
      relatedParty: [{ role: 'supplier', partyOrPartyRole: { id: supplierId('erp', '10300001') } }],
      procurementCost: [
        {
          supplier: { id: supplierId('erp', '10300001') },
          supplierPartNumber: 'S001-1001',
          price: { unit: 'EUR', value: 1240.5 },
          unitOfMeasure: { amount: 100, units: 'PC' },
          leadTime: { amount: 12, units: 'day' },
        },
      ],
    });
  });

  it('is that for our plant, else that for none; that of others does not count', () => {
    const euro = (value: number): JsonObject => ({ unit: 'EUR', value });
    expect(prices(offer('1', 'A', [row('1', ''), row('2')]))).toEqual([euro(2)]);
    expect(prices(offer('1', 'A', [row('1', ''), row('2', '1720')]))).toEqual([euro(1)]);
    expect(prices(offer('1', 'A', [row('2', '1720')]))).toEqual([]);
    expect(prices(offer('1', 'A', [row('3', '1710', { PurchasingOrganization: '9' })]))).toEqual([]);
  });

  it('of a deleted info record ends; suppliers are named once, in one order', () => {
    const [a, b] = [offer('1', 'A', [row('1')]), offer('2', 'B', [row('2')])];
    const gone = offer('3', 'C', [row('3')], { IsDeleted: true });
    expect(resourceOf({ about: 'SP-1', records: [b, gone, a] })).toEqual(
      resourceOf({ about: 'SP-1', records: [a, b] }),
    );
    expect(resourceOf({ about: 'SP-1', records: [gone] })).toMatchObject({
      relatedParty: [],
      procurementCost: [],
    });
  });

  it.each([[{}], [{ about: 'SP-1', records: [offer('1', 'A', [row('much')])] }]])(
    'that cannot be read is told: %j',
    (record) => {
      expect(isRejection(mapProcurement('erp', BUYER)(record))).toBe(true);
    },
  );
});
