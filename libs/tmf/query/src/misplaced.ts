import type { Fault } from '@quotebridge/platform/core';
import { splitParameters } from './query-text';

/** Parameters that order and cut a list. */
export const LIST_ONLY: readonly string[] = ['sort', 'offset', 'limit', 'before', 'after'];

/** Faults of parameters that mean nothing where the query is read; `where` completes "has no meaning for …". */
export const misplaced = (query: string, names: readonly string[], where: string): Fault[] => {
  const given = new Set(splitParameters(query.trim()).map(({ name }) => name));
  return names
    .filter((name) => given.has(name))
    .map((name) => ({ path: name, message: `"${name}" has no meaning for ${where}.`, code: 'syntax' }));
};
