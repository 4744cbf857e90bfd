import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import { parseJsonBody } from '@quotebridge/platform/http';

/** Tells whether the model declares an attribute path as text. */
export type IsText = (path: string) => boolean;

const LOOKS_LIKE_JSON = /^\s*(?:[[{"]|-?\d|true\b|false\b|null\b)/;
const QUOTED = /^".*"$/s;

const parsed = (text: string): Json | undefined => {
  try {
    return parseJsonBody(text).value;
  } catch {
    return undefined;
  }
};

/** The value of a cell: JSON where it is JSON that can be kept exactly, else text. Of a text attribute only a quoted JSON text is read as JSON. */
export const fromCell = (cell: string, isText: boolean): Json => {
  const value = (isText ? QUOTED : LOOKS_LIKE_JSON).test(cell) ? parsed(cell) : undefined;
  return value === undefined ? cell : value;
};

/** The cell of a value, such that {@link fromCell} gives the value back. */
export const toCell = (value: Json | undefined, isText: boolean): string => {
  if (value === undefined) return '';
  if (typeof value !== 'string') return JSON.stringify(value);
  return value !== '' && fromCell(value, isText) === value ? value : JSON.stringify(value);
};

/** The header of an attribute; dots would make a path of its name. */
export const toHeader = (attribute: string): string => attribute.replace(/[\\.]/g, '\\$&');

const namesOf = (header: string): string[] =>
  (header.match(/(?:\\.|[^.\\])+|\\$/gs) ?? []).map((name) => name.replace(/\\(.)/gs, '$1'));

const put = (target: JsonObject, name: string, value: Json): void => {
  // Not by assignment: a column may be called __proto__.
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
};

/** The headers of a file, as they are. Throws with what keeps its rows from being read. */
export const checkHeaders = (headers: readonly string[]): readonly string[] => {
  const [only] = headers;
  if (headers.length === 1 && only !== undefined && /[;\t|]/.test(only))
    throw new Error('The first line has no comma; separate the columns by commas');
  const strange = headers.find((header) => header.includes('\0'));
  if (strange !== undefined)
    throw new Error(
      `The column ${JSON.stringify(strange)} of the first line has characters that no attribute can have`,
    );
  const twice = headers.find((header, index) => header !== '' && headers.indexOf(header) !== index);
  if (twice !== undefined) throw new Error(`The first line names the column "${twice}" twice`);
  return headers;
};

/** The first column, counted from 1, that has a value in a row and no name; undefined where there is none. */
export const namelessValue = (headers: readonly string[], row: readonly string[]): number | undefined => {
  const index = row.findIndex((cell, at) => cell !== '' && (headers[at] ?? '') === '');
  return index < 0 ? undefined : index + 1;
};

/** A row as a resource: a header is an attribute or a path into one (`price.value`); empty cells are absent. */
export const fromRow = (headers: readonly string[], row: readonly string[], isText: IsText): JsonObject => {
  const resource: JsonObject = {};
  row.forEach((cell, index) => {
    const header = headers[index] ?? '';
    const names = namesOf(header);
    const last = names.pop();
    if (cell === '' || last === undefined) return;
    let target = resource;
    for (const name of names) {
      const inner = Object.hasOwn(target, name) ? target[name] : undefined;
      const next: JsonObject = isJsonObject(inner) ? inner : {};
      put(target, name, next);
      target = next;
    }
    put(target, last, fromCell(cell, isText(header)));
  });
  return resource;
};
