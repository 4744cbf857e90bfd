import { isJsonObject, objectsAt, textAt, type Json, type JsonObject } from '@quotebridge/platform/core';

/** What parts have to do with one another and with machines: `relationshipType` of a specification (TMF620). */
export const RELATIONS = {
  /** From an old part to the one that takes its place. */
  supersededBy: 'supersededBy',
  /** From a spare part to a machine model that it fits. */
  compatibleWith: 'compatibleWith',
  /** From a consumable to a machine model that uses it up. */
  consumableFor: 'consumableFor',
} as const;

/** One link of a specification, with its characteristics as plain values. */
export interface Relation {
  readonly id: string;
  readonly type: string;
  readonly validFor?: JsonObject;
  readonly characteristics: Readonly<Record<string, Json>>;
}

/** The period of an object, if it has one. */
export const validForOf = (json: JsonObject): JsonObject | undefined => {
  const { validFor } = json;
  return isJsonObject(validFor) ? validFor : undefined;
};

/** The default value of each characteristic, or its first one. */
const characteristicsOf = (relationship: JsonObject): Record<string, Json> =>
  Object.fromEntries(
    objectsAt(relationship, 'characteristic').flatMap((characteristic): [string, Json][] => {
      const name = textAt(characteristic, 'name');
      const values = objectsAt(characteristic, 'characteristicValueSpecification');
      const value = (values.find(({ isDefault }) => isDefault === true) ?? values[0])?.['value'];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );

/** The links of a specification that are of one of the types. */
export const relationsOf = (specification: JsonObject, ...types: readonly string[]): Relation[] =>
  objectsAt(specification, 'productSpecificationRelationship').flatMap((relationship): Relation[] => {
    const id = textAt(relationship, 'id');
    const type = textAt(relationship, 'relationshipType');
    if (id === undefined || type === undefined || !types.includes(type)) return [];
    const validFor = validForOf(relationship);
    return [
      {
        id,
        type,
        characteristics: characteristicsOf(relationship),
        ...(validFor === undefined ? {} : { validFor }),
      },
    ];
  });
