import { CsvRows, isJsonObject, messageOf, type CsvRow, type JsonObject } from '@quotebridge/platform/core';
import { parseJsonBody } from '@quotebridge/platform/http';
import { checkHeaders, fromRow, namelessValue, type IsText } from './csv-cell';
import type { Format } from './format';
import { JsonItems } from './json-items';
import { decoded, isDamaged, lines, MAX_RECORD, type Piece } from './text-pieces';

/** One record of a file, or why it cannot be read. `line` counts from 1: lines of NDJSON and CSV, items of JSON. */
export type FileRecord =
  { readonly line: number; readonly value: JsonObject } | { readonly line: number; readonly error: string };

/** Bytes or texts of a file, in pieces of any size. */
export type Source = AsyncIterable<Uint8Array | string>;

const NOT_UTF8 = 'holds bytes that are no UTF-8; write the file in UTF-8';

const parsed = ({ line, text }: Piece): FileRecord => {
  if (text === undefined) return { line, error: `is longer than ${MAX_RECORD} characters` };
  if (isDamaged(text)) return { line, error: NOT_UTF8 };
  try {
    // Like the body of a POST: what could not be kept as it is must not come in by a file either.
    const { value } = parseJsonBody(text, 'The record');
    return isJsonObject(value) ? { line, value } : { line, error: 'is not a JSON object' };
  } catch (thrown) {
    return { line, error: messageOf(thrown) };
  }
};

async function* ndjson(source: Source): AsyncGenerator<FileRecord> {
  for await (const piece of lines(decoded(source))) if (piece.text?.trim() !== '') yield parsed(piece);
}

async function* jsonArray(source: Source): AsyncGenerator<FileRecord> {
  const items = new JsonItems();
  for await (const text of decoded(source)) for (const piece of items.push(text)) yield parsed(piece);
  items.end();
}

const rowAsRecord = (headers: readonly string[], row: CsvRow, isText: IsText): FileRecord => {
  const { line } = row;
  if ('problem' in row) return { line, error: `is not CSV: it ${row.problem}` };
  const { cells, isSuspect } = row;
  if (cells.some(isDamaged)) return { line, error: NOT_UTF8 };
  if (cells.length > headers.length)
    return { line, error: `has ${cells.length} columns, the first line has ${headers.length}` };
  if (isSuspect && cells.length < headers.length)
    return { line, error: 'may be part of the broken record before it, since it is not complete' };
  const column = namelessValue(headers, cells);
  return column === undefined
    ? { line, value: fromRow(headers, cells, isText) }
    : { line, error: `has a value in column ${column}, which has no name in the first line` };
};

async function* csv(source: Source, isText: IsText): AsyncGenerator<FileRecord> {
  const reader = new CsvRows({ delimiter: ',', quote: '"', maxRecord: MAX_RECORD });
  let headers: readonly string[] | undefined;
  const records = (rows: readonly CsvRow[]): FileRecord[] => {
    const found: FileRecord[] = [];
    for (const row of rows) {
      if (headers !== undefined) found.push(rowAsRecord(headers, row, isText));
      else if ('problem' in row) throw new Error(`The first line is not CSV: it ${row.problem}`);
      else headers = checkHeaders(row.cells);
    }
    return found;
  };
  for await (const text of decoded(source)) yield* records(reader.push(text));
  yield* records(reader.end());
}

/**
 * Reads the records of a file one by one; the file is never held in memory. A record that cannot be read is
 * reported in its place. Throws when the file as a whole cannot be read on.
 */
export const readRecords = (source: Source, format: Format, isText: IsText): AsyncGenerator<FileRecord> => {
  switch (format) {
    case 'ndjson':
      return ndjson(source);
    case 'json':
      return jsonArray(source);
    case 'csv':
      return csv(source, isText);
  }
};
