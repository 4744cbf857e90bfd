import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import { chain } from '../lens';
import { flatten } from '../levels';
import { decidedType } from '../types';

const ATTRIBUTES = [
  'city',
  'contactType',
  'country',
  'emailAddress',
  'faxNumber',
  'phoneNumber',
  'postCode',
  'socialNetworkId',
  'stateOrProvince',
  'street1',
  'street2',
];

// What a medium can be recognised by, the most telling attribute first.
const CLASSES: readonly (readonly [attribute: string, type: string])[] = [
  ['emailAddress', 'EmailContactMedium'],
  ['phoneNumber', 'PhoneContactMedium'],
  ['faxNumber', 'FaxContactMedium'],
  ['socialNetworkId', 'SocialContactMedium'],
  ['street1', 'GeographicAddressContactMedium'],
  ['street2', 'GeographicAddressContactMedium'],
  ['city', 'GeographicAddressContactMedium'],
  ['postCode', 'GeographicAddressContactMedium'],
  ['country', 'GeographicAddressContactMedium'],
  ['stateOrProvince', 'GeographicAddressContactMedium'],
];

const mediumClass = (medium: JsonObject): string | undefined => {
  const held = medium['characteristic'];
  return isJsonObject(held) ? CLASSES.find(([attribute]) => held[attribute] !== undefined)?.[1] : undefined;
};

/**
 * A contact medium: `{ mediumType, characteristic: { emailAddress } }` in v4 ⇄
 * `{ @type: EmailContactMedium, mediumType, emailAddress }`. `mediumType` is v4's own and kept as it is.
 */
export const contactMedium = chain(decidedType(mediumClass), flatten('characteristic', ATTRIBUTES));
