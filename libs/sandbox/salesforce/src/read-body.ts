import Decimal from 'decimal.js';
import { isJsonObject, type Json } from '@quotebridge/platform/core';
import type { Row, Tables } from '@quotebridge/sandbox/core';
import { noSuchColumn, refused } from './errors';
import { fullId } from './ids';
import { STAGES, fieldNamed, type Field, type SObject } from './model';

const jsonError = (name: string, type: string, value: Json): Error =>
  refused(
    400,
    'JSON_PARSER_ERROR',
    `Cannot deserialize instance of ${type} from value ${JSON.stringify(value)} of field ${name}`,
  );

const moment = (name: string, value: Json): number => {
  const time =
    typeof value === 'string' && value.includes('T')
      ? Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
      : NaN;
  if (Number.isNaN(time)) throw jsonError(name, 'datetime', value);
  return time;
};

const numeric = (name: string, type: string, value: Json): number => {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) throw jsonError(name, type, value);
  const number = new Decimal(text);
  return (type === 'currency' ? number.toDecimalPlaces(2, Decimal.ROUND_HALF_UP) : number).toNumber();
};

const decode = (tables: Tables, name: string, field: Field, value: Json): Json => {
  if (value === null) return null;
  switch (field.type) {
    case 'currency':
    case 'double':
    case 'percent':
    case 'int':
      return numeric(name, field.type, value);
    case 'boolean':
      if (typeof value !== 'boolean') throw jsonError(name, 'boolean', value);
      return value;
    case 'datetime':
      return moment(name, value);
    case 'date':
      if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) throw jsonError(name, 'date', value);
      return value;
    case 'reference': {
      const id = typeof value === 'string' ? fullId(value) : undefined;
      if (id === undefined)
        throw refused(400, 'MALFORMED_ID', `${name}: id value of incorrect type: ${String(value)}`, [name]);
      if (tables.get(field.to ?? '', id) === undefined) {
        throw refused(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [name]);
      }
      return id;
    }
    default:
      if (typeof value !== 'string') throw jsonError(name, 'string', value);
      return value;
  }
};

/** Reads a body into values; refuses unknown names, read-only fields, wrong types and unknown stages. */
export const readBody = (tables: Tables, object: SObject, body: unknown): Row => {
  if (!isJsonObject(body))
    throw refused(400, 'JSON_PARSER_ERROR', 'The HTTP entity body is required and must be a JSON object.');
  const row: Row = {};
  for (const [sent, value] of Object.entries(body)) {
    if (sent === 'attributes' || value === undefined) continue;
    const found = fieldNamed(object, sent);
    if (found === undefined) throw noSuchColumn(sent, object.name);
    if (!found.field.writable) {
      throw refused(
        400,
        'INVALID_FIELD_FOR_INSERT_UPDATE',
        `Unable to create/update fields: ${found.name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
        [found.name],
      );
    }
    row[found.name] = decode(tables, found.name, found.field, value);
  }
  const stage = row['StageName'];
  if (
    object.name === 'Opportunity' &&
    typeof stage === 'string' &&
    !STAGES.some((one) => one.name === stage)
  ) {
    throw refused(
      400,
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      `Stage: bad value for restricted picklist field: ${stage}`,
      ['StageName'],
    );
  }
  return row;
};

/** Refuses a record without a required field. */
export const checkRequired = (object: SObject, row: Row): void => {
  const missing = Object.entries(object.fields)
    .filter(
      ([name, field]) =>
        field.required && (row[name] === undefined || row[name] === null || row[name] === ''),
    )
    .map(([name]) => name);
  if (missing.length > 0)
    throw refused(
      400,
      'REQUIRED_FIELD_MISSING',
      `Required fields are missing: [${missing.join(', ')}]`,
      missing,
    );
};

/** Refuses a value of a unique field that another record has. */
export const checkUnique = (tables: Tables, object: SObject, row: Row): void => {
  for (const [name, field] of Object.entries(object.fields)) {
    const value = row[name];
    if (!field.unique || value === undefined || value === null) continue;
    const other = tables
      .where(object.name, name, value)
      .find((one) => one['Id'] !== row['Id'] && one['IsDeleted'] !== true);
    if (other !== undefined) {
      throw refused(
        400,
        'DUPLICATE_VALUE',
        `duplicate value found: ${name} duplicates value on record with id: ${String(other['Id'])}`,
      );
    }
  }
};
