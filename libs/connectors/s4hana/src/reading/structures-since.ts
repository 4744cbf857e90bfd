import type { JsonObject } from '@quotebridge/platform/core';
import { compareCursors, textAt } from '@quotebridge/connectors/sdk';
import { BOM_ITEMS, BOMS, EQUIPMENT, PRODUCTS } from '../entity-sets';
import type { ODataClient } from '../odata-client';
import { allOf, anyOf, dayLiteral, textLiteral, withoutLinks } from '../odata-values';
import { changedSince } from './changed-since';
import { aboutAll, changedAtOf, changesIn, roundsOf, type Change } from './changes';
import { mergeOrdered } from './merge-ordered';

/** What the streams of structures read with. */
export interface StructureReading {
  readonly client: Pick<ODataClient, 'all' | 'page' | 'pages' | 'together'>;
  readonly plant: string;
  readonly usage: string;
  readonly materialTypes: readonly string[];
  readonly pageSize: number;
  /** Now, date-time. */
  readonly now: () => string;
}

type Pages = AsyncGenerator<readonly JsonObject[]>;

const TIME = { timeField: 'LastChangeDateTime' } as const;
const HEADER_KEYS = ['BillOfMaterial', 'BillOfMaterialVariant', 'Material'] as const;
/** What tells items apart; a material bill of materials is of one category and one plant here. */
export const ITEM_KEYS = [
  'BillOfMaterial',
  'BillOfMaterialVariant',
  'Material',
  'BillOfMaterialItemNodeNumber',
  'HeaderChangeDocument',
] as const;

const ofPlant = (plant: string): string => `Plant eq ${textLiteral(plant)}`;

const structuresHere = ({ plant, usage }: StructureReading): string =>
  allOf(ofPlant(plant), `BillOfMaterialVariantUsage eq ${textLiteral(usage)}`);

/** Materials whose structure has a changed head or item, each change named by `idOf` the material. */
const structureChanges = (
  reading: StructureReading,
  from: string | undefined,
  signal: AbortSignal,
  idOf: (material: string) => string,
): AsyncGenerator<Change> => {
  const { client, plant, pageSize } = reading;
  const idsOf = (record: JsonObject): readonly (string | undefined)[] => {
    const material = textAt(record, 'Material');
    return [material === undefined ? undefined : idOf(material)];
  };
  const heads = { ...TIME, set: BOMS, keys: HEADER_KEYS, filter: structuresHere(reading), pageSize };
  const items = { ...TIME, set: BOM_ITEMS, keys: ITEM_KEYS, filter: ofPlant(plant), pageSize };
  return mergeOrdered(
    changesIn(changedSince(client, heads, from, signal), idsOf),
    changesIn(changedSince(client, items, from, signal), idsOf),
    compareCursors,
  );
};

/** The structures of materials, with their items, by material. */
const structuresOf = async (
  reading: StructureReading,
  materials: readonly string[],
): Promise<(material: string) => JsonObject[]> => {
  const found = await aboutAll(reading.client, BOMS, [...new Set(materials)], (some) => ({
    $filter: allOf(anyOf('Material', some), structuresHere(reading)),
    $expand: 'to_BillOfMaterialItem',
  }));
  return (material) => found.filter((one) => textAt(one, 'Material') === material).map(withoutLinks);
};

/**
 * Materials that machines are built of and that changed, or whose structure changed, since `from`:
 * `{ product, structures, changedAt }`.
 */
export async function* componentsSince(
  reading: StructureReading,
  from: string | undefined,
  signal: AbortSignal,
): Pages {
  const { client, materialTypes, pageSize } = reading;
  const isComponent = anyOf('ProductType', materialTypes);
  const products = changedSince(
    client,
    { ...TIME, set: PRODUCTS, keys: ['Product'], filter: isComponent, pageSize },
    from,
    signal,
  );
  const changes = mergeOrdered(
    changesIn(products, (record) => [textAt(record, 'Product')]),
    structureChanges(reading, from, signal, (material) => material),
    compareCursors,
  );
  for await (const round of roundsOf(changes)) {
    const materials = round.map(({ id }) => id);
    const [found, structures] = await Promise.all([
      client.all(PRODUCTS, {
        $filter: allOf(anyOf('Product', materials), isComponent),
        $expand: 'to_Description',
      }),
      structuresOf(reading, materials),
    ]);
    const byNumber = new Map(found.map((product) => [textAt(product, 'Product'), product]));
    yield round.flatMap(({ at, id }) => {
      const product = byNumber.get(id);
      return product === undefined
        ? []
        : [{ product: withoutLinks(product), structures: structures(id), ...changedAtOf(at) }];
    });
  }
}

/**
 * Installed machines that changed since `from`, or whose model's structure did: `{ equipment, structures, changedAt }`. All of
 * a round have the time of its first change, because a model may bring more machines than one page holds.
 */
export async function* machinesSince(
  reading: StructureReading,
  from: string | undefined,
  signal: AbortSignal,
): Pages {
  const { client, pageSize, now } = reading;
  // A machine has a record for each time of its life; the one that holds now counts.
  const holdsNow = `ValidityEndDate ge ${dayLiteral(now())}`;
  const order = { ...TIME, set: EQUIPMENT, keys: ['Equipment'], filter: holdsNow, pageSize };
  const machines = changesIn(changedSince(client, order, from, signal), (machine) => {
    const number = textAt(machine, 'Equipment');
    return [number === undefined ? undefined : tagged('Equipment', number)];
  });
  // A first read comes past every machine anyway.
  const changes =
    from === undefined
      ? machines
      : mergeOrdered(
          machines,
          structureChanges(reading, from, signal, (material) => tagged('Material', material)),
          compareCursors,
        );
  for await (const round of roundsOf(changes)) {
    const changedAt = changedAtOf(round[0]?.at ?? now());
    for (const field of ['Equipment', 'Material']) {
      const values = round.flatMap(({ id }) => untagged(field, id));
      if (values.length === 0) continue;
      const query = {
        $filter: allOf(anyOf(field, values), holdsNow),
        $orderby: 'Equipment',
        $expand: 'to_Partner',
      };
      for await (const page of client.pages(EQUIPMENT, query)) {
        signal.throwIfAborted();
        const models = page.flatMap((machine) => textAt(machine, 'Material') ?? []);
        const structures = await structuresOf(reading, models);
        yield page.map((machine) => ({
          equipment: withoutLinks(machine),
          structures: structures(textAt(machine, 'Material') ?? ''),
          ...changedAt,
        }));
      }
    }
  }
}

const tagged = (field: string, value: string): string => `${field}/${value}`;

const untagged = (field: string, id: string): readonly string[] =>
  id.startsWith(`${field}/`) ? [id.slice(field.length + 1)] : [];
