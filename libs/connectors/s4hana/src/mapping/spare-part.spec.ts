import { isRejection } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import { SPARE_PART_SAMPLE } from '../samples';
import { specificationId } from './ids';
import { mapSparePart } from './spare-part';

const relationsOf = (record: JsonObject): JsonObject[] => {
  const mapped = mapSparePart('erp')(record);
  if (isRejection(mapped)) throw new Error(JSON.stringify(mapped));
  return (mapped[0]?.resource['productSpecificationRelationship'] ?? []) as JsonObject[];
};
const outline = (record: JsonObject): unknown =>
  relationsOf(record).map(({ relationshipType, name }) => [relationshipType, name]);
const item = (list: string, component: string, more: JsonObject = {}): JsonObject => ({
  BillOfMaterial: list,
  Material: `M-${list}`,
  BillOfMaterialComponent: component,
  BillOfMaterialItemQuantity: '1',
  ...more,
});

describe('a spare part', () => {
  it('fits the models whose lists it stands in and is replaced by its followers from their first day on', () => {
    expect(relationsOf(SPARE_PART_SAMPLE)).toMatchObject([
      { relationshipType: 'compatibleWith', id: specificationId('erp', 'QM-1001') },
      {
        relationshipType: 'supersededBy',
        id: specificationId('erp', 'SP-1002'),
        validFor: { startDateTime: '2026-01-01T00:00:00.000Z' },
      },
    ]);
  });

  it('is a patch of its material, so that name and price stay those of the other streams', () => {
    expect(mapSparePart('erp')(SPARE_PART_SAMPLE)).toMatchObject([
      { op: 'patch', id: specificationId('erp', 'SP-1001'), externalId: 'SP-1001' },
    ]);
  });

  it('names each model and each follower once and in one order, whatever order they come in', () => {
    const usedIn = [item('2', 'A'), item('1', 'A'), item('2', 'A')];
    const followers = [item('2', 'C'), item('1', 'B'), item('1', 'C'), item('1', 'A')];
    const expected = [
      ['compatibleWith', 'M-1'],
      ['compatibleWith', 'M-2'],
      ['supersededBy', 'B'],
      ['supersededBy', 'C'],
    ];
    expect(outline({ part: 'A', usedIn, followers })).toEqual(expected);
    expect(outline({ part: 'A', usedIn: usedIn.reverse(), followers: followers.reverse() })).toEqual(
      expected,
    );
  });

  it('tells how many of a follower stand for one', () => {
    const record = {
      part: 'A',
      usedIn: [item('1', 'A', { BillOfMaterialItemQuantity: '2' })],
      followers: [item('1', 'B', { BillOfMaterialItemQuantity: '6' })],
    };
    expect(relationsOf(record)[1]).toMatchObject({
      characteristic: [{ name: 'quantity', characteristicValueSpecification: [{ value: 3 }] }],
    });
  });

  it('takes no account of deleted items', () => {
    const gone = item('1', 'B', { IsDeleted: true });
    expect(outline({ part: 'A', usedIn: [gone], followers: [gone] })).toEqual([]);
    expect(mapSparePart('erp')({})).toMatchObject({ faults: [{ path: '/part' }] });
  });
});
