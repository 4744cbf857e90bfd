import { pipeline, Readable } from 'node:stream';
import type { JsonObject } from '@quotebridge/platform/core';
import { CsvError, parse } from 'csv-parse';
import { recordOfRow, type Fields } from '../fields';

const ROWS = 500;
const SLICE = 65_536;

function* slices(text: string): Generator<string> {
  for (let start = 0; start < text.length; start += SLICE) yield text.slice(start, start + SLICE);
}

/** A page that is not whole. */
export class TornPage extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'TornPage';
  }
}

/**
 * Records of one page of a bulk result, some at a time; the header row of each page names the fields. Throws
 * {@link TornPage} when the page is no CSV or has not `count` records.
 */
export async function* csvRecords(
  text: string,
  fields: Fields,
  count: number | undefined,
): AsyncGenerator<readonly JsonObject[]> {
  const rows = pipeline(
    Readable.from(slices(text), { highWaterMark: 1 }),
    parse({ skip_empty_lines: true }),
    () => undefined,
  );
  let names: readonly string[] | undefined;
  let records: JsonObject[] = [];
  let read = 0;
  try {
    for await (const cells of rows as AsyncIterable<string[]>) {
      if (names === undefined) {
        names = cells;
        continue;
      }
      read += 1;
      records.push(recordOfRow(fields, names, cells));
      if (records.length < ROWS) continue;
      yield records;
      records = [];
    }
  } catch (thrown) {
    if (thrown instanceof CsvError)
      throw new TornPage(`a page is no CSV: ${thrown.message}`, { cause: thrown });
    throw thrown;
  }
  if (records.length > 0) yield records;
  if (count !== undefined && read !== count) throw new TornPage(`a page has ${read} of ${count} records`);
}
