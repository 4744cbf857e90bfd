import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import type { Tables } from '@quotebridge/sandbox/core';
import { objectBody, type ApiAnswer, type ApiCall, type RestApi } from './api';
import { apiError, refused } from './errors';

const MOST_PARTS = 25;
const MOST_RECORDS = 200;

/** Thrown to undo everything of an all-or-nothing call; carries the answer to give all the same. */
class Undo extends Error {
  constructor(readonly answer: ApiAnswer) {
    super('undone');
  }
}

/** Runs `work` so that a thrown {@link Undo} rolls back and still answers. */
const undoable = (tables: Tables, work: () => ApiAnswer): ApiAnswer => {
  try {
    return tables.transaction(work);
  } catch (thrown) {
    if (thrown instanceof Undo) return thrown.answer;
    throw thrown;
  }
};

const list = (body: JsonObject, name: string, most: number): JsonObject[] => {
  const values = body[name];
  if (!Array.isArray(values) || values.length === 0)
    throw refused(400, 'JSON_PARSER_ERROR', `"${name}" must be a list that is not empty.`);
  if (values.length > most) throw refused(400, 'LIMIT_EXCEEDED', `"${name}" takes at most ${most} entries.`);
  return values.map(objectBody);
};

/** Replaces `@{ref.id}` in text by the value in an earlier answer. */
const filled = (text: string, answers: ReadonlyMap<string, Json>): string =>
  text.replace(/@\{(\w+)\.([\w.[\]]+)\}/g, (_whole, reference: string, path: string) => {
    const start = answers.get(reference);
    const value = path
      .split(/[.[\]]+/)
      .filter(Boolean)
      .reduce<Json | undefined>((inner, step) => {
        if (Array.isArray(inner)) return inner[Number(step)];
        return isJsonObject(inner) ? inner[step] : undefined;
      }, start);
    if (value === undefined || typeof value === 'object') {
      throw refused(
        400,
        'PROCESSING_HALTED',
        `Invalid reference specified. No value for ${path} found in ${reference}`,
      );
    }
    return String(value);
  });

/** Reads the address of a part: steps and query behind the version. */
const partCall = (part: JsonObject, answers: ReadonlyMap<string, Json>): ApiCall => {
  const url = new URL(filled(String(part['url'] ?? ''), answers), 'http://sandbox');
  const steps = url.pathname.split('/').slice(4).map(decodeURIComponent);
  const body: unknown =
    part['body'] === undefined ? undefined : JSON.parse(filled(JSON.stringify(part['body']), answers));
  return { method: String(part['method'] ?? ''), steps, query: url.searchParams, body, headers: {} };
};

const attempt = (work: () => ApiAnswer): ApiAnswer => {
  try {
    return work();
  } catch (thrown) {
    const { status, error } = apiError(thrown);
    return { status, body: [{ message: error.message, errorCode: error.errorCode }] };
  }
};

const HALTED = [
  {
    errorCode: 'PROCESSING_HALTED',
    message: 'The transaction was rolled back since another operation in the same transaction failed.',
  },
];

/** POST /composite: parts in order, later ones may refer to earlier answers; with allOrNone everything or nothing. */
export const composite = (api: RestApi, tables: Tables, body: unknown): ApiAnswer => {
  const sent = objectBody(body);
  const parts = list(sent, 'compositeRequest', MOST_PARTS);
  return undoable(tables, () => {
    const answers = new Map<string, Json>();
    const results = parts.map((part) => {
      const answer = attempt(() => api.answer(partCall(part, answers)));
      const referenceId = String(part['referenceId'] ?? '');
      answers.set(referenceId, answer.body ?? null);
      return {
        body: answer.body ?? null,
        httpHeaders: { ...answer.headers },
        httpStatusCode: answer.status,
        referenceId,
      };
    });
    const failed = results.findIndex((result) => result.httpStatusCode >= 400);
    if (sent['allOrNone'] !== true || failed < 0)
      return { status: 200, body: { compositeResponse: results } };
    const halted = results.map((result, index) =>
      index === failed ? result : { ...result, body: HALTED, httpStatusCode: 400 },
    );
    throw new Undo({ status: 200, body: { compositeResponse: halted } });
  });
};

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

const collectionCalls = (call: ApiCall, steps: readonly string[]): ApiCall[] => {
  const none = { query: new URLSearchParams(), headers: {} };
  if (call.method === 'DELETE') {
    const ids = (call.query.get('ids') ?? '').split(',').filter((id) => id !== '');
    return ids.map((id) => ({
      ...none,
      method: 'DELETE',
      steps: ['sobjects', objectOfId(id), id],
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

const PREFIXES: Record<string, string> = {
  '001': 'Account',
  '003': 'Contact',
  '006': 'Opportunity',
  '00k': 'OpportunityLineItem',
  '01t': 'Product2',
  '01s': 'Pricebook2',
  '01u': 'PricebookEntry',
  '0Q0': 'Quote',
  '0QL': 'QuoteLineItem',
};

const objectOfId = (id: string): string => PREFIXES[id.slice(0, 3)] ?? 'Unknown';

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
  const calls = collectionCalls(call, steps);
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
