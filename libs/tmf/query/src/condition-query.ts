import { err, ok, type Fault, type Result } from '@quotebridge/platform/core';
import { resolveAnyPath } from './any-path';
import { conditionsFilter } from './conditions';
import type { FilterNode } from './filter';
import { defaultLimits } from './limits';
import { splitParameters } from './query-text';
import type { Scope } from './scope';

/** Reads conditions on a value of open shape. No name means something else here: an attribute may be called `limit`. */
export const parseConditions = (query: string): Result<FilterNode, Fault[]> => {
  const scope: Scope = {
    resolve: resolveAnyPath,
    known: () => [],
    limits: defaultLimits,
    faults: [],
    clauses: 0,
  };
  const filter = conditionsFilter(
    scope,
    splitParameters(query).map(({ raw }) => raw),
  );
  return scope.faults.length > 0 ? err(scope.faults) : ok(filter);
};
