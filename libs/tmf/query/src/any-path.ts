import type { Resolve } from './filter';
import { isOperator } from './operators';

/**
 * Declares every path, for documents whose shape is open. A path that ends in an operator is left to be read as
 * `path.operator`.
 */
export const resolveAnyPath: Resolve = (path) => {
  const dot = path.lastIndexOf('.');
  if (dot > 0 && isOperator(path.slice(dot + 1))) return undefined;
  return { storagePath: path, kind: 'any' };
};
