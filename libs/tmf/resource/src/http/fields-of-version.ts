import { declaredPaths, fieldAt } from '@quotebridge/tmf-specs';
import type { Resolve, ResolvedField } from '@quotebridge/tmf/query';
import type { RouteContext } from './request';

const MAX_KNOWN = 2_000;

/**
 * Answers which paths clients of this version may filter and sort by and where they are stored: what the API's
 * model declares, nothing else. Answers are remembered, undeclared paths too, within a bound.
 */
export const pathResolver = (route: RouteContext): Resolve => {
  const known = new Map<string, ResolvedField | undefined>();
  const { api, versions } = route.definition;
  const { mapper, schemas } = route.binding;
  const storedSchema = versions.v5?.schemas.response ?? schemas.response;
  /** A text of v4 may be kept in an array of v5: either of the two makes the path one with many values. */
  const isArray = (field: { readonly array?: true }, storagePath: string): boolean =>
    field.array === true || fieldAt(api, 'v5', storedSchema, storagePath)?.array === true;
  const find = (path: string): ResolvedField | undefined => {
    if (path === 'id') return { storagePath: '_id', kind: 'string' };
    const field = path === 'href' ? undefined : fieldAt(api, route.version, schemas.response, path);
    if (!field) return undefined;
    const storagePath = mapper ? mapper.storedPath(path) : path;
    return { storagePath, kind: field.kind, ...(isArray(field, storagePath) ? { array: true } : {}) };
  };
  return (path) => {
    if (known.has(path)) return known.get(path);
    const field = find(path);
    if (known.size < MAX_KNOWN) known.set(path, field);
    return field;
  };
};

/** The paths to suggest when a client names one that is not declared; collected at the first fault. */
export const suggestedPaths = (route: RouteContext): (() => readonly string[]) => {
  let paths: readonly string[] | undefined;
  return () =>
    (paths ??= declaredPaths(route.definition.api, route.version, route.binding.schemas.response).filter(
      (path) => path !== 'href',
    ));
};
