import type { FileFormat } from '../settings';
import { csvRecords } from './csv';
import { jsonParser } from './json';
import { ndjsonParser } from './ndjson';
import type { ParsedRecord, ParserLimits, RecordParser } from './parsed';
import { xmlParser } from './xml';

async function* pushed(
  parser: RecordParser,
  text: AsyncIterable<string>,
): AsyncGenerator<readonly ParsedRecord[]> {
  for await (const piece of text) {
    const records = parser.push(piece);
    if (records.length > 0) yield records;
  }
  const last = parser.end();
  if (last.length > 0) yield last;
}

/** The records of a decoded file, some at a time. Throws a `FileProblem` when it cannot be read. */
export const recordsOf = (
  format: FileFormat,
  limits: ParserLimits,
  text: AsyncIterable<string>,
): AsyncGenerator<readonly ParsedRecord[]> => {
  switch (format.kind) {
    case 'csv':
      return csvRecords(format, limits, text);
    case 'ndjson':
      return pushed(ndjsonParser(limits), text);
    case 'json':
      return pushed(jsonParser(format.records, limits), text);
    case 'xml':
      return pushed(xmlParser(format.record, limits), text);
  }
};
