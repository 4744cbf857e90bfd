import { isRejection, type Rejection } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import * as fc from 'fast-check';
import { MACHINE_SAMPLE, MATERIAL_SAMPLE, STRUCTURE_SAMPLE } from '../samples';
import { componentId, customerId, machineId, specificationId } from './ids';
import { mapComponent, mapMachine } from './machine';
import { SETTINGS } from './settings.fixture';
import { containedIn, validityOf } from './structure';

const only = (mapped: readonly IngestRecord[] | Rejection): IngestRecord => {
  const [record] = isRejection(mapped) ? [] : mapped;
  if (record === undefined) throw new Error(JSON.stringify(mapped));
  return record;
};
const date = (iso: string): string => `/Date(${Date.parse(iso)})/`;
const item = (component: string, more: JsonObject = {}): JsonObject => ({
  BillOfMaterialComponent: component,
  BillOfMaterialItemQuantity: '1',
  ...more,
});
const structure = (items: readonly JsonObject[], more: JsonObject = {}): JsonObject => ({
  BillOfMaterialVariant: '1',
  ...more,
  to_BillOfMaterialItem: { results: [...items] },
});
const contained = (...structures: JsonObject[]): JsonObject[] => containedIn('erp', { structures });

describe('a structure', () => {
  it('is what a product contains, with quantity, position and the days on which it holds', () => {
    const swapped = { ValidityStartDate: date('2020-01-01'), ValidityEndDate: date('2023-12-31') };
    expect(
      contained(structure([item('P1', { ...swapped, BillOfMaterialItemNumber: '0010' })])),
    ).toMatchObject([
      {
        relationshipType: 'contains',
        id: componentId('erp', 'P1'),
        quantity: { amount: 1, units: 'PC' },
        position: '0010',
        validFor: { startDateTime: '2020-01-01T00:00:00.000Z', endDateTime: '2024-01-01T00:00:00.000Z' },
      },
    ]);
  });

  it('has no end on the last day that SAP knows', () => {
    expect(validityOf({ ValidityEndDate: date('9999-12-31') })).toEqual({});
  });

  it('counts quantities in one, whatever quantity the head is for', () => {
    const amounts = fc.tuple(fc.integer({ min: 1, max: 9_999 }), fc.integer({ min: 1, max: 999 }));
    fc.assert(
      fc.property(amounts, ([each, base]) => {
        const [found] = contained(
          structure([item('P1', { BillOfMaterialItemQuantity: `${each * base}.000` })], {
            BOMHeaderQuantityInBaseUnit: String(base),
          }),
        );
        expect(found).toMatchObject({ quantity: { amount: each } });
      }),
    );
  });

  it.each<[string, JsonObject[], string[]]>([
    [
      'the first of several alternatives',
      [
        structure([item('B')], { BillOfMaterialVariant: '10' }),
        structure([item('A')], { BillOfMaterialVariant: '2' }),
      ],
      ['A'],
    ],
    [
      'not one that is to be deleted',
      [
        structure([item('A')], { BOMIsToBeDeleted: true }),
        structure([item('B')], { BillOfMaterialVariant: '2' }),
      ],
      ['B'],
    ],
    ['not an item that is deleted', [structure([item('A', { IsDeleted: true }), item('B')])], ['B']],
    ['nothing without a structure', [], []],
  ])('counts %s', (_name, structures, expected) => {
    expect(contained(...structures).map(({ name }) => name)).toEqual(expected);
  });
});

describe('a machine', () => {
  const record = {
    equipment: MACHINE_SAMPLE,
    structures: [STRUCTURE_SAMPLE],
    changedAt: '2026-01-01T00:00:00.000Z',
  };

  it('is a product by serial number that belongs to a customer and contains what its model does', () => {
    expect(only(mapMachine('erp')(record))).toMatchObject({
      externalId: '10000001',
      id: machineId('erp', '10000001'),
      resource: {
        productSerialNumber: 'QS-500001',
        status: 'active',
        startDate: '2022-01-01T00:00:00.000Z',
        productSpecification: { id: specificationId('erp', 'QM-1001') },
        relatedParty: [{ role: 'customer', partyOrPartyRole: { id: customerId('erp', '10100001') } }],
        productRelationship: [{ id: componentId('erp', 'SP-1001'), quantity: { amount: 2 } }],
      },
    });
  });

  it('was changed when it or the structure of its model last was', () => {
    const of = (machine: string, changedItem: string): IngestRecord =>
      only(
        mapMachine('erp')({
          equipment: { ...MACHINE_SAMPLE, LastChangeDateTime: date(machine) },
          structures: [structure([item('P1', { LastChangeDateTime: date(changedItem) })])],
          changedAt: '2020-01-01T00:00:00.000Z',
        }),
      );
    expect(of('2026-03-01', '2026-02-01').modifiedAt).toBe('2026-03-01T00:00:00.000Z');
    expect(of('2026-03-01', '2026-04-01').modifiedAt).toBe('2026-04-01T00:00:00.000Z');
  });

  it.each([
    ['inactive', { EquipmentIsInactive: true }, 'suspended'],
    ['marked for deletion', { EquipmentIsMarkedForDeletion: true }, 'terminated'],
  ])('that is %s is told so', (_name, more, status) => {
    const { resource } = only(mapMachine('erp')({ ...record, equipment: { ...MACHINE_SAMPLE, ...more } }));
    expect(resource['status']).toBe(status);
  });

  it('goes by the serial number of its maker when it has no other, and is none of our business without any', () => {
    const { SerialNumber: _none, ...bare } = MACHINE_SAMPLE;
    const made = { ...bare, ManufacturerSerialNumber: 'X-1' };
    expect(only(mapMachine('erp')({ equipment: made })).resource['productSerialNumber']).toBe('X-1');
    expect(mapMachine('erp')({ equipment: bare })).toEqual([]);
    expect(mapMachine('erp')({ equipment: {} })).toMatchObject({
      faults: [{ path: '/equipment/Equipment' }],
    });
  });
});

describe('a component', () => {
  it('is a product of its material that contains what its structure says', () => {
    const record = { product: MATERIAL_SAMPLE, structures: [structure([item('P1')])] };
    expect(only(mapComponent('erp', SETTINGS)(record))).toMatchObject({
      id: componentId('erp', 'SP-1001'),
      resource: { name: 'Axial piston pump', status: 'active', productRelationship: [{ name: 'P1' }] },
    });
    expect(mapComponent('erp', SETTINGS)({})).toMatchObject({ faults: [{ path: '/product/Product' }] });
  });
});
