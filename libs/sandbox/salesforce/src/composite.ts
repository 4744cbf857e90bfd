import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import type { Tables } from '@quotebridge/sandbox/core';
import { sobjectCollection } from './collections';
import { objectBody, type ApiAnswer, type ApiCall, type RestApi } from './api';
import { refused } from './errors';
import { Undo, attempt, list, undoable } from './undo';

const MOST_PARTS = 25;
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

const HALTED = [
  {
    errorCode: 'PROCESSING_HALTED',
    message: 'The transaction was rolled back since another operation in the same transaction failed.',
  },
];

/** A part that failed: refused, or a collection with a record that was. */
const hasFailed = ({ status, body }: ApiAnswer): boolean =>
  status >= 400 ||
  (Array.isArray(body) && body.some((result) => isJsonObject(result) && result['success'] === false));

const MOST_COLLECTIONS = 5;

const isCollection = (call: ApiCall): boolean =>
  call.steps[0] === 'composite' && call.steps[1] === 'sobjects';

const LOCKED = [
  { errorCode: 'UNABLE_TO_LOCK_ROW', message: 'unable to obtain exclusive access to this record' },
];

/**
 * POST /composite: parts in order, later ones may refer to earlier answers; with allOrNone everything or nothing. Up
 * to five parts may be collections. `locked`: the last write fails with UNABLE_TO_LOCK_ROW.
 */
export const composite = (api: RestApi, tables: Tables, body: unknown, locked: boolean): ApiAnswer => {
  const sent = objectBody(body);
  const parts = list(sent, 'compositeRequest', MOST_PARTS);
  return undoable(tables, () => {
    const answers = new Map<string, Json>();
    const failures = new Set<number>();
    let collections = 0;
    const lockedAt = locked ? parts.findLastIndex((part) => part['method'] !== 'GET') : -1;
    const results = parts.map((part, index) => {
      const answer = attempt(() => {
        if (index === lockedAt) return { status: 400, body: LOCKED };
        const call = partCall(part, answers);
        if (!isCollection(call)) return api.answer(call);
        collections += 1;
        if (collections > MOST_COLLECTIONS)
          throw refused(400, 'LIMIT_EXCEEDED', `At most ${MOST_COLLECTIONS} parts may be collections.`);
        return sobjectCollection(api, tables, call, call.steps.slice(2));
      });
      if (hasFailed(answer)) failures.add(index);
      const referenceId = String(part['referenceId'] ?? '');
      answers.set(referenceId, answer.body ?? null);
      return {
        body: answer.body ?? null,
        httpHeaders: { ...answer.headers },
        httpStatusCode: answer.status,
        referenceId,
      };
    });
    const [failed] = failures;
    if (sent['allOrNone'] !== true || failed === undefined)
      return { status: 200, body: { compositeResponse: results } };
    const halted = results.map((result, index) =>
      index === failed
        ? { ...result, httpStatusCode: Math.max(400, result.httpStatusCode) }
        : { ...result, body: HALTED, httpStatusCode: 400 },
    );
    throw new Undo({ status: 200, body: { compositeResponse: halted } });
  });
};
