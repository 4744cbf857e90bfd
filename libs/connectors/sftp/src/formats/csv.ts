import { pipeline, Readable } from 'node:stream';
import { parse, CsvError } from 'csv-parse';
import type { JsonObject } from '@quotebridge/platform/core';
import type { FileFormat } from '../settings';
import { FileProblem, tooLarge, type ParsedRecord, type ParserLimits } from './parsed';

type CsvFormat = Extract<FileFormat, { kind: 'csv' }>;

interface Row {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

const PAGE = 500;

const problemOf = (thrown: unknown, recordBytes: number): unknown => {
  if (!(thrown instanceof CsvError)) return thrown;
  const line = typeof thrown['lines'] === 'number' ? thrown['lines'] : 0;
  if (thrown.code === 'CSV_MAX_RECORD_SIZE') return tooLarge(line, recordBytes);
  if (thrown.code === 'CSV_QUOTE_NOT_CLOSED')
    return new FileProblem('partial', `The file ends inside a quoted field that begins near line ${line}`);
  return new FileProblem('refused', `The file is no CSV at line ${line}: ${thrown.message}`);
};

const headerOf = (fields: readonly string[]): readonly string[] => {
  const names = fields.map((name) => name.trim());
  const wrong = names.find((name, index) => name === '' || names.indexOf(name) !== index);
  if (wrong !== undefined)
    throw new FileProblem(
      'refused',
      `The header line has ${wrong === '' ? 'a column without a name' : `the column "${wrong}" twice`}`,
    );
  return names;
};

const recordOf = (
  columns: readonly string[],
  fields: readonly string[],
  place: { number: number; line: number },
): ParsedRecord => {
  const data: JsonObject = Object.fromEntries(columns.map((name, index) => [name, fields[index] ?? '']));
  return fields.length === columns.length
    ? { ...place, data }
    : { ...place, data, problem: `has ${fields.length} fields instead of ${columns.length}` };
};

/** Records of CSV text (RFC 4180, any delimiter), page by page. A record with too few or too many fields has a problem. */
export async function* csvRecords(
  format: CsvFormat,
  { recordBytes }: ParserLimits,
  text: AsyncIterable<string>,
): AsyncGenerator<readonly ParsedRecord[]> {
  const parser = parse({
    delimiter: format.delimiter,
    quote: format.quote,
    escape: format.quote,
    from_line: format.skipLines + 1,
    info: true,
    max_record_size: recordBytes,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  const rows = pipeline(Readable.from(text, { objectMode: true, highWaterMark: 1 }), parser, () => undefined);
  let columns = format.columns;
  let number = 0;
  let last = format.skipLines;
  let page: ParsedRecord[] = [];
  try {
    for await (const { record, info } of rows as AsyncIterable<Row>) {
      const line = last + 1;
      last = info.lines;
      if (columns === undefined) {
        columns = headerOf(record);
        continue;
      }
      number += 1;
      page.push(recordOf(columns, record, { number, line }));
      if (page.length < PAGE) continue;
      yield page;
      page = [];
    }
  } catch (thrown) {
    throw problemOf(thrown, recordBytes);
  }
  if (columns === undefined) throw new FileProblem('partial', 'The file has no header line');
  if (page.length > 0) yield page;
}
