import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { objectsIn, textAt, type Rejection } from '@quotebridge/connectors/sdk';
import { decimalOf } from './decimal';
import { specificationId } from './ids';
import { missing } from './missing';
import { partPatch } from './part-patch';
import { validityOf } from './structure';

const inUse = (record: JsonObject, name: string): readonly JsonObject[] =>
  objectsIn(record[name]).filter((item) => item['IsDeleted'] !== true);

const quantityOf = (amount: number): JsonObject => ({
  characteristic: [
    {
      '@type': 'CharacteristicSpecification',
      id: 'quantity',
      name: 'quantity',
      valueType: 'number',
      characteristicValueSpecification: [
        {
          '@type': 'NumberCharacteristicValueSpecification',
          valueType: 'number',
          isDefault: true,
          value: amount,
        },
      ],
    },
  ],
});

/** How many of a follower stand for one of the old part. */
const ratioOf = (old: JsonObject | undefined, follower: JsonObject): number => {
  const [before, after] = [old, follower].map((item) => decimalOf(item?.['BillOfMaterialItemQuantity']));
  return before === undefined || after === undefined || before.isZero() ? 1 : after.div(before).toNumber();
};

const byKey = <T>(entries: Iterable<readonly [string, T]>): readonly T[] =>
  [...new Map(entries)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);

/**
 * `{ part, usedIn, followers }` → patch of the part's TMF620 productSpecification (v5): the models whose lists of parts it
 * stands in, and the parts that together take its place, each from its first day on.
 */
export const mapSparePart =
  (source: string) =>
  (record: JsonObject): readonly IngestRecord[] | Rejection => {
    const part = textAt(record, 'part');
    if (part === undefined) return missing('/part');
    const usedIn = inUse(record, 'usedIn');
    const relation = (relationshipType: string, material: string, more: JsonObject = {}): JsonObject => ({
      '@type': 'ProductSpecificationRelationship',
      relationshipType,
      id: specificationId(source, material),
      name: material,
      ...more,
    });
    const models = usedIn.flatMap((item): [string, JsonObject][] => {
      const model = textAt(item, 'Material');
      return model === undefined ? [] : [[model, relation('compatibleWith', model)]];
    });
    const followers = inUse(record, 'followers').flatMap((item): [string, JsonObject][] => {
      const next = textAt(item, 'BillOfMaterialComponent');
      if (next === undefined || next === part) return [];
      const old = usedIn.find((one) => one['BillOfMaterial'] === item['BillOfMaterial']);
      const ratio = ratioOf(old, item);
      const { startDateTime } = validityOf(item);
      return [
        [
          next,
          relation('supersededBy', next, {
            ...(startDateTime === undefined ? {} : { validFor: { startDateTime } }),
            ...(ratio === 1 ? {} : quantityOf(ratio)),
          }),
        ],
      ];
    });
    const productSpecificationRelationship = [...byKey(models), ...byKey(followers)];
    return [partPatch(source, part, { productSpecificationRelationship })];
  };
