import { badRequest } from './errors';
import type { EdmType } from '../model/entity';

/** A value as kept in a row. */
export type Value = string | number | boolean | null;

const LITERAL = /^(datetimeoffset|datetime|time|guid)'([^']*)'$/i;

const milliseconds = (text: string, literal: string): number => {
  const withZone = /(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`;
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(withZone) : NaN;
  if (Number.isNaN(time)) throw badRequest(`Invalid date literal ${literal}.`);
  return time;
};

/** Reads a literal of a URL: 'text', 12.5M, true, null, datetime'…', datetimeoffset'…'. */
export const parseLiteral = (text: string): Value => {
  if (text.startsWith("'") && text.endsWith("'") && text.length > 1)
    return text.slice(1, -1).replace(/''/g, "'");
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  const [, kind, inner] = LITERAL.exec(text) ?? [];
  if (kind !== undefined && inner !== undefined) {
    return kind.toLowerCase().startsWith('datetime') ? milliseconds(inner, text) : inner;
  }
  const number = /^(-?\d+(\.\d+)?)[MLDF]?$/i.exec(text)?.[1];
  if (number !== undefined) return number;
  throw badRequest(`Invalid literal ${text}.`);
};

const isText = (value: Value): value is string => typeof value === 'string';

/** True when a literal may be compared with, or stored in, a property of this type. */
export const fits = (type: EdmType, value: Value): boolean => {
  if (value === null) return true;
  if (type === 'Boolean') return typeof value === 'boolean';
  if (type === 'DateTime' || type === 'DateTimeOffset') return typeof value === 'number';
  if (type === 'Decimal' || type === 'Int32') return isText(value) && /^-?\d+(\.\d+)?$/.test(value);
  return isText(value);
};
