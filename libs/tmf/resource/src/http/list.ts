import {
  contentRange,
  defaultLimits,
  linkHeader,
  parseListQuery,
  selectFields,
  withRange,
  type ListQuery,
} from '@quotebridge/tmf/query';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { leadsInto } from '../confidential';
import { leadsIntoParts } from '../guarded-items';
import { pathResolver, suggestedPaths } from './fields-of-version';
import { pageReader, type ListPage } from './list-page';
import { refuseQuery } from './refuse-query';
import { hiddenOf, hiddenPartsOf, represent, visibleTo } from './representation';
import { headerOf, JSON_TYPE, rawQuery, type RouteContext } from './request';

const RESERVED = ['checkReferences', 'depth', 'expand'];

/** True when the client wants a total whatever it costs (RFC 7240: `Prefer: count=exact`). */
export const wantsExactCount = (prefer: string | undefined): boolean =>
  prefer !== undefined && /(^|[,;\s])count\s*=\s*"?exact"?\s*($|[,;])/i.test(prefer);

const headersOf = (
  route: RouteContext,
  query: ListQuery,
  page: ListPage,
  rawText: string,
): Record<string, string> => {
  const { items, hasNext, total, nextCursor, previousCursor } = page;
  const known = total === undefined ? {} : { total };
  const headers: Record<string, string> = {
    'Content-Type': JSON_TYPE,
    'X-Result-Count': String(items.length),
  };
  if (total !== undefined) headers['X-Total-Count'] = String(total);
  if (!query.cursor)
    headers['Content-Range'] = contentRange({ offset: query.offset, returned: items.length, ...known });
  const link = linkHeader({
    path: `${route.baseUrl}/${route.binding.name}`,
    query: rawText,
    offset: query.offset,
    limit: query.limit,
    returned: items.length,
    hasMore: hasNext,
    ...known,
    ...(query.cursor ? { byCursor: true } : {}),
    ...(nextCursor === undefined ? {} : { nextCursor }),
    ...(previousCursor === undefined ? {} : { previousCursor }),
  });
  if (link !== undefined) headers['Link'] = link;
  return headers;
};

/** The handler of `GET /{resource}` (TMF630 part 1, 4.3 to 4.7). */
export const listHandler = (route: RouteContext) => {
  const read = pageReader(route);
  const { defaultLimit, maxLimit } = route.limits;
  const options = {
    resolve: pathResolver(route),
    known: suggestedPaths(route),
    limits: { defaultLimit, maxLimit },
    reserved: RESERVED,
  };
  const ranges = { ...defaultLimits, maxLimit };

  /** Paths into what is hidden are paths that the resource does not have. */
  const optionsFor = (mine: RouteContext): typeof options => {
    const hidden = hiddenOf(mine);
    const parts = hiddenPartsOf(mine);
    if (hidden.length === 0 && parts === undefined) return options;
    const isHidden = (path: string): boolean =>
      leadsInto(path, hidden) || (parts !== undefined && leadsIntoParts(parts, path));
    return {
      ...options,
      resolve: (path) => (isHidden(path) ? undefined : options.resolve(path)),
      known: () => options.known().filter((path) => !isHidden(path)),
    };
  };

  const queryOf = (rawText: string, range: string | undefined, mine: RouteContext): ListQuery => {
    const parsed = parseListQuery(rawText, optionsFor(mine));
    if (!parsed.ok) return refuseQuery(parsed.error);
    const ranged = withRange(parsed.value, range, ranges);
    return ranged.ok ? ranged.value : refuseQuery(ranged.error);
  };

  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const rawText = rawQuery(request);
    const range = headerOf(request, 'range');
    const mine = visibleTo(route, request.qbPrincipal);
    const query = queryOf(rawText, range, mine);
    const exact = wantsExactCount(headerOf(request, 'prefer'));
    const page = await read(query, exact, range === undefined ? rawText : `${rawText}\n${range}`);
    if (exact) void reply.header('Preference-Applied', 'count=exact');
    const shown = page.items.map((item) => selectFields(represent(mine, item), query.fields));
    return reply
      .code(query.pageRequested && page.hasNext ? 206 : 200)
      .headers(headersOf(route, query, page, rawText))
      .send(JSON.stringify(shown));
  };
};
