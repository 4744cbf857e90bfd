import type { ErrorObject } from 'ajv';
import type { Fault } from '@quotebridge/platform/core';
import { CHRONOLOGICAL } from './ajv-schemas';

/** More faults than this say nothing more; a huge wrong body must not become a huge answer. */
export const MAX_FAULTS = 200;

const escapePointer = (name: string): string => name.replace(/~/g, '~0').replace(/\//g, '~1');

const valueAt = (root: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((node, part) => {
      const key = part.replace(/~1/g, '/').replace(/~0/g, '~');
      return typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[key] : undefined;
    }, root);

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'undefined' ? 'absent' : `a ${typeof value}`;
};

const KINDS: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
};

const list = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(', ');

const messageOf = (error: ErrorObject, root: unknown): string => {
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'type':
      return `must be ${KINDS[String(params['type'])] ?? String(params['type'])}, but is ${kindOf(valueAt(root, error.instancePath))}`;
    case 'enum':
      return `must be one of ${list(params['allowedValues'] as readonly unknown[])}`;
    case 'format':
      return 'must be a date and time such as 2026-01-31T09:30:00Z';
    case 'minItems':
      return `must have at least ${String(params['limit'])} item(s)`;
    default:
      return `does not satisfy "${error.keyword}"`;
  }
};

const reversed = (path: string, root: unknown): Fault => {
  const [start, end] = ['startDateTime', 'endDateTime'].map((name) =>
    String(valueAt(root, `${path}/${name}`)),
  );
  return {
    path: `${path}/endDateTime`,
    message: `must not be before startDateTime: ${end} is before ${start}`,
    code: 'period',
  };
};

const toFault = (error: ErrorObject, root: unknown): Fault => {
  if (error.keyword === 'required') {
    const name = String((error.params as Readonly<Record<string, unknown>>)['missingProperty']);
    return {
      path: `${error.instancePath}/${escapePointer(name)}`,
      message: `the attribute "${name}" is required`,
      code: 'required',
    };
  }
  if (error.keyword === CHRONOLOGICAL) return reversed(error.instancePath, root);
  return { path: error.instancePath, message: messageOf(error, root), code: error.keyword };
};

/** What ajv found, in words for the caller: one fault per wrong place, in the order of the body. */
export const faultsOf = (errors: readonly ErrorObject[], root: unknown): Fault[] => {
  // "if" only says that a branch failed; the branch's own error stands beside it.
  const real = errors.filter((error) => error.keyword !== 'if');
  const faults = real.slice(0, MAX_FAULTS).map((error) => toFault(error, root));
  if (real.length > MAX_FAULTS) {
    faults.push({ path: '', message: `and ${real.length - MAX_FAULTS} more faults`, code: 'more' });
  }
  return faults;
};
