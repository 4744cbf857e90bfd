import { isJsonObject, objectsIn, type Json, type JsonObject } from '@quotebridge/platform/core';
import { object, type ApiSchema } from '../api/schema';
import { numberOf } from './customer-number';

const mediumOf = (customer: JsonObject, type: string, attribute: string): Json | undefined => {
  const media = objectsIn(customer['contactMedium']).filter((medium) => medium['@type'] === type);
  return (media.find(({ preferred }) => preferred === true) ?? media[0])?.[attribute];
};

const given = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** A TMF629 customer (v5) in the words of the first version. `cust_id` is its number in the ERP where it has one. */
export const customerV1 = (customer: JsonObject, erp: string): JsonObject =>
  given({
    cust_id: numberOf(customer, erp) ?? String(customer['id']),
    id: customer['id'],
    name: customer['name'],
    email: mediumOf(customer, 'EmailContactMedium', 'emailAddress'),
    status: customer['status'],
  });

/** The same with what the second version adds. */
export const customerV2 = (customer: JsonObject, erp: string): JsonObject => ({
  ...customerV1(customer, erp),
  ...given({
    phone: mediumOf(customer, 'PhoneContactMedium', 'phoneNumber'),
    party_id: isJsonObject(customer['engagedParty']) ? customer['engagedParty']['id'] : undefined,
  }),
  external_ids: objectsIn(customer['externalIdentifier']).map(({ owner, id, externalIdentifierType }) =>
    given({ owner, type: externalIdentifierType, id }),
  ),
});

const V1: Readonly<Record<string, ApiSchema>> = {
  cust_id: { type: 'string', description: 'Number of the customer in the ERP' },
  id: { type: 'string', description: 'Id of the TMF629 customer' },
  name: { type: 'string' },
  email: { type: 'string' },
  status: { type: 'string' },
};

/** What the versions answer. */
export const CUSTOMER_SCHEMAS = {
  v1: object('A customer.', V1),
  v2: object('A customer.', {
    ...V1,
    phone: { type: 'string' },
    party_id: { type: 'string', description: 'Id of the organization or person behind it' },
    external_ids: {
      type: 'array',
      items: object('Its id elsewhere.', {
        owner: { type: 'string' },
        type: { type: 'string' },
        id: { type: 'string' },
      }),
    },
  }),
} as const;
