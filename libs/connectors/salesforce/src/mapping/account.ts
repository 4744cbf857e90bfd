import { stableId, type JsonObject } from '@quotebridge/platform/core';
import type { NaturalKey } from '@quotebridge/platform/events';
import { externalIdentifier, textAt } from '@quotebridge/connectors/sdk';
import type { Fields } from '../fields';
import type { SalesforceSettings } from '../settings';
import { mapped, type MapRecord } from './mapped';

type AccountSettings = Pick<SalesforceSettings, 'customerNumberField' | 'offeringSource'>;

/** What the ERP calls what an account is: the type of the external identifier with its number. */
type ErpType = 'customer' | 'businessPartner';

/** An account and a customer or business partner of the ERP with the same number are the same. */
export const keysOf = (type: ErpType, erp: string): readonly NaturalKey[] => [
  { externalIdentifierType: type, owner: erp },
];

const ADDRESS = ['Street', 'City', 'PostalCode', 'State', 'Country'];

/** What is read of an account. */
export const accountFields = ({ customerNumberField }: AccountSettings): Fields => ({
  Id: 'text',
  Name: 'text',
  ParentId: 'text',
  Phone: 'text',
  ...Object.fromEntries(
    ['Billing', 'Shipping'].flatMap((kind) => ADDRESS.map((part) => [`${kind}${part}`, 'text' as const])),
  ),
  [customerNumberField]: 'text',
  IsDeleted: 'boolean',
  SystemModstamp: 'text',
});

/** Id of the organization that an account is, unless the same is known already. */
export const organizationId = (source: string, account: string): string =>
  stableId(source, 'organization', account);

/** A reference to the organization of an account. */
export const organizationRef = (source: string, account: string, name?: string): JsonObject => ({
  '@type': 'PartyRef',
  '@referredType': 'Organization',
  id: organizationId(source, account),
  ...(name === undefined ? {} : { name }),
});

/** A telephone number as a way to reach somebody; none without one. */
export const phoneMedium = (record: JsonObject): readonly JsonObject[] => {
  const phoneNumber = textAt(record, 'Phone');
  return phoneNumber === undefined ? [] : [{ '@type': 'PhoneContactMedium', phoneNumber }];
};

const addressMedium = (account: JsonObject, kind: string, contactType: string): readonly JsonObject[] => {
  const [street, city, postCode, stateOrProvince, country] = ADDRESS.map((part) =>
    textAt(account, `${kind}${part}`),
  );
  // Salesforce keeps a street of several lines in one field.
  const [street1, ...more] = (street ?? '').split(/\r?\n/).filter((line) => line.trim() !== '');
  const street2 = more.length === 0 ? undefined : more.join(', ');
  const parts = Object.entries({ street1, street2, city, postCode, stateOrProvince, country }).filter(
    ([, value]) => value !== undefined,
  );
  return parts.length === 0
    ? []
    : [{ '@type': 'GeographicAddressContactMedium', contactType, ...Object.fromEntries(parts) }];
};

const shared = (
  source: string,
  id: string,
  account: JsonObject,
  settings: AccountSettings,
  type: ErpType,
): JsonObject => {
  const number = textAt(account, settings.customerNumberField);
  return {
    name: textAt(account, 'Name') ?? id,
    contactMedium: [
      ...phoneMedium(account),
      ...addressMedium(account, 'Billing', 'billTo'),
      ...addressMedium(account, 'Shipping', 'shipTo'),
    ],
    externalIdentifier: [
      externalIdentifier(source, 'account', id),
      ...(number === undefined ? [] : [externalIdentifier(settings.offeringSource, type, number)]),
    ],
  };
};

/** Account → TMF632 organization (v5) with its place in the hierarchy. */
export const mapOrganization = (source: string, settings: AccountSettings): MapRecord =>
  mapped(
    (id) => organizationId(source, id),
    (id, account) => {
      const parent = textAt(account, 'ParentId');
      return {
        '@type': 'Organization',
        ...shared(source, id, account, settings, 'businessPartner'),
        ...(parent === undefined
          ? {}
          : {
              organizationParentRelationship: {
                '@type': 'OrganizationParentRelationship',
                relationshipType: 'subsidiary',
                organization: {
                  '@type': 'OrganizationRef',
                  '@referredType': 'Organization',
                  id: organizationId(source, parent),
                },
              },
            }),
      };
    },
  );

/** Account → TMF629 customer (v5): what the organization is to us, with the addresses that are billed and shipped to. */
export const mapCustomer = (source: string, settings: AccountSettings): MapRecord =>
  mapped(
    (id) => stableId(source, 'customer', id),
    (id, account) => ({
      '@type': 'Customer',
      ...shared(source, id, account, settings, 'customer'),
      engagedParty: organizationRef(source, id, textAt(account, 'Name')),
    }),
  );
