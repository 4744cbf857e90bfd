import { textAt, type Stream } from '@quotebridge/connectors/sdk';
import { mapProcurement } from '../mapping/procurement';
import { procurementSince } from '../reading/procurement-since';
import { PROCUREMENT_SAMPLE } from '../samples';
import { overlapOf, type StreamParts } from './stream-parts';

/** What suppliers ask for materials: only where a purchasing organization is set, whose prices count. */
export const procurementStream = (parts: StreamParts): readonly Stream[] => {
  const { source, settings, client } = parts;
  if (settings.purchasingOrganization === undefined) return [];
  return [
    {
      name: 'procurementCosts',
      title: 'Suppliers of materials and what they ask',
      entity: 'A_PurchasingInfoRecord',
      resource: 'productSpecification',
      overlapMs: overlapOf(parts),
      samples: [PROCUREMENT_SAMPLE],
      identity: (record) => textAt(record, 'part'),
      position: (record) => {
        const [at, id] = [textAt(record, 'changedAt'), textAt(record, 'part')];
        return at === undefined || id === undefined ? undefined : { at, id };
      },
      read: (from, signal) => procurementSince(client, settings.pageSize, from, signal),
      map: mapProcurement(source, settings),
    },
  ];
};
