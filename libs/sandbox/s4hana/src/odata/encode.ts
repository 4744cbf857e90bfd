import type { Json, JsonObject } from '@quotebridge/platform/core';
import type { Row } from '@quotebridge/sandbox/core';
import type { EdmType, EntitySet } from '../model/entity';
import { badRequest } from './errors';
import { fits, type Value } from './literals';

const EMPTY: Record<EdmType, Json> = {
  String: '',
  Boolean: false,
  Decimal: '0',
  DateTime: null,
  DateTimeOffset: null,
  Time: 'PT00H00M00S',
  Int32: 0,
};

/** A kept value in the JSON of OData V2: dates as `/Date(…)/`, decimals as strings, absent as the type's initial value. */
export const encodeValue = (type: EdmType, value: Json | undefined): Json => {
  if (value === undefined || value === null) return EMPTY[type];
  if (type === 'DateTime') return `/Date(${String(value)})/`;
  if (type === 'DateTimeOffset') return `/Date(${String(value)}+0000)/`;
  if (type === 'Int32') return Number(value);
  return value;
};

const fromDateText = (text: string): number | undefined => {
  const ticks = /^\/Date\((-?\d+)([+-]\d{4})?\)\/$/.exec(text)?.[1];
  if (ticks !== undefined) return Number(ticks);
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)
    ? Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`)
    : NaN;
  return Number.isNaN(time) ? undefined : time;
};

const toValue = (type: EdmType, sent: Json): Value | undefined => {
  if (sent === null || typeof sent === 'boolean') return sent;
  if (typeof sent === 'string')
    return type === 'DateTime' || type === 'DateTimeOffset' ? fromDateText(sent) : sent;
  return typeof sent === 'number' && type === 'Int32' ? String(sent) : undefined;
};

/** Reads a value of a request body; a decimal sent as a JSON number is refused, as SAP Gateway does. */
export const decodeValue = (name: string, type: EdmType, sent: Json): Value => {
  const value = toValue(type, sent);
  if (value !== undefined && fits(type, value)) return value;
  throw badRequest(`Failed to read property '${name}': ${JSON.stringify(sent)} is not an Edm.${type}.`, name);
};

const keyLiteral = (type: EdmType | undefined, value: Json | undefined): string => {
  const text = String(value ?? '');
  if (type === 'DateTime')
    return `datetime'${encodeURIComponent(new Date(Number(text)).toISOString().slice(0, 19))}'`;
  return `'${encodeURIComponent(text.replace(/'/g, "''"))}'`;
};

/** `A_Product('TG11')` or `A_SalesOrderItem(SalesOrder='1',SalesOrderItem='10')`. */
export const entityPath = (set: EntitySet, row: Row): string => {
  const literal = (key: string): string => keyLiteral(set.fields[key], row[key]);
  const [only, ...more] = set.keys;
  const keys =
    more.length === 0 && only !== undefined
      ? literal(only)
      : set.keys.map((key) => `${key}=${literal(key)}`).join(',');
  return `${set.set}(${keys})`;
};

/** The ETag of a row, or undefined when the set has none. Callers must treat it as opaque. */
export const etagOf = (set: EntitySet, row: Row): string | undefined => {
  if (set.etag === undefined) return undefined;
  const value = row[set.etag];
  if (set.fields[set.etag] !== 'DateTimeOffset') return `W/"'${String(value ?? '')}'"`;
  const text = new Date(Number(value ?? 0)).toISOString().replace('Z', '0000Z');
  return `W/"datetimeoffset'${encodeURIComponent(text)}'"`;
};

/** The `__metadata` part of an entity. */
export const metadataOf = (service: string, root: string, set: EntitySet, row: Row): JsonObject => {
  const uri = `${root}/${entityPath(set, row)}`;
  const etag = etagOf(set, row);
  return { id: uri, uri, type: `${service}.${set.set}Type`, ...(etag === undefined ? {} : { etag }) };
};
