import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import { at, object } from '../attributes';
import { chain, type Lens } from '../lens';
import { nestAllBut } from '../levels';
import { decidedType, impliedType, type ClassOf } from '../types';

const REFERENCE = new Set([
  'id',
  'href',
  'name',
  'version',
  '@referredType',
  '@type',
  '@baseType',
  '@schemaLocation',
]);

/** True for `{ id }` with nothing beside it but what a reference has. */
export const isReference = (value: JsonObject): boolean =>
  value['id'] !== undefined && Object.keys(value).every((name) => REFERENCE.has(name));

/** Where v4 takes a reference or the thing itself without saying which: v5 says it by `@type`. */
export const referenceOr = (reference: string, value: string): Lens =>
  decidedType((doc) => (isReference(doc) ? reference : value));

/** An attachment by value, unless it is a bare reference. */
export const attachment = referenceOr('AttachmentRef', 'Attachment');

const placeClass: ClassOf = (place) => {
  if (Object.keys(place).length === 0) return undefined;
  if (place['@referredType'] !== undefined || isReference(place)) return 'PlaceRef';
  return place['bbox'] === undefined ? 'GeographicAddress' : 'GeographicLocation';
};

/** False for a `place` that v4 does not know and that stays as it is: some text, or an empty object. */
const isNestable = (place: Json | undefined): boolean =>
  place === undefined || (isJsonObject(place) && Object.keys(place).length > 0);

/**
 * A related place: flat in v4, where every attribute but `role` is one of the place ⇄ `{ role, place: { @type, … } }`.
 */
export const relatedPlace = chain(
  nestAllBut('place', ['role']),
  object(at('place', decidedType(placeClass))),
  impliedType(({ place }) => (isNestable(place) ? 'RelatedPlaceRefOrValue' : undefined)),
);

/** A reference whose class v5 names and v4 leaves to its place: an account, a means of payment, a parent. */
export const reference = (type: string): Lens => decidedType(() => type);
