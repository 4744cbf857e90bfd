import { Refusal, type JsonObject } from '@quotebridge/platform/core';
import type { Filter } from '@quotebridge/platform/store';
import {
  contentRange,
  cursorFilter,
  encodeCursor,
  linkHeader,
  matchAll,
  mongoSort,
  parseListQuery,
  planIndex,
  selectFields,
  toMongoFilter,
  withRange,
  type ListQuery,
} from '@quotebridge/tmf/query';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { StoredResource } from '../stored';
import { pathResolver } from './fields-of-version';
import { refuseQuery } from './field-selection';
import { storedFilter } from './list-filter';
import { represent } from './representation';
import { headerOf, rawQuery, type RouteContext } from './request';

const RESERVED = ['checkReferences', 'depth', 'expand'];
const TIMED_OUT = 50;

interface Page {
  readonly items: StoredResource[];
  readonly hasMore: boolean;
  /** Absent when more match than are counted. */
  readonly total?: number;
}

const timedOut = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === TIMED_OUT;

/** Reads one page and its total, in parallel. */
const readPage = async (route: RouteContext, query: ListQuery, exact: boolean): Promise<Page> => {
  const { collection } = route.service.repository;
  const { countCap, queryTimeMs } = route.limits;
  const isFiltered = query.filter !== matchAll;
  const wanted = storedFilter(route, query.filter);
  const matching = toMongoFilter(wanted) as Filter<StoredResource>;
  const index = planIndex({ filter: wanted, sort: query.sort }, indexShapes(route));
  const options = { maxTimeMS: queryTimeMs, ...(index === undefined ? {} : { hint: index }) };
  const backwards = query.cursor?.side === 'before';
  const paged = query.cursor
    ? ({ $and: [matching, cursorFilter(query.sort, query.cursor)] } as Filter<StoredResource>)
    : matching;

  const items = collection
    .find(paged, { ...options, projection: { _outbox: 0 } })
    .sort(mongoSort(query.sort, backwards))
    .skip(query.offset)
    .limit(query.limit + 1)
    .toArray();
  const counted = isFiltered
    ? collection.countDocuments(matching, { ...options, ...(exact ? {} : { limit: countCap + 1 }) })
    : collection.estimatedDocumentCount();
  const [found, count] = await Promise.all([items, counted]);
  const hasMore = found.length > query.limit;
  if (hasMore) found.pop();
  if (backwards) found.reverse();
  const known = exact || !isFiltered || count <= countCap;
  return {
    items: found,
    hasMore: hasMore || (backwards && found.length > 0),
    ...(known ? { total: count } : {}),
  };
};

const indexShapes = (route: RouteContext) =>
  route.definition.indexes.map(({ keys, options }) => ({
    name:
      options?.name ??
      Object.entries(keys)
        .map(([path, direction]) => `${path}_${direction}`)
        .join('_'),
    keys,
    partial: options?.sparse === true || options?.partialFilterExpression !== undefined,
  }));

const headersOf = (
  route: RouteContext,
  request: FastifyRequest,
  query: ListQuery,
  page: Page,
): Record<string, string> => {
  const { items, hasMore, total } = page;
  const [first] = items;
  const last = items[items.length - 1];
  const nextCursor = hasMore && last ? encodeCursor(query.sort, last as unknown as JsonObject) : undefined;
  const previousCursor =
    query.cursor && first ? encodeCursor(query.sort, first as unknown as JsonObject) : undefined;
  const link = linkHeader({
    path: `${route.baseUrl}/${route.binding.name}`,
    query: rawQuery(request),
    offset: query.offset,
    limit: query.limit,
    returned: items.length,
    hasMore,
    ...(total === undefined ? {} : { total }),
    ...(query.cursor ? { byCursor: true } : {}),
    ...(nextCursor === undefined ? {} : { nextCursor }),
    ...(previousCursor === undefined ? {} : { previousCursor }),
  });
  return {
    'X-Result-Count': String(items.length),
    ...(total === undefined ? {} : { 'X-Total-Count': String(total) }),
    ...(query.cursor
      ? {}
      : {
          'Content-Range': contentRange({
            offset: query.offset,
            returned: items.length,
            ...(total === undefined ? {} : { total }),
          }),
        }),
    ...(link === undefined ? {} : { Link: link }),
  };
};

/** The handler of `GET /{resource}` (TMF630 part 1, 4.3 to 4.7). */
export const listHandler = (route: RouteContext) => {
  const resolve = pathResolver(route);
  const limits = { defaultLimit: route.limits.defaultLimit, maxLimit: route.limits.maxLimit };

  const queryOf = (request: FastifyRequest): ListQuery => {
    const parsed = parseListQuery(rawQuery(request), { resolve, limits, reserved: RESERVED });
    if (!parsed.ok) return refuseQuery(parsed.error);
    const ranged = withRange(parsed.value, headerOf(request, 'range'));
    return ranged.ok ? ranged.value : refuseQuery(ranged.error);
  };

  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const query = queryOf(request);
    const exact = /(^|[,;\s])count=exact\b/.test(headerOf(request, 'prefer') ?? '');
    let page: Page;
    try {
      page = await readPage(route, query, exact);
    } catch (thrown) {
      if (!timedOut(thrown)) throw thrown;
      throw new Refusal(
        400,
        'queryTooCostly',
        'This query takes too long; add a condition on an indexed attribute',
        {
          cause: thrown,
        },
      );
    }
    const shown = page.items.map((item) => selectFields(represent(route, item), query.fields));
    return reply
      .code(query.pageRequested && page.hasMore ? 206 : 200)
      .headers(headersOf(route, request, query, page))
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(shown));
  };
};
