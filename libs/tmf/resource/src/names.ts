import { Refusal, type Fault, type JsonObject } from '@quotebridge/platform/core';
import { publicId } from './stored';

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

const reasonAgainst = (id: unknown): string | undefined => {
  if (typeof id !== 'string') return 'must be a text';
  if (id === '' || id.length > MAX_ID) return `must have 1 to ${MAX_ID} characters`;
  if (!ID.test(id)) return "takes letters, digits, spaces and . _ ~ @ + = ! $ ' ( ) * , ; : - only";
  // Clients drop such segments from an address, and trim spaces.
  if (id === '.' || id === '..' || id.trim() !== id)
    return 'must not be . or .. and must not begin or end with a space';
  return publicId(id) === id ? undefined : 'must not hold :(version=, which tells versions apart';
};

/** Refuses with 400 an id that could not be addressed. */
export const checkId = (id: unknown): string => {
  const reason = reasonAgainst(id);
  if (reason === undefined) return id as string;
  throw new Refusal(400, 'invalidId', `The id ${reason}`, {
    faults: [{ path: '/id', message: reason, code: 'invalidId' }],
  });
};
