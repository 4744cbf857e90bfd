import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { textAt } from '@quotebridge/connectors/sdk';
import { partnerChangedAt } from '../partner-change';

const PERSON = '1';

/** True for a business partner that is a person. */
export const isPerson = (partner: JsonObject): boolean =>
  textAt(partner, 'BusinessPartnerCategory') === PERSON;

/** Name of a business partner; its number when it has none. */
export const nameOf = (partner: JsonObject): string =>
  textAt(partner, 'BusinessPartnerFullName') ??
  textAt(partner, 'BusinessPartnerName') ??
  textAt(partner, 'OrganizationBPName1') ??
  textAt(partner, 'BusinessPartner') ??
  '';

/** The record of something that a business partner is, changed when he was. */
export const upsertOf = (
  partner: JsonObject,
  externalId: string,
  id: string,
  resource: JsonObject,
): IngestRecord => {
  const changed = partnerChangedAt(partner);
  return {
    externalId,
    op: 'upsert',
    id,
    ...(changed === undefined ? {} : { modifiedAt: changed }),
    resource,
  };
};
