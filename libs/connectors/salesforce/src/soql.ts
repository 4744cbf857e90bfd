import type { JsonObject } from '@quotebridge/platform/core';

/** A text literal of SOQL, safely quoted. */
export const soqlText = (value: string): string =>
  `'${value
    .replace(/[\\'"]/g, (char) => `\\${char}`)
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')}'`;

/** A date-time literal of SOQL: not quoted, to the millisecond. */
export const soqlTime = (iso: string): string => new Date(iso).toISOString();

/** A Salesforce date-time (`2026-01-01T00:00:00.000+0000`) as ISO text in UTC; undefined when it is none. */
export const readTime = (value: unknown): string | undefined => {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(value)) return undefined;
  const date = new Date(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
};

/** The place of a record in the order of change; undefined when it lacks stamp or id. */
export const positionOf = (record: JsonObject): { readonly at: string; readonly id: string } | undefined => {
  const at = readTime(record['SystemModstamp']);
  const { Id: id } = record;
  return at === undefined || typeof id !== 'string' ? undefined : { at, id };
};
