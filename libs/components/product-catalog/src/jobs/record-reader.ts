import { pipeline, Readable } from 'node:stream';
import { isJsonObject, messageOf, type JsonObject } from '@quotebridge/platform/core';
import { parseJsonBody } from '@quotebridge/platform/http';
import { parse, type CsvError } from 'csv-parse';
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

interface Row {
  readonly info: { readonly lines: number };
  readonly record: string[];
}

const rowAsRecord = (headers: readonly string[], { info, record }: Row, isText: IsText): FileRecord => {
  const line = info.lines;
  if (record.some(isDamaged)) return { line, error: NOT_UTF8 };
  const column = namelessValue(headers, record);
  return column === undefined
    ? { line, value: fromRow(headers, record, isText) }
    : { line, error: `has a value in column ${column}, which has no name in the first line` };
};

async function* csv(source: Source, isText: IsText): AsyncGenerator<FileRecord> {
  const skipped: FileRecord[] = [];
  const parser = parse({
    info: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    relax_column_count_less: true,
    max_record_size: MAX_RECORD,
    on_skip: (thrown: CsvError | undefined) => {
      const line = typeof thrown?.['lines'] === 'number' ? thrown['lines'] : 0;
      skipped.push({ line, error: `is not CSV: ${messageOf(thrown)}` });
      return undefined;
    },
  });
  // The error of a source that breaks off reaches the parser, and through it the loop.
  pipeline(Readable.from(decoded(source)), parser, () => undefined);
  let headers: readonly string[] | undefined;
  for await (const row of parser as AsyncIterable<Row>) {
    yield* skipped.splice(0);
    if (headers === undefined) headers = checkHeaders(row.record);
    else yield rowAsRecord(headers, row, isText);
  }
  yield* skipped;
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
