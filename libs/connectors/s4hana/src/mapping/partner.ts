import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { externalIdentifier, objectAt, textAt, type Rejection } from '@quotebridge/connectors/sdk';
import { expanded, expandedOne } from '../odata-values';
import { partnerChangedAt } from '../reading/partners-since';
import type { S4Settings } from '../settings';
import { contactMedia } from './contact';
import { customerId, partyId, supplierId } from './ids';
import { missing } from './missing';

type Mapped = readonly IngestRecord[] | Rejection;
type Area = Pick<S4Settings, 'salesOrganization' | 'distributionChannel' | 'division'>;

/** Partner functions, by their German and their English codes, and the roles that they are here. */
const ROLES: ReadonlyMap<string, string> = new Map([
  ['WE', 'shipTo'],
  ['SH', 'shipTo'],
  ['RE', 'billTo'],
  ['BP', 'billTo'],
  ['RG', 'payer'],
  ['PY', 'payer'],
]);
const PERSON = '1';

const isPerson = (partner: JsonObject): boolean => textAt(partner, 'BusinessPartnerCategory') === PERSON;

const nameOf = (partner: JsonObject): string =>
  textAt(partner, 'BusinessPartnerFullName') ??
  textAt(partner, 'BusinessPartnerName') ??
  textAt(partner, 'OrganizationBPName1') ??
  textAt(partner, 'BusinessPartner') ??
  '';

const inArea = (row: JsonObject, area: Area): boolean =>
  textAt(row, 'SalesOrganization') === area.salesOrganization &&
  textAt(row, 'DistributionChannel') === area.distributionChannel &&
  textAt(row, 'Division') === area.division;

/** The customers that play a part for this one in our sales area, by partner function. */
const functionsOf = (partner: JsonObject, area: Area): readonly (readonly [string, string])[] =>
  expanded(expandedOne(partner, 'to_Customer') ?? {}, 'to_PartnerFunction')
    .filter((row) => inArea(row, area))
    .flatMap((row) => {
      const [name, other] = [textAt(row, 'PartnerFunction'), textAt(row, 'BPCustomerNumber')];
      return name === undefined || other === undefined ? [] : [[name, other] as const];
    });

/** Number of the customer above this one; none for the head of a group. */
export const customerAbove = (partner: JsonObject, settings: S4Settings): string | undefined => {
  const above = functionsOf(partner, settings).find(([name]) => name === settings.parentFunction)?.[1];
  return above === textAt(partner, 'Customer') ? undefined : above;
};

const upsert = (partner: JsonObject, externalId: string, id: string, resource: JsonObject): IngestRecord => {
  const changed = partnerChangedAt(partner);
  return {
    externalId,
    op: 'upsert',
    id,
    ...(changed === undefined ? {} : { modifiedAt: changed }),
    resource,
  };
};

const parentRelation = (source: string, parent: string): JsonObject => ({
  organizationParentRelationship: {
    '@type': 'OrganizationParentRelationship',
    relationshipType: 'partOf',
    organization: {
      '@type': 'OrganizationRef',
      '@referredType': 'Organization',
      id: partyId(source, parent),
    },
  },
});

/**
 * `{ partner, parent? }` → TMF632 organization (v5): an A_BusinessPartner that is no person, and the number of the
 * business partner above it.
 */
export const mapOrganization =
  (source: string) =>
  (record: JsonObject): Mapped => {
    const partner = objectAt(record, 'partner');
    const [number, parent] = [textAt(partner, 'BusinessPartner'), textAt(record, 'parent')];
    if (number === undefined) return missing('/partner/BusinessPartner');
    return [
      upsert(partner, number, partyId(source, number), {
        '@type': 'Organization',
        name: nameOf(partner),
        tradingName: nameOf(partner),
        isLegalEntity: true,
        organizationType: 'company',
        status: partner['IsMarkedForArchiving'] === true ? 'closed' : 'validated',
        contactMedium: contactMedia(partner),
        ...(parent === undefined || parent === number ? {} : parentRelation(source, parent)),
        externalIdentifier: [externalIdentifier(source, 'businessPartner', number)],
      }),
    ];
  };

