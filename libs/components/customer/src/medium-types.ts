import type { JsonObject } from '@quotebridge/platform/core';
import { objectsAt } from './relations';

/** What v4 calls the media that v5 tells by their class. */
const MEDIUM_TYPES: Readonly<Record<string, string>> = {
  EmailContactMedium: 'email',
  PhoneContactMedium: 'phone',
  FaxContactMedium: 'fax',
  GeographicAddressContactMedium: 'postalAddress',
  SocialContactMedium: 'socialNetwork',
};

const OTHER = 'other';

const typed = (medium: JsonObject): JsonObject => {
  if (medium['mediumType'] !== undefined) return medium;
  const type = medium['@type'];
  return { ...medium, mediumType: (typeof type === 'string' ? MEDIUM_TYPES[type] : undefined) ?? OTHER };
};

/** The resource with a `mediumType` on each way to reach it: v4 of TMF629 and TMF669 demands one, v5 has none. */
export const withMediumTypes = (resource: JsonObject): JsonObject => {
  const media = objectsAt(resource, 'contactMedium');
  return media.every((medium) => medium['mediumType'] !== undefined)
    ? resource
    : { ...resource, contactMedium: media.map(typed) };
};
