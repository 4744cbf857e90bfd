import * as fc from 'fast-check';
import type { JsonObject } from '@quotebridge/platform/core';
import type { SalesforceSettings } from '../settings';
import { ownedAccountFields, planAccount } from './account-update';

type Owners = SalesforceSettings['accountOwners'];

const ALL: Owners = { name: 'quotebridge', phone: 'quotebridge', address: 'quotebridge' };
const owner = fc.constantFrom('crm' as const, 'quotebridge' as const);
const owners: fc.Arbitrary<Owners> = fc.record({ name: owner, phone: owner, address: owner });
const word = fc.constantFrom('a', 'b', 'Kai 1');
const address = fc.record(
  { street1: word, street2: word, city: word, postCode: word, stateOrProvince: word, country: word },
  { requiredKeys: [] },
);

const customer = (name: string, phoneNumber: string, place: JsonObject): JsonObject => ({
  name,
  contactMedium: [
    { '@type': 'PhoneContactMedium', contactType: 'fax', phoneNumber: 'not this one' },
    { '@type': 'PhoneContactMedium', contactType: 'phone', phoneNumber },
    { '@type': 'GeographicAddressContactMedium', contactType: 'shipTo', city: 'not this one' },
    { '@type': 'GeographicAddressContactMedium', contactType: 'billTo', ...place },
  ],
});

describe('an account shows its customer', () => {
  it('in what is owned here and in nothing else; what was written is not written again', () => {
    fc.assert(
      fc.property(word, word, address, owners, (name, phone, place, by) => {
        const plan = planAccount(customer(name, phone, place), {}, by);
        expect(Object.keys(plan).every((field) => ownedAccountFields(by).includes(field))).toBe(true);
        expect(JSON.stringify(plan)).not.toContain('not this one');
        expect(planAccount(customer(name, phone, place), plan, by)).toEqual({});
      }),
    );
  });

  it('an address is written as a whole, with the lines of its street, and emptied where it has nothing', () => {
    const account = { Name: 'n', Phone: '1', BillingStreet: 'old', BillingState: 'old', BillingCity: 'Kiel' };
    const place = { street1: 'Kai 1', street2: 'Gate 4', city: 'Kiel' };
    expect(planAccount(customer('n', '1', place), account, ALL)).toEqual({
      BillingStreet: 'Kai 1\nGate 4',
      BillingState: null,
    });
  });

  it('what the customer does not say stays as it is in the CRM', () => {
    expect(planAccount({ name: 'n' }, { Name: 'n', Phone: '1', BillingCity: 'Kiel' }, ALL)).toEqual({});
  });
});
