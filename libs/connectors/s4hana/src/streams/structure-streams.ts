import { isoNow, type JsonObject } from '@quotebridge/platform/core';
import { objectAt, textAt, type Cursor, type Stream } from '@quotebridge/connectors/sdk';
import { mapComponent, mapMachine } from '../mapping/machine';
import { mapSparePart } from '../mapping/spare-part';
import { sparePartsSince } from '../reading/spare-parts-since';
import { componentsSince, machinesSince, type StructureReading } from '../reading/structures-since';
import { MACHINE_SAMPLE, MATERIAL_SAMPLE, SPARE_PART_SAMPLE, STRUCTURE_SAMPLE } from '../samples';
import { overlapOf, type StreamParts } from './stream-parts';

const CHANGED_AT = '2026-01-01T00:00:00.000Z';

/** The place of a record that was put together, by the thing that it is about. */
const positionOf =
  (part: string, idField: string) =>
  (record: JsonObject): Cursor | undefined => {
    const [at, id] = [textAt(record, 'changedAt'), textAt(objectAt(record, part), idField)];
    return at === undefined || id === undefined ? undefined : { at, id };
  };

/** What spare parts fit, what machines are built of, and the machines: only where a plant is set, whose structures count. */
export const structureStreams = (parts: StreamParts): readonly Stream[] => {
  const { source, settings, client, clock } = parts;
  const { plant, structureUsage: usage, componentTypes: materialTypes, pageSize } = settings;
  if (plant === undefined) return [];
  const reading: StructureReading = {
    ...{ client, plant, usage, materialTypes, pageSize },
    now: () => isoNow(clock),
  };
  const overlapMs = overlapOf(parts);
  const common = { resource: 'product', overlapMs };
  return [
    {
      name: 'spareParts',
      title: 'Which models spare parts fit, and what supersedes them',
      entity: 'MaterialBOMItem',
      resource: 'productSpecification',
      overlapMs,
      samples: [SPARE_PART_SAMPLE],
      identity: (record) => textAt(record, 'part'),
      position: (record) => {
        const [at, id] = [textAt(record, 'changedAt'), textAt(record, 'part')];
        return at === undefined || id === undefined ? undefined : { at, id };
      },
      read: (from, signal) => sparePartsSince(reading, from, signal),
      map: mapSparePart(source),
    },
    {
      ...common,
      name: 'components',
      title: 'Materials with their structures',
      entity: 'MaterialBOM',
      samples: [{ product: MATERIAL_SAMPLE, structures: [STRUCTURE_SAMPLE], changedAt: CHANGED_AT }],
      identity: (record) => textAt(objectAt(record, 'product'), 'Product'),
      position: positionOf('product', 'Product'),
      read: (from, signal) => componentsSince(reading, from, signal),
      map: mapComponent(source, settings),
    },
    {
      ...common,
      name: 'machines',
      title: 'Installed machines',
      entity: 'Equipment',
      ownedThere: ['startDate', 'productSpecification', 'relatedParty'],
      samples: [{ equipment: MACHINE_SAMPLE, structures: [STRUCTURE_SAMPLE], changedAt: CHANGED_AT }],
      identity: (record) => textAt(objectAt(record, 'equipment'), 'Equipment'),
      position: positionOf('equipment', 'Equipment'),
      read: (from, signal) => machinesSince(reading, from, signal),
      map: mapMachine(source),
    },
  ];
};
