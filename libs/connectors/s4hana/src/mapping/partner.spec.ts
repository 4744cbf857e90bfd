import { isRejection, type Rejection } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { CUSTOMER_SAMPLE, PERSON_SAMPLE, SUPPLIER_SAMPLE } from '../samples';
import { customerId, partyId } from './ids';
import { mapCustomer, mapSupplier } from './partner-role';
import { mapIndividual, mapOrganization } from './party';
import { customerAbove } from './sales-area';
import { SETTINGS } from './settings.fixture';

const only = (mapped: readonly IngestRecord[] | Rejection): IngestRecord => {
  const [record] = isRejection(mapped) ? [] : mapped;
  if (record === undefined) throw new Error(JSON.stringify(mapped));
  return record;
};

const AREA = { SalesOrganization: '1710', DistributionChannel: '10', Division: '00' };
const withFunctions = (...functions: JsonObject[]): JsonObject => ({
  ...CUSTOMER_SAMPLE,
  to_Customer: { Customer: '10100001', to_PartnerFunction: { results: functions } },
});
const plays = (PartnerFunction: string, BPCustomerNumber: string, area: JsonObject = AREA): JsonObject => ({
  ...area,
  PartnerFunction,
  BPCustomerNumber,
});

describe('a business partner', () => {
  it('becomes a company that can be reached, changed at its day and time of day', () => {
    expect(only(mapOrganization('erp')({ partner: CUSTOMER_SAMPLE, parent: '10100009' }))).toMatchObject({
      externalId: '10100001',
      id: partyId('erp', '10100001'),
      modifiedAt: '2026-01-01T09:30:00.000Z',
      resource: {
        name: 'Example Works',
        status: 'validated',
        contactMedium: [
          { contactType: 'postalAddress', street1: 'Example Street 1', city: 'Exampletown' },
          { contactType: 'email', emailAddress: 'parts@example.org' },
        ],
        organizationParentRelationship: { organization: { id: partyId('erp', '10100009') } },
        externalIdentifier: [{ owner: 'erp', externalIdentifierType: 'businessPartner', id: '10100001' }],
      },
    });
  });

  it.each([
    ['without one above it', { partner: CUSTOMER_SAMPLE }],
    ['that is named as the one above itself', { partner: CUSTOMER_SAMPLE, parent: '10100001' }],
  ])('%s is the head of a group', (_name, record) => {
    expect(only(mapOrganization('erp')(record)).resource).not.toHaveProperty(
      'organizationParentRelationship',
    );
  });

  it('that is a person becomes an individual', () => {
    expect(only(mapIndividual('erp')(PERSON_SAMPLE))).toMatchObject({
      id: partyId('erp', '10900001', true),
      resource: { givenName: 'Erika', familyName: 'Example' },
    });
  });

  it('that sells to us becomes a supplier, blocked when nothing may be bought', () => {
    expect(only(mapSupplier('erp')(SUPPLIER_SAMPLE)).resource).toMatchObject({
      role: 'supplier',
      status: 'active',
      engagedParty: { '@referredType': 'Organization', id: partyId('erp', '10300001') },
    });
    const blocked = { ...SUPPLIER_SAMPLE, to_Supplier: { PurchasingIsBlocked: true } };
    expect(only(mapSupplier('erp')(blocked)).resource).toMatchObject({ status: 'blocked' });
    const { Supplier: _none, ...other } = SUPPLIER_SAMPLE;
    expect(mapSupplier('erp')(other)).toEqual([]);
  });

  it.each([mapOrganization('erp'), mapIndividual('erp'), mapSupplier('erp'), mapCustomer('erp', SETTINGS)])(
    'without a number is rejected with the path (%#)',
    (map) => {
      expect(map({})).toMatchObject({ faults: [{ code: 'required' }] });
    },
  );
});

describe('a customer', () => {
  it('has a party, a price list, and the parts that others play for it', () => {
    expect(only(mapCustomer('erp', SETTINGS)(CUSTOMER_SAMPLE))).toMatchObject({
      id: customerId('erp', '10100001'),
      resource: {
        status: 'active',
        engagedParty: { id: partyId('erp', '10100001') },
        relatedParty: [{ role: 'billTo', partyOrPartyRole: { id: customerId('erp', '10100009') } }],
        characteristic: [
          { name: 'priceList', value: '02' },
          { name: 'currency', value: 'EUR' },
        ],
      },
    });
  });

  it.each([
    ['WE', 'shipTo'],
    ['SH', 'shipTo'],
    ['RE', 'billTo'],
    ['BP', 'billTo'],
    ['RG', 'payer'],
    ['PY', 'payer'],
  ])('names who plays %s as %s', (code, role) => {
    const { resource } = only(mapCustomer('erp', SETTINGS)(withFunctions(plays(code, '10100002'))));
    expect(resource['relatedParty']).toMatchObject([{ role }]);
  });

  it('takes no account of other functions and other sales areas', () => {
    const foreign = { ...AREA, SalesOrganization: '9999' };
    const customer = withFunctions(plays('AG', '10100001'), plays('WE', '10100002', foreign));
    expect(only(mapCustomer('erp', SETTINGS)(customer)).resource['relatedParty']).toEqual([]);
  });

  it.each([
    ['in general', { BusinessPartnerIsBlocked: true }],
    ['for orders', { to_Customer: { OrderIsBlockedForCustomer: true } }],
  ])('that is blocked %s is told so', (_name, more) => {
    const { resource } = only(mapCustomer('erp', SETTINGS)({ ...CUSTOMER_SAMPLE, ...more }));
    expect(resource['status']).toBe('blocked');
  });

  it('stands below the customer that its partner function names, never below itself', () => {
    expect(customerAbove(withFunctions(plays('1C', '10100009')), SETTINGS)).toBe('10100009');
    expect(customerAbove(withFunctions(plays('1C', '10100001')), SETTINGS)).toBeUndefined();
    expect(customerAbove(CUSTOMER_SAMPLE, SETTINGS)).toBeUndefined();
  });
});
