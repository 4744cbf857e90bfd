import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '@quotebridge/platform/core';
import { allowsByName, insufficientScope, type Principal } from '@quotebridge/platform/security';
import type { ResourceDefinition } from './definition';
import { areHidden, keepParts } from './guarded-items';

/** Names of the attributes that need a scope of their own. */
export const confidentialNames = ({ confidential }: ResourceDefinition): readonly string[] =>
  confidential === undefined ? [] : Object.keys(confidential);

/** Names of the attributes that the principal may not see. */
export const hiddenFrom = (definition: ResourceDefinition, principal: Principal): readonly string[] =>
  Object.entries(definition.confidential ?? {})
    .filter(([, scope]) => !allowsByName(principal, scope, 'read'))
    .map(([name]) => name);

/** The object without the named attributes; the very same when it has none of them. */
export const withoutAttributes = (view: JsonObject, names: readonly string[]): JsonObject =>
  names.some((name) => view[name] !== undefined)
    ? Object.fromEntries(Object.entries(view).filter(([name]) => !names.includes(name)))
    : view;

/** True when a path of a filter, an order or a selection leads into one of the attributes. */
export const leadsInto = (path: string, names: readonly string[]): boolean =>
  names.some((name) => path === name || path.startsWith(`${name}.`));

/**
 * What a client wrote, with the attributes that were hidden from it as they were. One who may not see an attribute may
 * not send it either, not even unchanged: the answer would tell him whether he guessed it.
 */
export const keepConfidential = (
  definition: ResourceDefinition,
  principal: Principal,
  before: JsonObject,
  after: JsonObject,
): JsonObject => {
  const hidden = hiddenFrom(definition, principal);
  const { guardedItems } = definition;
  const isGuarded = guardedItems !== undefined && areHidden(guardedItems, principal);
  let kept = isGuarded ? keepParts(guardedItems, before, after) : after;
  for (const [name, scope] of Object.entries(definition.confidential ?? {})) {
    const isHidden = hidden.includes(name);
    if (isHidden && after[name] === undefined) {
      const value = before[name];
      if (value !== undefined) kept = { ...kept, [name]: value };
    } else if (isHidden || !isDeepStrictEqual(before[name], after[name])) {
      if (isHidden || !allowsByName(principal, scope, 'write')) throw insufficientScope(scope, 'write');
    }
  }
  return kept;
};
