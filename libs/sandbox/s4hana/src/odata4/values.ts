import type { Json, JsonObject } from '@quotebridge/platform/core';
import type { Row } from '@quotebridge/sandbox/core';
import type { EdmType } from '../model/entity';
import { etagOf } from '../odata/encode';
import type { V4Set } from './model';

const clock = (value: Json): string => {
  const [, ...parts] = /^PT(\d+)H(\d+)M(\d+)S$/.exec(String(value)) ?? [];
  return parts.map((part) => part.padStart(2, '0')).join(':');
};

/** A kept value in the JSON of OData V4: dates and times in ISO 8601, decimals as numbers unless `exact` asks for texts. */
export const encodeV4 = (type: EdmType, value: Json | undefined, exact: boolean): Json => {
  if (value === undefined || value === null)
    return type === 'String' ? '' : type === 'Boolean' ? false : type === 'Decimal' ? 0 : null;
  if (type === 'DateTimeOffset') return new Date(Number(value)).toISOString();
  if (type === 'DateTime') return new Date(Number(value)).toISOString().slice(0, 10);
  if (type === 'Time') return clock(value);
  if (type === 'Int32') return Number(value);
  return type === 'Decimal' && !exact ? Number(value) : value;
};

/** A row as V4 shows it, with the properties that are selected, all when none are. */
export const presentV4 = (
  { rows }: V4Set,
  row: Row,
  select: readonly string[],
  exact: boolean,
): JsonObject => {
  const etag = etagOf(rows, row);
  const own = Object.entries(rows.fields)
    .filter(([name]) => select.length === 0 || select.includes(name))
    .map(([name, type]): [string, Json] => [name, encodeV4(type, row[name], exact)]);
  return { ...(etag === undefined ? {} : { '@odata.etag': etag }), ...Object.fromEntries(own) };
};

/** A filter of V4 in the words of V2: literals of dates and times stand bare in V4. */
export const v2Filter = (filter: string): string =>
  filter.replace(
    /'(?:[^']|'')*'|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)|\d{4}-\d\d-\d\d/g,
    (token) => {
      if (token.startsWith("'")) return token;
      return token.includes('T') ? `datetimeoffset'${token}'` : `datetime'${token}T00:00:00'`;
    },
  );
