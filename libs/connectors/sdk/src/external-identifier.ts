import type { JsonObject } from '@quotebridge/platform/core';
import { objectsIn, textAt } from './vendor-json';

/** An `ExternalIdentifier` of the v5 shape: `id` is what `owner` calls the resource. */
export const externalIdentifier = (
  owner: string,
  externalIdentifierType: string,
  id: string,
): JsonObject => ({
  '@type': 'ExternalIdentifier',
  owner,
  externalIdentifierType,
  id,
});

/**
 * External ids of a resource by type, and by owner when given. TMF620 calls the list `externalIdentifier`, TMF622 and
 * TMF648 call it `externalId`; both are read.
 */
export const externalIdsOf = (resource: JsonObject, type: string, owner?: string): readonly string[] =>
  [...objectsIn(resource['externalIdentifier']), ...objectsIn(resource['externalId'])].flatMap((entry) => {
    const id = textAt(entry, 'id');
    const fits =
      entry['externalIdentifierType'] === type && (owner === undefined || entry['owner'] === owner);
    return id !== undefined && fits ? [id] : [];
  });
