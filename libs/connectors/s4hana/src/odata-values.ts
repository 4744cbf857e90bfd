import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';

const EPOCH = /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * A date as date-time text: `/Date(ms)/` or `/Date(ms+offset)/` of OData V2, whose milliseconds are UTC whatever the offset, or
 * the date-time of OData V4.
 */
export const readDate = (value: Json | undefined): string | undefined => {
  if (typeof value !== 'string') return undefined;
  const [, epoch] = EPOCH.exec(value) ?? [];
  if (epoch === undefined && !ISO.test(value)) return undefined;
  const date = new Date(epoch === undefined ? value : Number(epoch));
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
};

/** `PT12H30M05S` of OData V2 as `12:30:05`. */
export const readTime = (value: Json | undefined): string | undefined => {
  const match = typeof value === 'string' ? /^PT(\d{1,2})H(\d{1,2})M(\d{1,2})S$/.exec(value) : null;
  return match
    ?.slice(1, 4)
    .map((part) => part.padStart(2, '0'))
    .join(':');
};

/** A date as OData V2 JSON writes it. */
export const writeDate = (iso: string): string => `/Date(${Date.parse(iso)})/`;

/** A text literal of a filter. */
export const textLiteral = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** Versions of OData; what they say differently is told apart here. */
export type ODataVersion = 'V2' | 'V4';

/** A point in time as filter literal, in milliseconds. */
export const timeLiteral = (iso: string, version: ODataVersion = 'V2'): string => {
  const time = new Date(iso).toISOString();
  return version === 'V4' ? time : `datetimeoffset'${time}'`;
};

/** A day as filter literal of an `Edm.DateTime`. */
export const dayLiteral = (iso: string): string => `datetime'${iso.slice(0, 10)}T00:00:00'`;

/** A time of day as filter literal of an `Edm.Time`. */
export const clockLiteral = (iso: string): string =>
  `time'PT${iso.slice(11, 13)}H${iso.slice(14, 16)}M${iso.slice(17, 19)}S'`;

/** A filter that is true when the field has one of the values. */
export const anyOf = (field: string, values: readonly string[]): string =>
  `(${values.map((value) => `${field} eq ${textLiteral(value)}`).join(' or ')})`;

/** A filter for what comes behind these values in the order of these fields; values are literals. */
export const behind = (place: readonly (readonly [field: string, literal: string])[]): string => {
  const steps = place.map(([field, literal], index) => {
    const equal = place.slice(0, index).map(([before, value]) => `${before} eq ${value}`);
    return [...equal, `${field} gt ${literal}`].join(' and ');
  });
  return steps.length === 1 ? (steps[0] ?? '') : `(${steps.map((step) => `(${step})`).join(' or ')})`;
};

/** Parts of a filter that all must hold; empty ones are left out. */
export const allOf = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join(' and ');

/** The entities behind an expanded navigation; a deferred one has none. */
export const expanded = (record: JsonObject, navigation: string): readonly JsonObject[] => {
  const value = record[navigation];
  if (!isJsonObject(value)) return [];
  const results = value['results'];
  return Array.isArray(results) ? results.filter(isJsonObject) : [];
};

/** The one entity behind an expanded navigation. */
export const expandedOne = (record: JsonObject, navigation: string): JsonObject | undefined => {
  const value = record[navigation];
  return isJsonObject(value) && !('__deferred' in value) ? value : undefined;
};

/** A page of a collection; `next` as the server wrote it. */
export interface ODataPage {
  readonly records: readonly JsonObject[];
  readonly next?: string;
}

const pageOf = (records: readonly Json[], next: Json | undefined): ODataPage => ({
  records: records.filter(isJsonObject),
  ...(typeof next === 'string' ? { next } : {}),
});

/** Reads a page of OData V2 or V4, or undefined when the body is none. */
export const readPage = (body: Json | undefined): ODataPage | undefined => {
  if (!isJsonObject(body)) return undefined;
  const { d, value } = body;
  if (Array.isArray(value)) return pageOf(value, body['@odata.nextLink']);
  // Services of V2 without inline count may leave the wrapper out.
  if (Array.isArray(d)) return pageOf(d, undefined);
  return isJsonObject(d) && Array.isArray(d['results']) ? pageOf(d['results'], d['__next']) : undefined;
};

/** A single OData V2 entity, or undefined when the body is none. */
export const readEntity = (body: Json | undefined): JsonObject | undefined => {
  const d = isJsonObject(body) ? body['d'] : undefined;
  return isJsonObject(d) ? d : undefined;
};

/** The version of an entity as a read told it, for If-Match; opaque. */
export const etagOf = (record: JsonObject): string | undefined => {
  const metadata = record['__metadata'];
  const etag = isJsonObject(metadata) ? metadata['etag'] : record['@odata.etag'];
  return typeof etag === 'string' ? etag : undefined;
};

/** What the record says without links and metadata, to be kept in quarantine. */
export const withoutLinks = (record: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(record).flatMap(([name, value]): [string, Json][] => {
      if (name === '__metadata' || name.startsWith('@') || value === undefined) return [];
      if (!isJsonObject(value)) return [[name, value]];
      if ('__deferred' in value) return [];
      const results = value['results'];
      if (!Array.isArray(results)) return [[name, withoutLinks(value)]];
      return [[name, { results: results.filter(isJsonObject).map(withoutLinks) }]];
    }),
  );
