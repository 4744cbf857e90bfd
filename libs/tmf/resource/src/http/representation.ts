import type { JsonObject } from '@quotebridge/platform/core';
import type { Principal } from '@quotebridge/platform/security';
import { selectFields, type FieldSelection } from '@quotebridge/tmf/query';
import { confidentialNames, hiddenFrom, withoutAttributes } from '../confidential';
import { etagOf, pathOf, type StoredResource } from '../stored';
import { areHidden, withoutParts, type GuardedItems } from '../guarded-items';
import type { RouteContext } from './request';

/** Path of a stored document in the version of the request. */
export const hrefOf = (route: RouteContext, storedId: string): string =>
  `${route.baseUrl}/${route.binding.name}/${pathOf(storedId)}`;

/** The route as one principal sees it. */
export const visibleTo = (route: RouteContext, principal: Principal): RouteContext =>
  route.definition.confidential === undefined && route.definition.guardedItems === undefined
    ? route
    : {
        ...route,
        hidden: hiddenFrom(route.definition, principal),
        hidesParts:
          route.definition.guardedItems !== undefined && areHidden(route.definition.guardedItems, principal),
      };

/** Attributes that are not shown: everything confidential, unless the route is one that a principal sees. */
export const hiddenOf = ({ hidden, definition }: RouteContext): readonly string[] =>
  hidden ?? confidentialNames(definition);

/** The guarded parts of items, when they are not shown. */
export const hiddenPartsOf = ({ hidesParts, definition }: RouteContext): GuardedItems | undefined =>
  hidesParts === false ? undefined : definition.guardedItems;

/** What a route does not show, as a number; 0 where all is shown. */
const sightOf = (route: RouteContext): number => {
  const hidden = hiddenOf(route);
  const bits = confidentialNames(route.definition).map((name, at) =>
    hidden.includes(name) ? 2 ** (at + 1) : 0,
  );
  return bits.reduce((sum, bit) => sum + bit, hiddenPartsOf(route) === undefined ? 0 : 1);
};

/** The ETag of a stored state as the route shows it: who sees less of it has another one. */
export const shownEtagOf = (route: RouteContext, stored: StoredResource): string => {
  const sight = sightOf(route);
  const etag = etagOf(stored);
  return sight === 0 ? etag : `${etag.slice(0, -1)}.${sight.toString(36)}"`;
};

/** A stored document as the version of the request shows it. */
export const represent = (route: RouteContext, stored: StoredResource): JsonObject => {
  const shown = translated(route, stored);
  for (const name of route.binding.shownLists ?? []) shown[name] ??= [];
  return shown;
};

/** What a client left as it was shown, without the lists that are only shown. */
export const withoutShownLists = (
  route: RouteContext,
  stored: StoredResource,
  sent: JsonObject,
): JsonObject => {
  const { shownLists = [] } = route.binding;
  if (shownLists.length === 0) return sent;
  const known = translated(route, stored);
  const isOurs = (name: string): boolean => {
    const value = sent[name];
    return known[name] === undefined && Array.isArray(value) && value.length === 0;
  };
  return withoutAttributes(sent, shownLists.filter(isOurs));
};

const translated = (route: RouteContext, stored: StoredResource): JsonObject => {
  const open = withoutAttributes(route.service.fullView(stored), hiddenOf(route));
  const parts = hiddenPartsOf(route);
  const view = parts === undefined ? open : withoutParts(parts, open);
  const shown = route.binding.mapper ? route.binding.mapper.fromStored(view) : view;
  if (route.version !== 'v5') shown['href'] = hrefOf(route, stored._id);
  return shown;
};

/** The body of an answer with one resource: all of it or the attributes that the client chose. */
export const bodyOfAnswer = (
  route: RouteContext,
  stored: StoredResource,
  fields: FieldSelection | undefined,
): string => JSON.stringify(selectFields(represent(route, stored), fields));

/** What a client sent, in the stored shape. */
export const toStoredShape = (route: RouteContext, body: JsonObject): JsonObject =>
  route.binding.mapper ? route.binding.mapper.toStored(body) : body;
