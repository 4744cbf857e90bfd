import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { isJsonObject, messageOf, type Json, type JsonObject } from '@quotebridge/platform/core';
import { JSONParser } from '@streamparser/json-node';
import { parse } from 'csv-parse';
import type { Format } from './format';

/** One record of a file, or why it cannot be read. `line` counts from 1: lines of NDJSON and CSV, items of JSON. */
export type FileRecord =
  { readonly line: number; readonly value: JsonObject } | { readonly line: number; readonly error: string };

const asRecord = (line: number, value: unknown): FileRecord =>
  isJsonObject(value) ? { line, value } : { line, error: 'is not a JSON object' };

const parsed = (line: number, text: string): FileRecord => {
  try {
    return asRecord(line, JSON.parse(text));
  } catch (thrown) {
    return { line, error: `is not JSON: ${messageOf(thrown)}` };
  }
};

async function* ndjson(source: Readable): AsyncGenerator<FileRecord> {
  let line = 0;
  for await (const text of createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    if (text.trim() !== '') yield parsed(line, text);
  }
}

async function* jsonArray(source: Readable): AsyncGenerator<FileRecord> {
  const parser = new JSONParser({ paths: ['$.*'], keepStack: false });
  // A break in the source must end the reading with its error, not hang it.
  source.on('error', (thrown) => parser.destroy(thrown));
  let item = 0;
  for await (const { value } of source.pipe(parser) as AsyncIterable<{ value: unknown }>) {
    item += 1;
    yield asRecord(item, value);
  }
}

const LOOKS_LIKE_JSON = /^\s*(?:[[{"]|-?\d|true\b|false\b|null\b)/;

/** A cell as JSON where it is JSON (objects, numbers, booleans), else as text. */
const cell = (text: string): Json => {
  if (!LOOKS_LIKE_JSON.test(text)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
};

/** A CSV row as a resource: a column may be an attribute or a path into one (`price.value`); empty cells are absent. */
export const fromRow = (
  row: Readonly<Record<string, string>>,
  isText: (path: string) => boolean,
): JsonObject => {
  const resource: JsonObject = {};
  for (const [path, text] of Object.entries(row)) {
    if (text === '' || path === '') continue;
    const names = path.split('.');
    const last = names.pop() ?? path;
    let target = resource;
    for (const name of names) {
      const inner = Object.hasOwn(target, name) ? target[name] : undefined;
      const next: JsonObject = isJsonObject(inner) ? inner : {};
      Object.defineProperty(target, name, {
        value: next,
        enumerable: true,
        configurable: true,
        writable: true,
      });
      target = next;
    }
    Object.defineProperty(target, last, {
      value: isText(path) ? text : cell(text),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return resource;
};

async function* csv(source: Readable, isText: (path: string) => boolean): AsyncGenerator<FileRecord> {
  const parser = parse({
    columns: true,
    bom: true,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: 1_048_576,
  });
  source.on('error', (thrown) => parser.destroy(thrown));
  let line = 1;
  for await (const row of source.pipe(parser) as AsyncIterable<Record<string, string>>) {
    line += 1;
    yield { line, value: fromRow(row, isText) };
  }
}

/**
 * Reads the records of a file one by one; the file is never held in memory. A record that cannot be read is
 * reported in its place. Throws when the file as a whole cannot be read on.
 */
export const readRecords = (
  source: Readable,
  format: Format,
  isText: (path: string) => boolean,
): AsyncGenerator<FileRecord> => {
  switch (format) {
    case 'ndjson':
      return ndjson(source);
    case 'json':
      return jsonArray(source);
    case 'csv':
      return csv(source, isText);
  }
};
