import * as fc from 'fast-check';
import { isJsonObject, stableId, type Json, type JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { isRejection } from '@quotebridge/connectors/sdk';
import { ACCOUNT_SAMPLE, CONTACT_SAMPLE, OPPORTUNITY_SAMPLE, PRICE_SAMPLE, PRODUCT_SAMPLE } from '../samples';
import { mapCustomer, mapOrganization } from './account';
import { mapIndividual } from './contact';
import { endsProduct, mapPrice, mapProduct } from './product';
import { mapSalesOpportunity } from './sales-opportunity';

const settings = {
  offeringSource: 'erp',
  customerNumberField: 'AccountNumber',
  currency: 'EUR',
  multiCurrency: false,
  fields: { quoteId: 'Quote__c' },
};
const MAPPINGS = {
  Organization: [mapOrganization('crm', settings), ACCOUNT_SAMPLE],
  Customer: [mapCustomer('crm', settings), ACCOUNT_SAMPLE],
  Individual: [mapIndividual('crm'), CONTACT_SAMPLE],
  ProductSpecification: [mapProduct('crm', settings), PRODUCT_SAMPLE],
  ProductOfferingPrice: [mapPrice('crm', settings), PRICE_SAMPLE],
  SalesOpportunity: [mapSalesOpportunity('crm', settings), OPPORTUNITY_SAMPLE],
} as const;
const KINDS = Object.keys(MAPPINGS) as (keyof typeof MAPPINGS)[];

const one = (kind: keyof typeof MAPPINGS, more: JsonObject = {}): IngestRecord => {
  const [map, sample] = MAPPINGS[kind];
  const records = map({ ...sample, ...more });
  if (isRejection(records) || records.length !== 1) throw new Error(JSON.stringify(records));
  return records[0] as IngestRecord;
};

// Money and the like have no class of their own in v5.
const PLAIN = new Set(['price', 'amount', 'validFor']);

const isWhole = (value: Json | undefined, name = ''): boolean => {
  if (value === null || value === undefined || value === '') return false;
  if (Array.isArray(value)) return value.every((item) => isWhole(item, name));
  if (!isJsonObject(value)) return true;
  const hasClass = typeof value['@type'] === 'string' || PLAIN.has(name);
  return hasClass && Object.entries(value).every(([key, member]) => isWhole(member, key));
};

describe('master data of the CRM', () => {
  it.each(KINDS)(
    '%s: whichever fields are empty, nothing that comes of it is empty or without a class',
    (kind) => {
      const [map, sample] = MAPPINGS[kind];
      const optional = Object.keys(sample).filter((name) => name !== 'Id');
      fc.assert(
        fc.property(fc.subarray(optional), (empty) => {
          const records = map({ ...sample, ...Object.fromEntries(empty.map((name) => [name, null])) });
          if (isRejection(records)) return records.faults.length > 0;
          return records.every(({ op, resource }) => op === 'delete' || isWhole(resource));
        }),
      );
    },
  );

  it.each(KINDS)('%s: a deleted record is a tombstone, one without an id is refused', (kind) => {
    expect(one(kind, { IsDeleted: true })).toMatchObject({ op: 'delete', id: one(kind).id });
    const [map, sample] = MAPPINGS[kind];
    expect(map({ ...sample, Id: null })).toMatchObject({ faults: [{ path: '/Id' }] });
  });

  it('an account has its place, its number in the ERP and both addresses', () => {
    const organization = one('Organization');
    expect(organization).toMatchObject({
      externalId: '001000000000002AAA',
      modifiedAt: '2026-01-01T00:00:00.000Z',
      resource: {
        organizationParentRelationship: {
          organization: { id: stableId('crm', 'organization', '001000000000001AAA') },
        },
        externalIdentifier: [
          { owner: 'crm', externalIdentifierType: 'account', id: '001000000000002AAA' },
          { owner: 'erp', externalIdentifierType: 'businessPartner', id: '10100002' },
        ],
        contactMedium: [
          { phoneNumber: '+49 40 1234' },
          { contactType: 'billTo', street1: 'Kai 1', street2: 'Gate 4', city: 'Hamburg' },
          { contactType: 'shipTo', street1: 'Dock 7' },
        ],
      },
    });
    expect(one('Customer').resource).toMatchObject({
      engagedParty: { id: organization.id },
      externalIdentifier: [{}, { owner: 'erp', externalIdentifierType: 'customer', id: '10100002' }],
    });
    expect(one('Individual').resource['relatedParty']).toMatchObject([
      { role: 'employer', partyOrPartyRole: { id: organization.id, name: 'Nordhafen Shipyard' } },
    ]);
  });

  it('a product is the material that its code names, and a price book a price list of it', () => {
    const specification = stableId('erp', 'productSpecification', 'SP-1001');
    expect(one('ProductSpecification').id).toBe(specification);
    const withoutCode = one('ProductSpecification', { ProductCode: null });
    expect(withoutCode.id).toBe(stableId('crm', 'productSpecification', '01t000000000001AAA'));
    expect(one('ProductOfferingPrice').resource).toMatchObject({
      price: { unit: 'EUR', value: 2480.5 },
      prodSpecCharValueUse: [
        {
          name: 'priceList',
          productSpecification: { id: specification },
          productSpecCharacteristicValue: [{ value: 'Key Accounts' }],
        },
      ],
    });
    expect(one('ProductOfferingPrice', { CurrencyIsoCode: 'CHF' }).resource).toMatchObject({
      price: { unit: 'CHF' },
    });
  });

  it.each([
    ['inProgress', {}],
    ['accepted', { IsClosed: true, IsWon: true, StageName: 'Closed Won' }],
    ['rejected', { IsClosed: true, StageName: 'Closed Lost' }],
  ])('an opportunity is %s by its stage, with what it may bring and the quote it knows', (status, more) => {
    const { resource } = one('SalesOpportunity', { ...more, Quote__c: 'q1' });
    expect(resource).toMatchObject({
      status,
      revenueEstimate: [{ amount: { unit: 'EUR', value: 4960 } }],
      validFor: { endDateTime: '2026-12-31T00:00:00.000Z' },
      quote: [{ id: 'q1' }],
      relatedParty: [
        { role: 'account', partyOrPartyRole: { id: stableId('crm', 'organization', '001000000000001AAA') } },
      ],
    });
  });

  it.each([
    ['is switched off', { IsActive: false }],
    ['is in a price book that is switched off', { Pricebook2: { Name: 'Key Accounts', IsActive: false } }],
  ])('a price that %s ends', (_name, more) => {
    expect(one('ProductOfferingPrice', more).op).toBe('delete');
  });

  it('a product that is switched off is retired if it was there', () => {
    expect(one('ProductSpecification', { IsActive: false }).resource['lifecycleStatus']).toBe('Retired');
    expect([{ IsActive: false }, { IsActive: true }].map(endsProduct)).toEqual([true, false]);
  });

  it.each([
    ['/UnitPrice', { UnitPrice: 'much' }],
    ['/Pricebook2/Name', { Pricebook2: null }],
    ['/Product2Id', { Product2Id: null }],
  ])('a price without %s is refused with the place', (path, more) => {
    expect(mapPrice('crm', settings)({ ...PRICE_SAMPLE, ...more })).toMatchObject({ faults: [{ path }] });
  });
});
