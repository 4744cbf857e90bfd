import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { externalIdentifier, textAt, type Rejection } from '@quotebridge/connectors/sdk';
import { expanded, expandedOne } from '../odata-values';
import { contactMedia } from './contact';
import { customerId, partyId, supplierId } from './ids';
import { missing } from './missing';
import { isPerson, nameOf, upsertOf } from './partner';
import { functionsOf, inArea, type Area } from './sales-area';

type Mapped = readonly IngestRecord[] | Rejection;

/** Partner functions, by their German and their English codes, and the roles that they are here. */
const ROLES: ReadonlyMap<string, string> = new Map([
  ['WE', 'shipTo'],
  ['SH', 'shipTo'],
  ['RE', 'billTo'],
  ['BP', 'billTo'],
  ['RG', 'payer'],
  ['PY', 'payer'],
]);

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

/** What a partner is in any of its roles: who it is, whether it may trade, how it is reached, and its number in that role. */
const inRole = (
  source: string,
  partner: JsonObject,
  { role, number, id, isBlocked }: { role: string; number: string; id: string; isBlocked: boolean },
): JsonObject => ({
  name: nameOf(partner),
  role,
  status: isBlocked ? 'blocked' : 'active',
  engagedParty: engagedParty(source, number, partner),
  contactMedium: contactMedia(partner),
  externalIdentifier: [externalIdentifier(source, role, id)],
});

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
      upsertOf(partner, customer, customerId(source, customer), {
        '@type': 'Customer',
        ...inRole(source, partner, { role: 'customer', number, id: customer, isBlocked }),
        relatedParty: accountParties(source, partner, area),
        characteristic: textCharacteristics({
          priceList: textAt(sales, 'PriceListType'),
          currency: textAt(sales, 'Currency'),
          paymentTerms: textAt(sales, 'CustomerPaymentTerms'),
          incoterms: textAt(sales, 'IncotermsClassification'),
        }),
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
      upsertOf(partner, supplier, supplierId(source, supplier), {
        '@type': 'PartyRole',
        ...inRole(source, partner, { role: 'supplier', number, id: supplier, isBlocked }),
      }),
    ];
  };
