import { isJsonObject } from '@quotebridge/platform/core';
import type { Row, Tables } from '@quotebridge/sandbox/core';
import { refused } from './errors';
import { withCurrency } from './currencies';
import { fullId, recordId } from './ids';
import { fieldNamed, objectNamed, type SObject } from './model';
import { checkDelete } from './order-rules';
import { checkRequired, checkUnique, readBody } from './read-body';
import { ROLL_UPS, withDerived } from './rules';

/** Where records are written: the tables and the time of the write. */
export interface WriteScope {
  readonly tables: Tables;
  readonly now: number;
}

/** The object of a URL; an unknown one is 404 NOT_FOUND. */
export const objectAt = (tables: Tables, name: string): SObject => {
  const object = objectNamed(name, tables);
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

/** The change stamps of a write; they never stand still for one record. */
const stamps = (before: Row | undefined, now: number): Row => {
  const moved = Math.max(now, Number(before?.['SystemModstamp'] ?? 0) + 1);
  return { LastModifiedDate: moved, SystemModstamp: moved };
};

const save = (scope: WriteScope, object: SObject, row: Row, before: Row | undefined, sent: Row): void => {
  const inCurrency = withCurrency(scope.tables, object, row, before, sent);
  const derived = withDerived(scope.tables, object, inCurrency, before, sent);
  checkRequired(object, derived);
  checkUnique(scope.tables, object, derived);
  scope.tables.put(object.name, String(derived['Id']), derived);
  if (object.name === 'Opportunity') noteHistory(scope, derived, before);
  settleParents(scope, object, [before, derived]);
};

const HISTORY = ['StageName', 'Amount', 'Probability', 'CloseDate'];

/** The stage history of an opportunity: what it was from each of its changes on. */
const noteHistory = ({ tables }: WriteScope, row: Row, before: Row | undefined): void => {
  if (before !== undefined && HISTORY.every((name) => before[name] === row[name])) return;
  const Id = recordId('008', tables.next('OpportunityHistory'));
  const at = row['SystemModstamp'] ?? null;
  tables.put('OpportunityHistory', Id, {
    Id,
    IsDeleted: false,
    OpportunityId: row['Id'] ?? null,
    ...Object.fromEntries(HISTORY.map((name) => [name, row[name] ?? null])),
    CreatedDate: at,
    LastModifiedDate: at,
    SystemModstamp: at,
  });
};

/** What the parents of these details sum up follows them. */
const settleParents = (
  { tables, now }: WriteScope,
  object: SObject,
  details: readonly (Row | undefined)[],
): void => {
  const rollUp = ROLL_UPS[object.name];
  if (rollUp === undefined) return;
  for (const id of new Set(details.map((detail) => String(detail?.[rollUp.field] ?? '')))) {
    const row = tables.get(rollUp.parent, id);
    if (row !== undefined)
      tables.put(rollUp.parent, id, { ...rollUp.settle(tables, row), ...stamps(row, now) });
  }
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
  Order: [['OrderItem', 'OrderId']],
};

/** Puts a record into the recycle bin, its details with it. */
export const deleteRecord = (scope: WriteScope, object: SObject, row: Row): void => {
  checkDelete(scope.tables, object, row);
  scope.tables.put(object.name, String(row['Id']), { ...row, IsDeleted: true, ...stamps(row, scope.now) });
  for (const [name, field] of CASCADES[object.name] ?? []) {
    const child = objectNamed(name, scope.tables);
    const details = scope.tables.where(name, field, row['Id']).filter((one) => one['IsDeleted'] !== true);
    if (child !== undefined) details.forEach((one) => deleteRecord(scope, child, one));
  }
  settleParents(scope, object, [row]);
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
    .where(object.name, found.name, value)
    .filter((row) => row['IsDeleted'] !== true);
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