/** A_BusinessPartner that is a person → TMF632 individual (v5). */
export const mapIndividual =
  (source: string) =>
  (partner: JsonObject): Mapped => {
    const number = textAt(partner, 'BusinessPartner');
    if (number === undefined) return missing('/BusinessPartner');
    const [givenName, familyName] = [textAt(partner, 'FirstName'), textAt(partner, 'LastName')];
    return [
      upsert(partner, number, partyId(source, number, true), {
        '@type': 'Individual',
        formattedName: nameOf(partner),
        ...(givenName === undefined ? {} : { givenName }),
        ...(familyName === undefined ? {} : { familyName }),
        status: 'validated',
        contactMedium: contactMedia(partner),
        externalIdentifier: [externalIdentifier(source, 'businessPartner', number)],
      }),
    ];
  };

const engagedParty = (source: string, number: string, partner: JsonObject): JsonObject => ({
  '@type': 'PartyRef',
  '@referredType': isPerson(partner) ? 'Individual' : 'Organization',
  id: partyId(source, number, isPerson(partner)),
  name: nameOf(partner),
});

const accountParties = (source: string, partner: JsonObject, area: Area): JsonObject[] =>
  functionsOf(partner, area).flatMap(([name, other]) => {
    const role = ROLES.get(name);
    if (role === undefined) return [];
    const partyOrPartyRole = {
      '@type': 'PartyRoleRef',
      '@referredType': 'Customer',
      id: customerId(source, other),
      name: other,
    };
    return [{ '@type': 'RelatedPartyOrPartyRole', role, partyOrPartyRole }];
  });

const textCharacteristics = (values: Readonly<Record<string, string | undefined>>): JsonObject[] =>
  Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [{ '@type': 'StringCharacteristic', name, valueType: 'string', value }],
  );

/** A_BusinessPartner that is a customer → TMF629 customer (v5): its party, who is shipped and billed to, its price list. */
export const mapCustomer =
  (source: string, area: Area) =>
  (partner: JsonObject): Mapped => {
    const [number, customer] = [textAt(partner, 'BusinessPartner'), textAt(partner, 'Customer')];
    if (number === undefined) return missing('/BusinessPartner');
    if (customer === undefined) return [];
    const details = expandedOne(partner, 'to_Customer') ?? {};
    const sales = expanded(details, 'to_CustomerSalesArea').find((row) => inArea(row, area)) ?? {};
    const isBlocked =
      partner['BusinessPartnerIsBlocked'] === true || details['OrderIsBlockedForCustomer'] === true;
    return [
      upsert(partner, customer, customerId(source, customer), {
        '@type': 'Customer',
        name: nameOf(partner),
        role: 'customer',
        status: isBlocked ? 'blocked' : 'active',
        engagedParty: engagedParty(source, number, partner),
        contactMedium: contactMedia(partner),
        relatedParty: accountParties(source, partner, area),
        characteristic: textCharacteristics({
          priceList: textAt(sales, 'PriceListType'),
          currency: textAt(sales, 'Currency'),
          paymentTerms: textAt(sales, 'CustomerPaymentTerms'),
          incoterms: textAt(sales, 'IncotermsClassification'),
        }),
        externalIdentifier: [externalIdentifier(source, 'customer', customer)],
      }),
    ];
  };

/** A_BusinessPartner that is a supplier → TMF669 partyRole (v5) with the role `supplier`. */
export const mapSupplier =
  (source: string) =>
  (partner: JsonObject): Mapped => {
    const [number, supplier] = [textAt(partner, 'BusinessPartner'), textAt(partner, 'Supplier')];
    if (number === undefined) return missing('/BusinessPartner');
    if (supplier === undefined) return [];
    const isBlocked = expandedOne(partner, 'to_Supplier')?.['PurchasingIsBlocked'] === true;
    return [
      upsert(partner, supplier, supplierId(source, supplier), {
        '@type': 'PartyRole',
        name: nameOf(partner),
        role: 'supplier',
        status: isBlocked ? 'blocked' : 'active',
        engagedParty: engagedParty(source, number, partner),
        contactMedium: contactMedia(partner),
        externalIdentifier: [externalIdentifier(source, 'supplier', supplier)],
      }),
    ];
  };
