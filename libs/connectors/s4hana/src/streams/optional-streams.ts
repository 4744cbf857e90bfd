import { textAt, type Cursor, type Stream } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import { CONTRACTS, INFO_RECORDS } from '../entity-sets';
import { mapContracts } from '../mapping/contracts';
import { mapProcurement } from '../mapping/procurement';
import { allOf, anyOf, textLiteral } from '../odata-values';
import { groupedSince, type Grouping } from '../reading/grouped-since';
import { CONTRACT_SAMPLE, PROCUREMENT_SAMPLE } from '../samples';
import { overlapOf, type StreamParts } from './stream-parts';

type Grouped = Pick<Stream, 'overlapMs' | 'identity' | 'position' | 'read'>;

const grouped = (parts: StreamParts, grouping: Omit<Grouping, 'pageSize'>): Grouped => {
  const { client, settings } = parts;
  const identity = (record: JsonObject): string | undefined => textAt(record, 'about');
  const position = (record: JsonObject): Cursor | undefined => {
    const [at, id] = [textAt(record, 'changedAt'), identity(record)];
    return at === undefined || id === undefined ? undefined : { at, id };
  };
  const whole = { ...grouping, pageSize: settings.pageSize };
  return {
    ...{ overlapMs: overlapOf(parts), identity, position },
    read: (from, signal) => groupedSince(client, whole, from, signal),
  };
};

/** Who supplies materials and what he asks: only where a purchasing organization is set, whose prices count. */
export const procurementStream = (parts: StreamParts): readonly Stream[] => {
  const { source, settings } = parts;
  if (settings.purchasingOrganization === undefined) return [];
  return [
    {
      name: 'procurementCosts',
      title: 'Suppliers of materials and what they ask',
      entity: 'A_PurchasingInfoRecord',
      resource: 'productSpecification',
      samples: [PROCUREMENT_SAMPLE],
      ...grouped(parts, {
        ...{ set: INFO_RECORDS, keyField: 'PurchasingInfoRecord', aboutField: 'Material' },
        expand: 'to_PurgInfoRecdOrgPlantData',
      }),
      map: mapProcurement(source, settings),
    },
  ];
};

/** What contracts entitle customers to: only where types of contracts are set. */
export const contractStream = (parts: StreamParts): readonly Stream[] => {
  const { source, settings } = parts;
  if (settings.contractTypes.length === 0) return [];
  return [
    {
      name: 'contracts',
      title: 'Contracts of customers',
      entity: 'A_SalesContract',
      resource: 'customer',
      samples: [CONTRACT_SAMPLE],
      ...grouped(parts, {
        ...{ set: CONTRACTS, keyField: 'SalesContract', aboutField: 'SoldToParty' },
        filter: allOf(
          anyOf('SalesContractType', settings.contractTypes),
          `SalesOrganization eq ${textLiteral(settings.salesOrganization)}`,
        ),
      }),
      map: mapContracts(source),
    },
  ];
};
