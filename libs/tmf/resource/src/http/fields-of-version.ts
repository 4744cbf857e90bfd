import { fieldAt } from '@quotebridge/tmf-specs';
import type { Resolve, ResolvedField } from '@quotebridge/tmf/query';
import type { RouteContext } from './request';

const MAX_KNOWN = 2_000;

/**
 * Answers which paths clients of this version may filter and sort by and where they are stored: what the API's
 * model declares, nothing else. Answers are remembered, undeclared paths too, within a bound.
 */
export const pathResolver = (route: RouteContext): Resolve => {
  const known = new Map<string, ResolvedField | undefined>();
  const { api } = route.definition;
  const { mapper, schemas } = route.binding;
  const find = (path: string): ResolvedField | undefined => {
    if (path === 'id') return { storagePath: '_id', kind: 'string' };
    const field = path === 'href' ? undefined : fieldAt(api, route.version, schemas.response, path);
    if (!field) return undefined;
    const storagePath = mapper ? mapper.storedPath(path) : path;
    return { storagePath, kind: field.kind };
  };
  return (path) => {
    if (known.has(path)) return known.get(path);
    const field = find(path);
    if (known.size < MAX_KNOWN) known.set(path, field);
    return field;
  };
};
