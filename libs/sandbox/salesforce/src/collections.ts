import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import type { Tables } from '@quotebridge/sandbox/core';
import { objectBody, type ApiAnswer, type ApiCall, type RestApi } from './api';
import { allObjects } from './model';
import { Undo, attempt, list, undoable } from './undo';

const MOST_RECORDS = 200;

const outcome = (answer: ApiAnswer, id: string): JsonObject => {
  if (answer.status < 300) {
    const body = isJsonObject(answer.body) ? answer.body : {};
    return { id, success: true, errors: [], ...body };
  }
  const errors = Array.isArray(answer.body) ? answer.body.filter(isJsonObject) : [];
  return {
    success: false,
    errors: errors.map((error) => ({
      statusCode: error['errorCode'] ?? '',
      message: error['message'] ?? '',
      fields: [],
    })),
  };
};

const collectionCalls = (tables: Tables, call: ApiCall, steps: readonly string[]): ApiCall[] => {
  const none = { query: new URLSearchParams(), headers: {} };
  if (call.method === 'DELETE') {
    const ids = (call.query.get('ids') ?? '').split(',').filter((id) => id !== '');
    return ids.map((id) => ({
      ...none,
      method: 'DELETE',
      steps: ['sobjects', objectOfId(tables, id), id],
      body: undefined,
    }));
  }
  const [type, external] = steps;
  return list(objectBody(call.body), 'records', MOST_RECORDS).map((record): ApiCall => {
    const { attributes, Id, ...fields } = record;
    const object = type ?? String(isJsonObject(attributes) ? (attributes['type'] ?? '') : '');
    if (external !== undefined) {
      const { [external]: value, ...rest } = fields;
      return {
        ...none,
        method: 'PATCH',
        steps: ['sobjects', object, external, String(value ?? '')],
        body: rest,
      };
    }
    if (call.method === 'POST') return { ...none, method: 'POST', steps: ['sobjects', object], body: fields };
    return {
      ...none,
      method: 'PATCH',
      steps: ['sobjects', object, String(Id ?? fields['id'] ?? '')],
      body: withoutId(fields),
    };
  });
};

const withoutId = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'id'));

const objectOfId = (tables: Tables, id: string): string =>
  allObjects(tables).find(({ prefix }) => id.startsWith(prefix))?.name ?? 'Unknown';

/** POST, PATCH and DELETE /composite/sobjects, and upsert by PATCH /composite/sobjects/{object}/{external id field}. */
export const sobjectCollection = (
  api: RestApi,
  tables: Tables,
  call: ApiCall,
  steps: readonly string[],
): ApiAnswer => {
  const all =
    call.method === 'DELETE'
      ? call.query.get('allOrNone') === 'true'
      : objectBody(call.body)['allOrNone'] === true;
  const calls = collectionCalls(tables, call, steps);
  return undoable(tables, () => {
    const results = calls.map((one) =>
      outcome(
        attempt(() => api.answer(one)),
        one.steps.length === 3 ? (one.steps[2] ?? '') : '',
      ),
    );
    const failed = results.some((result) => result['success'] === false);
    if (!all || !failed) return { status: 200, body: results };
    const rolledBack = {
      success: false,
      errors: [
        {
          statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
          message:
            'Record rolled back because not all records were valid and the request was using AllOrNone',
          fields: [],
        },
      ],
    };
    throw new Undo({
      status: 200,
      body: results.map((result) => (result['success'] === false ? result : rolledBack)),
    });
  });
};
