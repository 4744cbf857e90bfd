import { stableId } from '@quotebridge/platform/core';
import { externalIdentifier, objectAt, textAt } from '@quotebridge/connectors/sdk';
import type { Fields } from '../fields';
import { organizationRef, phoneMedium } from './account';
import { mapped, type MapRecord } from './mapped';

/** What is read of a contact. */
export const CONTACT_FIELDS: Fields = {
  Id: 'text',
  FirstName: 'text',
  LastName: 'text',
  Name: 'text',
  Email: 'text',
  Phone: 'text',
  AccountId: 'text',
  'Account.Name': 'text',
  IsDeleted: 'boolean',
  SystemModstamp: 'text',
};

/** Contact → TMF632 individual (v5) who works for the organization of his account. */
export const mapIndividual = (source: string): MapRecord =>
  mapped(
    (id) => stableId(source, 'individual', id),
    (id, contact) => {
      const emailAddress = textAt(contact, 'Email');
      const account = textAt(contact, 'AccountId');
      const names = { givenName: 'FirstName', familyName: 'LastName', name: 'Name' };
      return {
        '@type': 'Individual',
        ...Object.fromEntries(
          Object.entries(names).flatMap(([attribute, field]) => {
            const value = textAt(contact, field);
            return value === undefined ? [] : [[attribute, value]];
          }),
        ),
        contactMedium: [
          ...(emailAddress === undefined ? [] : [{ '@type': 'EmailContactMedium', emailAddress }]),
          ...phoneMedium(contact),
        ],
        relatedParty:
          account === undefined
            ? []
            : [
                {
                  '@type': 'RelatedPartyOrPartyRole',
                  role: 'employer',
                  partyOrPartyRole: organizationRef(
                    source,
                    account,
                    textAt(objectAt(contact, 'Account'), 'Name'),
                  ),
                },
              ],
        externalIdentifier: [externalIdentifier(source, 'contact', id)],
      };
    },
  );
