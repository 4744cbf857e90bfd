import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';

/** The objects of a list attribute, or the object of a single one. */
export const objectsAt = (resource: JsonObject, attribute: string): JsonObject[] =>
  [resource[attribute]].flat().filter((value): value is JsonObject => isJsonObject(value as Json));

/** Id of the object that an attribute holds, such as `organization` of a relationship. */
export const idAt = (holder: JsonObject, attribute: string): string | undefined => {
  const held = holder[attribute];
  const id = isJsonObject(held) ? held['id'] : undefined;
  return typeof id === 'string' ? id : undefined;
};

const organizationsAt = (organization: JsonObject, attribute: string): string[] => [
  ...new Set(objectsAt(organization, attribute).flatMap((relation) => idAt(relation, 'organization') ?? [])),
];

/** Ids of the parents that an organization names; the standard has room for one. */
export const parentsOf = (organization: JsonObject): string[] =>
  organizationsAt(organization, 'organizationParentRelationship');

/** Ids of the children that an organization names. */
export const childrenOf = (organization: JsonObject): string[] =>
  organizationsAt(organization, 'organizationChildRelationship');
