import type { JsonObject } from '@quotebridge/platform/core';
import { textAt } from '@quotebridge/connectors/sdk';
import { expanded } from '../odata-values';

/** The entries with the preferred ones first. */
const preferred = (entries: readonly JsonObject[], flag: string): readonly JsonObject[] =>
  [...entries].sort((a, b) => Number(b[flag] === true) - Number(a[flag] === true));

const defined = (fields: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );

const postal = (address: JsonObject): JsonObject[] => {
  const street = [textAt(address, 'StreetName'), textAt(address, 'HouseNumber')].filter(Boolean).join(' ');
  const place = defined({
    street1: street === '' ? undefined : street,
    postCode: textAt(address, 'PostalCode'),
    city: textAt(address, 'CityName'),
    stateOrProvince: textAt(address, 'Region'),
    country: textAt(address, 'Country'),
  });
  return Object.keys(place).length === 0
    ? []
    : [{ '@type': 'GeographicAddressContactMedium', contactType: 'postalAddress', ...place }];
};

const medium = (type: string, contactType: string, name: string, value: string | undefined): JsonObject[] =>
  value === undefined ? [] : [{ '@type': type, contactType, [name]: value }];

/** Addresses, e-mail addresses and telephone numbers of a business partner as TMF contact media; the preferred ones first. */
export const contactMedia = (partner: JsonObject): JsonObject[] =>
  expanded(partner, 'to_BusinessPartnerAddress').flatMap((address) => [
    ...postal(address),
    ...preferred(expanded(address, 'to_EmailAddress'), 'IsDefaultEmailAddress').flatMap((mail) =>
      medium('EmailContactMedium', 'email', 'emailAddress', textAt(mail, 'EmailAddress')),
    ),
    ...preferred(expanded(address, 'to_PhoneNumber'), 'IsDefaultPhoneNumber').flatMap((phone) =>
      medium(
        'PhoneContactMedium',
        'phone',
        'phoneNumber',
        textAt(phone, 'InternationalPhoneNumber') ?? textAt(phone, 'PhoneNumber'),
      ),
    ),
  ]);
