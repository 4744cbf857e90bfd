import type { Json, JsonObject } from '@quotebridge/platform/core';
import { objectsIn, textAt } from '@quotebridge/connectors/sdk';
import type { FieldOwner, SalesforceSettings } from '../settings';

type Owners = SalesforceSettings['accountOwners'];

/** Fields of an account for each part that may be owned here. */
const FIELDS: Readonly<Record<keyof Owners, readonly string[]>> = {
  name: ['Name'],
  phone: ['Phone'],
  address: ['BillingStreet', 'BillingCity', 'BillingPostalCode', 'BillingState', 'BillingCountry'],
};

const isOurs = (owner: FieldOwner): boolean => owner === 'quotebridge';

/** Fields that are written into accounts; none when the CRM owns everything. */
export const ownedAccountFields = (owners: Owners): readonly string[] =>
  (Object.keys(FIELDS) as (keyof Owners)[]).flatMap((part) => (isOurs(owners[part]) ? FIELDS[part] : []));

const mediumOf = (customer: JsonObject, type: string, contactType: string): JsonObject => {
  const media = objectsIn(customer['contactMedium']).filter((medium) => medium['@type'] === type);
  return media.find((medium) => medium['contactType'] === contactType) ?? media[0] ?? {};
};

const partsOf = (customer: JsonObject): Readonly<Record<keyof Owners, readonly Json[]>> => {
  const place = mediumOf(customer, 'GeographicAddressContactMedium', 'billTo');
  const streets = [textAt(place, 'street1'), textAt(place, 'street2')].filter((line) => line !== undefined);
  const rest = ['city', 'postCode', 'stateOrProvince', 'country'].map((name) => textAt(place, name) ?? null);
  return {
    name: [textAt(customer, 'name') ?? null],
    phone: [textAt(mediumOf(customer, 'PhoneContactMedium', 'phone'), 'phoneNumber') ?? null],
    address: [streets.length === 0 ? null : streets.join('\n'), ...rest],
  };
};

/**
 * What to write into an account so that it shows its customer, in the parts that are owned here. A part of which the
 * customer says nothing stays as it is. Pure.
 */
export const planAccount = (customer: JsonObject, account: JsonObject, owners: Owners): JsonObject => {
  const parts = partsOf(customer);
  const wanted = (Object.keys(FIELDS) as (keyof Owners)[])
    .filter((part) => isOurs(owners[part]) && parts[part].some((value) => value !== null))
    .flatMap((part) =>
      FIELDS[part].map((field, index): [string, Json] => [field, parts[part][index] ?? null]),
    );
  return Object.fromEntries(wanted.filter(([field, value]) => value !== (textAt(account, field) ?? null)));
};
