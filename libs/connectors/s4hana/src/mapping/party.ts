import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { externalIdentifier, objectAt, textAt, type Rejection } from '@quotebridge/connectors/sdk';
import { contactMedia } from './contact';
import { partyId } from './ids';
import { missing } from './missing';
import { nameOf, upsertOf } from './partner';

type Mapped = readonly IngestRecord[] | Rejection;

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
      upsertOf(partner, number, partyId(source, number), {
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
      upsertOf(partner, number, partyId(source, number, true), {
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
