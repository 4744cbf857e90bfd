import Decimal from 'decimal.js';
import { isJsonObject, type Json } from '@quotebridge/platform/core';
import type { Row, Tables } from '@quotebridge/sandbox/core';
import { noSuchColumn, refused } from './errors';
import { fullId, recordId } from './ids';
import { STAGES, fieldNamed, objectNamed, type Field, type SObject } from './model';
import { settleOpportunity, withDerived } from './rules';

/** Where records are written: the tables and the time of the write. */
export interface WriteScope {
  readonly tables: Tables;
  readonly now: number;
}

/** The object of a URL; an unknown one is 404 NOT_FOUND. */
export const objectAt = (name: string): SObject => {
  const object = objectNamed(name);
  if (object === undefined) throw refused(404, 'NOT_FOUND', 'The requested resource does not exist');
  return object;
};

/** A record that is there and not deleted; else 404 ENTITY_IS_DELETED or NOT_FOUND. */
export const recordAt = (tables: Tables, object: SObject, id: string): Row => {
  const row = tables.get(object.name, fullId(id) ?? '');
  if (row === undefined)
    throw refused(404, 'NOT_FOUND', 'Provided external ID field does not exist or is not accessible: ' + id);
  if (row['IsDeleted'] === true) throw refused(404, 'ENTITY_IS_DELETED', 'entity is deleted');
  return row;
};

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
const readBody = (tables: Tables, object: SObject, body: unknown): Row => {
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

const checkRequired = (object: SObject, row: Row): void => {
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

const checkUnique = (tables: Tables, object: SObject, row: Row): void => {
  for (const [name, field] of Object.entries(object.fields)) {
    const value = row[name];
    if (!field.unique || value === undefined || value === null) continue;
    const other = tables
      .all(object.name)
      .find((one) => one[name] === value && one['Id'] !== row['Id'] && one['IsDeleted'] !== true);
    if (other !== undefined) {
      throw refused(
        400,
        'DUPLICATE_VALUE',
        `duplicate value found: ${name} duplicates value on record with id: ${String(other['Id'])}`,
      );
    }
  }
};

/** The change stamps of a write; they never stand still for one record. */
const stamps = (before: Row | undefined, now: number): Row => {
  const moved = Math.max(now, Number(before?.['SystemModstamp'] ?? 0) + 1);
  return { LastModifiedDate: moved, SystemModstamp: moved };
};

const save = (scope: WriteScope, object: SObject, row: Row, before: Row | undefined, sent: Row): void => {
  const derived = withDerived(scope.tables, object, row, before, sent);
  checkRequired(object, derived);
  checkUnique(scope.tables, object, derived);
  scope.tables.put(object.name, String(derived['Id']), derived);
  const parents = new Set([before?.['OpportunityId'], derived['OpportunityId']]);
  if (object.name === 'OpportunityLineItem') parents.forEach((id) => settle(scope, String(id ?? '')));
};

const settle = (scope: WriteScope, opportunity: string): void => {
  const row = scope.tables.get('Opportunity', opportunity);
  if (row === undefined) return;
  scope.tables.put('Opportunity', opportunity, {
    ...settleOpportunity(scope.tables, row),
    ...stamps(row, scope.now),
  });
};

/** Creates a record and returns its id. */
export const createRecord = (scope: WriteScope, object: SObject, body: unknown): string => {
  const sent = readBody(scope.tables, object, body);
  const Id = recordId(object.prefix, scope.tables.next(object.name));
  save(
    scope,
    object,
    { Id, IsDeleted: false, CreatedDate: scope.now, ...sent, ...stamps(undefined, scope.now) },
    undefined,
    sent,
  );
  return Id;
};

/** Changes a record. Amount of an opportunity with line items is ignored without an error, as in the real org. */
export const updateRecord = (scope: WriteScope, object: SObject, before: Row, body: unknown): void => {
  const sent = readBody(scope.tables, object, body);
  save(scope, object, { ...before, ...sent, ...stamps(before, scope.now) }, before, sent);
};

const CASCADES: Record<string, readonly (readonly [string, string])[]> = {
  Opportunity: [
    ['OpportunityLineItem', 'OpportunityId'],
    ['Quote', 'OpportunityId'],
  ],
  Quote: [['QuoteLineItem', 'QuoteId']],
};

/** Puts a record into the recycle bin, its details with it. */
export const deleteRecord = (scope: WriteScope, object: SObject, row: Row): void => {
  scope.tables.put(object.name, String(row['Id']), { ...row, IsDeleted: true, ...stamps(row, scope.now) });
  for (const [name, field] of CASCADES[object.name] ?? []) {
    const child = objectNamed(name);
    const details = scope.tables
      .all(name)
      .filter((one) => one[field] === row['Id'] && one['IsDeleted'] !== true);
    if (child !== undefined) details.forEach((one) => deleteRecord(scope, child, one));
  }
  if (object.name === 'OpportunityLineItem') settle(scope, String(row['OpportunityId'] ?? ''));
};

/** What an upsert did; `matches` when several records carry the value and nothing was written. */
export type Upserted =
  { readonly id: string; readonly created: boolean } | { readonly matches: readonly string[] };

/** Creates or changes the record that carries `value` in the external id field. */
export const upsertRecord = (
  scope: WriteScope,
  object: SObject,
  fieldName: string,
  value: string,
  body: unknown,
): Upserted => {
  const found = fieldNamed(object, fieldName);
  if (found === undefined || !found.field.externalId) {
    throw refused(
      404,
      'NOT_FOUND',
      `Provided external ID field does not exist or is not accessible: ${fieldName}`,
    );
  }
  if (isJsonObject(body) && found.name in body) {
    throw refused(
      400,
      'INVALID_FIELD',
      `The ${found.name} field should not be specified in the sobject data.`,
      [found.name],
    );
  }
  const matches = scope.tables
    .all(object.name)
    .filter((row) => row[found.name] === value && row['IsDeleted'] !== true);
  const [only, second] = matches;
  if (second !== undefined) return { matches: matches.map((row) => String(row['Id'])) };
  if (only !== undefined) {
    updateRecord(scope, object, only, body);
    return { id: String(only['Id']), created: false };
  }
  return {
    id: createRecord(scope, object, { ...(isJsonObject(body) ? body : {}), [found.name]: value }),
    created: true,
  };
};
