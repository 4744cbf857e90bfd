import type { JsonObject } from '@quotebridge/platform/core';
import type { Tables } from '@quotebridge/sandbox/core';
import { objectBody, type ApiAnswer } from './api';
import { apiError, refused } from './errors';

/** Thrown to undo everything of an all-or-nothing call; carries the answer to give all the same. */
export class Undo extends Error {
  constructor(readonly answer: ApiAnswer) {
    super('undone');
  }
}

/** Runs `work` so that a thrown {@link Undo} rolls back and still answers. */
export const undoable = (tables: Tables, work: () => ApiAnswer): ApiAnswer => {
  try {
    return tables.transaction(work);
  } catch (thrown) {
    if (thrown instanceof Undo) return thrown.answer;
    throw thrown;
  }
};

/** A list of objects in a body, not empty and not too long. */
export const list = (body: JsonObject, name: string, most: number): JsonObject[] => {
  const values = body[name];
  if (!Array.isArray(values) || values.length === 0)
    throw refused(400, 'JSON_PARSER_ERROR', `"${name}" must be a list that is not empty.`);
  if (values.length > most) throw refused(400, 'LIMIT_EXCEEDED', `"${name}" takes at most ${most} entries.`);
  return values.map(objectBody);
};

/** An answer in any case: a refusal becomes one with its error array. */
export const attempt = (work: () => ApiAnswer): ApiAnswer => {
  try {
    return work();
  } catch (thrown) {
    const { status, error } = apiError(thrown);
    return { status, body: [{ message: error.message, errorCode: error.errorCode }] };
  }
};
