import { CsvRows, type CsvRow, type JsonObject } from '@quotebridge/platform/core';
import type { FileFormat } from '../settings';
import { FileProblem, tooLarge, type ParsedRecord, type ParserLimits } from './parsed';

type CsvFormat = Extract<FileFormat, { kind: 'csv' }>;

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

const recordOf = (columns: readonly string[], row: CsvRow, number: number): ParsedRecord => {
  const place = { number, line: row.line };
  if ('problem' in row) return { ...place, data: {}, problem: `is no CSV: it ${row.problem}` };
  const { cells } = row;
  const data: JsonObject = Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? '']));
  return cells.length === columns.length
    ? { ...place, data }
    : { ...place, data, problem: `has ${cells.length} fields instead of ${columns.length}` };
};

/**
 * A quote that is open at the end belongs to a file that is not whole yet, unless every line behind it is a whole record
 * by itself: then it is one that does not belong there.
 */
const refusePartial = (rows: readonly CsvRow[], columns: readonly string[] | undefined): void => {
  const at = rows.findIndex((row) => 'problem' in row && row.kind === 'unclosed');
  const behind = rows.slice(at + 1);
  const isStray =
    behind.length > 0 && behind.every((row) => 'cells' in row && row.cells.length === columns?.length);
  if (at >= 0 && !isStray)
    throw new FileProblem(
      'partial',
      `The file ends inside a quoted field that begins at line ${rows[at]?.line ?? 0}`,
    );
};

/**
 * Records of CSV text (RFC 4180, any delimiter), those of a piece at a time. A record with too few or too many fields or with a
 * stray quote has a problem.
 */
export async function* csvRecords(
  format: CsvFormat,
  { recordBytes }: ParserLimits,
  text: AsyncIterable<string>,
): AsyncGenerator<readonly ParsedRecord[]> {
  const { delimiter, quote, skipLines } = format;
  const reader = new CsvRows({ delimiter, quote, skipLines, maxRecord: recordBytes });
  let { columns } = format;
  let number = 0;
  const records = (rows: readonly CsvRow[]): ParsedRecord[] => {
    const found: ParsedRecord[] = [];
    for (const row of rows) {
      if ('problem' in row && row.kind === 'tooLong') throw tooLarge(row.line, recordBytes);
      if (columns !== undefined) found.push(recordOf(columns, row, (number += 1)));
      else if ('problem' in row) throw new FileProblem('refused', `The header line ${row.problem}`);
      else columns = headerOf(row.cells);
    }
    return found;
  };
  for await (const piece of text) {
    const page = records(reader.push(piece));
    if (page.length > 0) yield page;
  }
  const last = reader.end();
  refusePartial(last, columns);
  const page = records(last);
  if (columns === undefined) throw new FileProblem('partial', 'The file has no header line');
  if (page.length > 0) yield page;
}
