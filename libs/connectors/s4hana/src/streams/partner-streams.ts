import type { JsonObject } from '@quotebridge/platform/core';
import { objectAt, textAt, type Cursor, type Stream } from '@quotebridge/connectors/sdk';
import { ADDRESS_EXPAND } from '../entity-sets';
import { mapCustomer, mapSupplier } from '../mapping/partner-role';
import { mapIndividual, mapOrganization } from '../mapping/party';
import { customerAbove } from '../mapping/sales-area';
import { withoutLinks } from '../odata-values';
import { partnerChangedAt } from '../partner-change';
import { allPartners, partnersBehind, partnersSince, type PartnerReading } from '../reading/partners-since';
import { CUSTOMER_SAMPLE, PERSON_SAMPLE, SUPPLIER_SAMPLE } from '../samples';
import { bare, overlapOf, type StreamParts } from './stream-parts';

type Pages = AsyncIterable<readonly JsonObject[]>;
type Reads = Required<Pick<Stream, 'read' | 'readAll'>>;

const position = (partner: JsonObject): Cursor | undefined => {
  const [at, id] = [partnerChangedAt(partner), textAt(partner, 'BusinessPartner')];
  return at === undefined || id === undefined ? undefined : { at, id };
};

/** Reads a kind of business partners: all of them by number, or the changed ones in the order of their changes. */
const partners = (
  { client, settings }: StreamParts,
  kind: Omit<PartnerReading, 'pageSize'>,
  finish: (pages: Pages) => Pages = bare,
): Reads => {
  const reading: PartnerReading = { ...kind, pageSize: settings.pageSize };
  const readAll = (signal: AbortSignal): Pages => finish(allPartners(client, reading, signal));
  return {
    readAll,
    read: (from, signal) =>
      from === undefined ? readAll(signal) : finish(partnersSince(client, reading, from, signal)),
  };
};

/** Organizations with the number of the one above each. */
const withParents = ({ client, settings }: StreamParts) =>
  async function* (pages: Pages): AsyncGenerator<readonly JsonObject[]> {
    for await (const page of pages) {
      const above = page.map((partner) => customerAbove(partner, settings));
      const numbers = await partnersBehind(
        client,
        above.filter((customer) => customer !== undefined),
      );
      yield page.map((partner, index) => {
        const parent = numbers.get(above[index] ?? '');
        return { partner: withoutLinks(partner), ...(parent === undefined ? {} : { parent }) };
      });
    }
  };

/** Who has our number of this kind is the same, even when another system told of him first. */
const byNumber = (owner: string, externalIdentifierType: string): Pick<Stream, 'naturalKeys'> => ({
  naturalKeys: [{ externalIdentifierType, owner }],
});

/** Business partners: companies and people, and the parts that they play as customers and suppliers. */
export const partnerStreams = (parts: StreamParts): readonly Stream[] => {
  const { source, settings } = parts;
  const common = { entity: 'A_BusinessPartner', overlapMs: overlapOf(parts), position };
  return [
    {
      ...common,
      name: 'organizations',
      title: 'Companies and groups',
      resource: 'organization',
      ...byNumber(source, 'businessPartner'),
      ownedThere: ['organizationParentRelationship'],
      samples: [{ partner: CUSTOMER_SAMPLE, parent: '10100009' }],
      identity: (record) => textAt(objectAt(record, 'partner'), 'BusinessPartner'),
      position: (record) => position(objectAt(record, 'partner')),
      ...partners(
        parts,
        {
          kind: "BusinessPartnerCategory ne '1'",
          expand: `${ADDRESS_EXPAND},to_Customer/to_PartnerFunction`,
        },
        withParents(parts),
      ),
      map: mapOrganization(source),
    },
    {
      ...common,
      name: 'individuals',
      title: 'People',
      resource: 'individual',
      ownedThere: ['givenName', 'familyName'],
      samples: [PERSON_SAMPLE],
      identity: (record) => textAt(record, 'BusinessPartner'),
      ...partners(parts, { kind: "BusinessPartnerCategory eq '1'", expand: ADDRESS_EXPAND }),
      map: mapIndividual(source),
    },
    {
      ...common,
      name: 'customers',
      title: 'Customers',
      resource: 'customer',
      ...byNumber(source, 'customer'),
      samples: [CUSTOMER_SAMPLE],
      identity: (record) => textAt(record, 'Customer'),
      ...partners(parts, {
        kind: "Customer ne ''",
        expand: `${ADDRESS_EXPAND},to_Customer/to_CustomerSalesArea,to_Customer/to_PartnerFunction`,
      }),
      map: mapCustomer(source, settings),
    },
    {
      ...common,
      name: 'suppliers',
      title: 'Suppliers',
      resource: 'partyRole',
      samples: [SUPPLIER_SAMPLE],
      identity: (record) => textAt(record, 'Supplier'),
      ...partners(parts, { kind: "Supplier ne ''", expand: `${ADDRESS_EXPAND},to_Supplier` }),
      map: mapSupplier(source),
    },
  ];
};
