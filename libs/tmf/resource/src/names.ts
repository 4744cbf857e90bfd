import { Refusal, type Fault, type JsonObject } from '@quotebridge/platform/core';
import { parseId } from './stored';

const MAX_ID = 200;
// Printable and safe in a path segment and in an event subject's key.
const ID = /^[A-Za-z0-9._~@+=!$'()*,;:\- ]+$/;

/** Faults of the attribute names that the store keeps for itself. */
export const reservedNames = (body: JsonObject): Fault[] =>
  Object.keys(body)
    .filter((name) => name.startsWith('_') || name.startsWith('$') || name.includes('\0'))
    .map((name) => ({
      path: `/${name.replace(/~/g, '~0').replace(/\//g, '~1')}`,
      message: 'Names that begin with _ or $ or hold a NUL are kept for the server; choose another',
      code: 'reservedName',
    }));

/** Refuses an id that could not be addressed. */
export const checkId = (id: unknown): string => {
  if (
    typeof id !== 'string' ||
    id === '' ||
    id.length > MAX_ID ||
    !ID.test(id) ||
    parseId(id).version !== undefined
  ) {
    throw new Refusal(
      400,
      'invalidId',
      `The id must be 1 to ${MAX_ID} characters: letters, digits and . _ ~ @ + - but no /`,
      {
        faults: [{ path: '/id', message: 'cannot be used as an id', code: 'invalidId' }],
      },
    );
  }
  return id;
};
