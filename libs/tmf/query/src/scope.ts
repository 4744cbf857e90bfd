import type { Fault } from '@quotebridge/platform/core';
import type { FieldKind, Resolve, ResolvedField } from './filter';
import type { QueryLimits } from './limits';
import { didYouMean } from './near';

/** Kinds of query faults; `unsupported` is answered with 501, all others with 400. */
export type QueryFaultCode =
  | 'syntax'
  | 'unknownAttribute'
  | 'unknownOperator'
  | 'operator'
  | 'value'
  | 'limit'
  | 'cursor'
  | 'unsupported';

/** What the parsers of one query share: the declared paths, the bounds, and the faults found so far. */
export interface Scope {
  readonly resolve: Resolve;
  readonly known: () => readonly string[];
  readonly limits: QueryLimits;
  readonly faults: Fault[];
  clauses: number;
}

/** Notes a fault of the query parameter `path`; always undefined, so that a parser can return it. */
export const fail = (scope: Scope, path: string, code: QueryFaultCode, message: string): undefined => {
  scope.faults.push({ path, message, code });
  return undefined;
};

/** Counts one more condition; a query with too many gets a single fault. */
export const countClause = (scope: Scope, path: string): void => {
  scope.clauses += 1;
  if (scope.clauses !== scope.limits.maxClauses + 1) return;
  fail(scope, path, 'limit', `A query has at most ${scope.limits.maxClauses} conditions; use fewer.`);
};

const PATH = /^[@A-Za-z][\w@-]*(?:\.[@A-Za-z][\w@-]*)*$/;
const MAX_PATH = 200;

/** True for a dotted path of attribute names; no name can be an operator of the database or a system field. */
export const isPath = (path: string): boolean =>
  path.length <= MAX_PATH && PATH.test(path) && !/(?:^|\.)(?:constructor|prototype)(?:\.|$)/.test(path);

/** The declared attribute, or undefined without a fault. */
export const lookUp = (scope: Scope, path: string): ResolvedField | undefined =>
  isPath(path) ? scope.resolve(path) : undefined;

/** Notes that a path is not declared, with the nearest ones that are. */
export const unknownAttribute = (scope: Scope, path: string): undefined => {
  const shown = path.length > 80 ? `${path.slice(0, 80)}…` : path;
  const hint = didYouMean(path, scope.known());
  return fail(scope, shown, 'unknownAttribute', `"${shown}" is not an attribute of this resource.${hint}`);
};

/** The HTTP status for the faults of a query: 501 when it is well formed and merely not supported, else 400. */
export const queryStatus = (faults: readonly Fault[]): 400 | 501 =>
  faults.length > 0 && faults.every((fault) => fault.code === 'unsupported') ? 501 : 400;

/** A kind as a reader of a fault knows it. */
export const kindName = (kind: FieldKind): string => (kind === 'any' ? 'value' : kind);
