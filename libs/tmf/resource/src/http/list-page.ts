import { Refusal, type JsonObject } from '@quotebridge/platform/core';
import {
  countSourceOf,
  SharedCalls,
  WholeCount,
  type Filter,
  type IndexSpec,
} from '@quotebridge/platform/store';
import {
  encodeCursor,
  matchAll,
  mongoProjection,
  mongoSort,
  planIndex,
  toMongoFilter,
  type IndexShape,
  type ListQuery,
} from '@quotebridge/tmf/query';
import { storedIndexes } from '../encryption/field-cipher';
import { refuseSealedOrder } from '../encryption/sealed-filter';
import type { StoredResource } from '../stored';
import { filteredStore, storedFilter } from './list-filter';
import { placeOf } from './list-place';
import type { RouteContext } from './request';

const TIMED_OUT = 50;

/** One page of a list. */
export interface ListPage {
  readonly items: StoredResource[];
  readonly hasNext: boolean;
  readonly nextCursor?: string;
  readonly previousCursor?: string;
  /** Number of all matches; absent when more match than are counted. */
  readonly total?: number;
}

const timedOut = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === TIMED_OUT;

const tooCostly = (thrown: unknown): never => {
  if (!timedOut(thrown)) throw thrown;
  throw new Refusal(
    400,
    'queryTooCostly',
    'This query takes too long; add a condition on an indexed attribute',
    { cause: thrown },
  );
};

/** The indexes that a list may be led along. */
const indexShapes = (indexes: readonly IndexSpec[]): readonly IndexShape[] =>
  indexes.map(({ keys, options }) => ({
    name:
      options?.name ??
      Object.entries(keys)
        .map(([path, direction]) => `${path}_${direction}`)
        .join('_'),
    keys,
    partial: options?.sparse === true || options?.partialFilterExpression !== undefined,
  }));

/** What is read of each document: the chosen attributes where the version is the stored one, else all of them. */
const projectionOf = (route: RouteContext, query: ListQuery): Record<string, 0 | 1> => {
  const chosen = route.binding.mapper
    ? undefined
    : mongoProjection(query.fields, undefined, ['_rev', ...query.sort.map(({ storagePath }) => storagePath)]);
  return chosen ?? { _outbox: 0 };
};

/** Reads pages of one resource in one version. */
export const pageReader = (route: RouteContext) => {
  const { collection, cipher, opened } = route.service.repository;
  const { countCap, queryTimeMs } = route.limits;
  const stored = filteredStore(route.service, route.binding.mapper);
  const shapes = indexShapes(storedIndexes(route.definition, route.service.deps.keys));
  const { store, clock } = route.service.deps;
  const whole = new WholeCount(countSourceOf(store, route.definition.name), clock);
  const counts = new SharedCalls<number | undefined>();
  const finds = new SharedCalls<readonly StoredResource[]>();

  /** `key` tells queries apart: equal ones that are asked at the same time share the reading. */
  return async (query: ListQuery, exact: boolean, key: string): Promise<ListPage> => {
    const { cursor, limit, offset, sort } = query;
    const isFiltered = query.filter !== matchAll;
    const wanted = storedFilter(stored, query.filter);
    if (cipher !== undefined)
      refuseSealedOrder(
        sort.map(({ storagePath }) => storagePath),
        cipher,
      );
    const matching = toMongoFilter(wanted) as Filter<StoredResource>;
    const index = planIndex({ filter: wanted, sort }, shapes);
    const options = { maxTimeMS: queryTimeMs, ...(index === undefined ? {} : { hint: index }) };
    const backwards = cursor?.side === 'before';

    /** Undefined when more match than are counted, or counting takes too long. */
    const countAlone = async (): Promise<number | undefined> => {
      const bounded = exact ? options : { ...options, limit: countCap + 1 };
      try {
        if (!isFiltered && !exact) return await whole.count(queryTimeMs);
        const counted = await collection.countDocuments(matching, bounded);
        return exact || counted <= countCap ? counted : undefined;
      } catch (thrown) {
        return exact || !timedOut(thrown) ? tooCostly(thrown) : undefined;
      }
    };
    // Who asks for the same at the same time shares it: counting costs more than a page, and dashboards look together.
    const count = (): Promise<number | undefined> =>
      counts.call(isFiltered || exact ? JSON.stringify([wanted, exact]) : '', countAlone);
    const findAlone = async (): Promise<readonly StoredResource[]> => {
      try {
        const place = await placeOf(query, (id, projection) =>
          collection.findOne({ _id: id }, { projection, maxTimeMS: queryTimeMs }),
        );
        const paged: Filter<StoredResource> = place === undefined ? matching : { $and: [matching, place] };
        const found = await collection
          .find(paged, {
            ...options,
            projection: projectionOf(route, query),
            sort: mongoSort(sort, backwards),
            skip: offset,
            limit: limit + 1,
            // One answer of the server: no cursor is left open there.
            batchSize: limit + 2,
          })
          .toArray();
        return cipher === undefined ? found : found.map(opened);
      } catch (thrown) {
        return tooCostly(thrown);
      }
    };

    // A first page that is not full needs no count; deeper ones mostly do, so both are asked for at once.
    const alongside = cursor || offset > 0 || !isFiltered ? count() : undefined;
    const [found, early] = await Promise.all([finds.call(key, findAlone), alongside]);
    const hasMore = found.length > limit;
    // A copy: others may have the same answer.
    const items = found.slice(0, limit);
    if (backwards) items.reverse();
    const total = await totalOf({ query, returned: items.length, hasMore }, () =>
      alongside === undefined ? count() : Promise.resolve(early),
    );
    return { ...linksOf(query, items, hasMore), ...(total === undefined ? {} : { total }) };
  };
};

/** The number of matches: what the page itself proves goes before what was counted beside it. */
const totalOf = async (
  page: { readonly query: ListQuery; readonly returned: number; readonly hasMore: boolean },
  count: () => Promise<number | undefined>,
): Promise<number | undefined> => {
  const { query, returned, hasMore } = page;
  if (query.cursor) return count();
  const seen = query.offset + returned;
  const isEnd = !hasMore && (returned > 0 || query.offset === 0);
  if (isEnd && query.limit > 0) return seen;
  const counted = await count();
  // Something was removed between the two reads: at the time of the page there were at least these.
  return counted === undefined || returned === 0 ? counted : Math.max(counted, seen + (hasMore ? 1 : 0));
};

const linksOf = (
  { cursor, sort }: ListQuery,
  items: StoredResource[],
  hasMore: boolean,
): Omit<ListPage, 'total'> => {
  const backwards = cursor?.side === 'before';
  const first = items[0] as JsonObject | undefined;
  const last = items[items.length - 1] as JsonObject | undefined;
  // The item that a cursor was made of lies on its other side.
  const hasNext = backwards ? items.length > 0 : hasMore;
  const hasPrevious = cursor !== undefined && (!backwards || hasMore);
  const nextCursor = hasNext && last ? encodeCursor(sort, last) : undefined;
  const previousCursor = hasPrevious && first ? encodeCursor(sort, first) : undefined;
  return {
    items,
    hasNext,
    ...(nextCursor === undefined ? {} : { nextCursor }),
    ...(previousCursor === undefined ? {} : { previousCursor }),
  };
};
