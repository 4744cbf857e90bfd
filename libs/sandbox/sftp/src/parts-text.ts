import { changedDate, sparePart, type SparePart } from '@quotebridge/sandbox/core';

/** How a parts list can be written. */
export const PART_FORMATS = ['csv', 'json', 'ndjson', 'xml'] as const;

/** One of {@link PART_FORMATS}. */
export type PartFormat = (typeof PART_FORMATS)[number];

/** Which parts a list holds. */
export interface PartsOrder {
  readonly seed: number;
  readonly rows: number;
  readonly format: PartFormat;
  /** First place of the endless list. */
  readonly first?: number;
}

const germanDate = (part: SparePart): string => changedDate(part).split('-').reverse().join('.');
const germanNumber = (text: string): string => {
  const [whole = '', rest = ''] = text.split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, '.')},${rest}`;
};

const COLUMNS =
  'Teilenummer;Bezeichnung;Description;Warengruppe;Listenpreis;Waehrung;Einheit;Gewicht_kg;Status;Nachfolger;Austauschbar;Geaendert';

const csvRow = (part: SparePart): string =>
  [
    part.number,
    part.nameDe,
    `"${part.name}"`,
    part.group,
    germanNumber(part.price),
    'EUR',
    'ST',
    germanNumber(part.weight),
    part.status,
    part.supersededBy,
    part.interchangeable ? 'ja' : '',
    germanDate(part),
  ].join(';');

const objectOf = (part: SparePart): object => ({
  number: part.number,
  texts: { en: part.name, de: part.nameDe },
  group: part.group,
  price: { amount: part.price, currency: 'EUR' },
  weightKg: Number(part.weight),
  status: part.status,
  ...(part.supersededBy === ''
    ? {}
    : { supersededBy: { number: part.supersededBy, interchangeable: part.interchangeable } }),
  changed: changedDate(part),
});

const xmlRow = (part: SparePart): string =>
  `<Part number="${part.number}" status="${part.status}"><Text lang="en">${part.name}</Text><Text lang="de">${part.nameDe}</Text>` +
  `<Group>${part.group}</Group><Price currency="EUR">${part.price}</Price><WeightKg>${part.weight}</WeightKg>` +
  `${part.supersededBy === '' ? '' : `<SupersededBy interchangeable="${part.interchangeable}">${part.supersededBy}</SupersededBy>`}` +
  `<Changed>${changedDate(part)}</Changed></Part>`;

interface Shape {
  readonly head: string;
  row(part: SparePart, isFirst: boolean): string;
  readonly tail: string;
}

const SHAPES: Readonly<Record<PartFormat, Shape>> = {
  csv: { head: `${COLUMNS}\r\n`, row: (part) => `${csvRow(part)}\r\n`, tail: '' },
  ndjson: { head: '', row: (part) => `${JSON.stringify(objectOf(part))}\n`, tail: '' },
  json: {
    head: '{"list":"spare parts","data":{"parts":[',
    row: (part, isFirst) => `${isFirst ? '' : ','}\n${JSON.stringify(objectOf(part))}`,
    tail: '\n]}}\n',
  },
  xml: {
    head: '<?xml version="1.0" encoding="UTF-8"?>\n<PartsList><Parts>\n',
    row: (part) => `${xmlRow(part)}\n`,
    tail: '</Parts></PartsList>\n',
  },
};

const ROWS_PER_PIECE = 500;

/** The text of a parts list, piece by piece; nothing of it is held. */
export function* partsText({ seed, rows, format, first = 0 }: PartsOrder): Generator<string> {
  const { head, row, tail } = SHAPES[format];
  let piece = head;
  for (let index = 0; index < rows; index += 1) {
    piece += row(sparePart(seed, first + index), index === 0);
    if ((index + 1) % ROWS_PER_PIECE > 0) continue;
    yield piece;
    piece = '';
  }
  if (piece + tail !== '') yield piece + tail;
}
