import { Refusal, type JsonObject } from '@quotebridge/platform/core';
import { refuseMissing, refuseUsed, type Runtime, type User } from '@quotebridge/tmf/component';
import type { HookContext, ResourceHooks } from '@quotebridge/tmf/resource';
import { isDeepStrictEqual } from 'node:util';
import { MAX_LEVELS, misplacementOf } from './hierarchy';
import { withMediumTypes } from './medium-types';
import { HIERARCHY_LOCK, type OrganizationStore } from './organization-store';
import { partyReferences } from './references';
import { childrenOf, parentsOf } from './relations';

const ENGAGED: readonly User[] = [
  ['customer', 'engagedParty.id'],
  ['partyRole', 'engagedParty.id'],
];

const refuseMisplaced = async (
  organizations: OrganizationStore,
  after: JsonObject,
  { id, session }: HookContext,
): Promise<void> => {
  const place = { id, parents: parentsOf(after), children: childrenOf(after) };
  const found = organizations.readParents(session, id);
  const named = (await found([id])).get(id) ?? [];
  const misplacement = await misplacementOf({ ...place, parents: [...place.parents, ...named] }, found);
  if (misplacement === undefined) return;
  const path =
    place.parents.length > 0 ? '/organizationParentRelationship' : '/organizationChildRelationship';
  const message =
    misplacement.kind === 'cycle'
      ? `would put the organization above itself, by way of ${misplacement.via}`
      : `would make the hierarchy deeper than ${MAX_LEVELS} levels`;
  throw new Refusal(409, 'hierarchy', `${path} ${message}`, {
    faults: [{ path, message, code: misplacement.kind }],
  });
};

/** A name for either version: v4 asks for the trading name, v5 for the name. */
const withBothNames = (draft: JsonObject): JsonObject => {
  const { name, tradingName } = draft;
  if (name === undefined && tradingName !== undefined) return { ...draft, name: tradingName };
  return name !== undefined && tradingName === undefined ? { ...draft, tradingName: name } : draft;
};

/** True when the neighbours in the hierarchy are not the same. */
const isMoved = (before: JsonObject | undefined, after: JsonObject): boolean =>
  !isDeepStrictEqual(
    [parentsOf(before ?? {}), childrenOf(before ?? {})],
    [parentsOf(after), childrenOf(after)],
  );

/** Writes that move an organization come one after another, so that two of them cannot close a circle together. */
export const hierarchyLock = (before: JsonObject | undefined, after: JsonObject): string | undefined =>
  isMoved(before, after) ? HIERARCHY_LOCK : undefined;

/** What holds for organizations: a hierarchy without cycles, and nothing is removed that others build on. */
export const organizationHooks = (runtime: Runtime, organizations: OrganizationStore): ResourceHooks => ({
  prepareCreate: async (draft, context) => {
    if (isMoved(undefined, draft)) await refuseMisplaced(organizations, draft, context);
    await refuseMissing(runtime, partyReferences(draft), context);
    return withBothNames(draft);
  },
  prepareChange: async (before, after, context) => {
    if (isMoved(before, after)) await refuseMisplaced(organizations, after, context);
    await refuseMissing(runtime, partyReferences(after), context);
    return after;
  },
  beforeRemove: (_before, context) =>
    refuseUsed(
      runtime,
      [...ENGAGED, ['organization', 'organizationParentRelationship.organization.id']],
      context,
    ),
});

/** What holds for individuals. */
export const individualHooks = (runtime: Runtime): ResourceHooks => ({
  beforeRemove: (_before, context) => refuseUsed(runtime, ENGAGED, context),
});

/** What holds for customers and other roles of parties. */
export const roleHooks = (runtime: Runtime): ResourceHooks => {
  const check = async (after: JsonObject, context: HookContext): Promise<JsonObject> => {
    await refuseMissing(runtime, partyReferences(after), context);
    return withMediumTypes(after);
  };
  return {
    prepareCreate: check,
    prepareChange: (_before, after, context) => check(after, context),
  };
};
