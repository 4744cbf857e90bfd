import { err, ok, type Fault, type Result } from '@quotebridge/platform/core';
import type { ListQuery } from './list-query';
import { defaultLimits, type QueryLimits } from './limits';
import { splitParameters } from './query-text';

/** A page that is about to be answered. */
export interface Page {
  /** Path of the list, absolute or with host, without the query. */
  readonly path: string;
  /** Query string of the request. */
  readonly query: string;
  readonly offset: number;
  readonly limit: number;
  /** Items in this page. */
  readonly returned: number;
  readonly hasMore: boolean;
  /** Number of all matches; absent when it is not known for certain. */
  readonly total?: number;
  /** Set when the page was asked for by a cursor: its offset is unknown then. */
  readonly byCursor?: boolean;
  /** Cursors of the last and the first item, from `encodeCursor`. */
  readonly nextCursor?: string;
  readonly previousCursor?: string;
}

const PAGING: ReadonlySet<string> = new Set(['offset', 'limit', 'before', 'after']);

const target = (page: Page, paging: Readonly<Record<string, string | number>>): string => {
  const kept = splitParameters(page.query)
    .filter(({ name }) => !PAGING.has(name))
    // Characters that would end the link are encoded; the rest stays as the client sent it.
    .map(({ raw }) => raw.replace(/[\s<>",;\\^`{|}]|[^\x20-\x7e]/gu, (char) => encodeLoose(char)));
  const own = Object.entries(paging).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${page.path}?${[...kept, ...own].join('&')}`;
};

// A bare comma or semicolon has a meaning in the query and must stay bare.
const encodeLoose = (char: string): string => {
  if (char === ',' || char === ';') return char;
  try {
    return encodeURIComponent(char);
  } catch {
    return '';
  }
};

/**
 * The `Link` header of a page (RFC 8288): first, next, prev and last. `next` leads by cursor where there is one, so
 * that following it stays cheap at any depth. Undefined when there is no other page.
 */
export const linkHeader = (page: Page, maxOffset = defaultLimits.maxOffset): string | undefined => {
  const { offset, limit, total } = page;
  const links: Record<string, string> = {};
  const isFirst = offset === 0 && page.byCursor !== true;
  if (page.hasMore && limit > 0) {
    if (page.nextCursor !== undefined) links['next'] = target(page, { after: page.nextCursor, limit });
    // One that is too deep is refused and says why; without a link the list would seem to end here.
    else if (page.byCursor !== true) links['next'] = target(page, { offset: offset + limit, limit });
  }
  if (!isFirst && page.byCursor !== true)
    links['prev'] = target(page, { offset: Math.max(0, offset - limit), limit: Math.min(limit, offset) });
  if (page.byCursor === true && page.previousCursor !== undefined)
    links['prev'] = target(page, { before: page.previousCursor, limit });
  if (total !== undefined && total > 0 && limit > 0 && page.byCursor !== true) {
    const last = Math.floor((total - 1) / limit) * limit;
    if (last <= maxOffset && (page.hasMore || !isFirst))
      links['last'] = target(page, { offset: last, limit });
  }
  if (Object.keys(links).length === 0) return undefined;
  links['first'] = target(page, { offset: 0, limit });
  return ['first', 'prev', 'next', 'last']
    .flatMap((rel) => (links[rel] === undefined ? [] : [`<${links[rel]}>; rel="${rel}"`]))
    .join(', ');
};

/** The `Content-Range` of a page: `items 0-9/42`, `items 0-9/*` for an unknown total, and a star in place of the range for no items. */
export const contentRange = (page: Pick<Page, 'offset' | 'returned' | 'total'>): string => {
  const range = page.returned === 0 ? '*' : `${page.offset}-${page.offset + page.returned - 1}`;
  return `items ${range}/${page.total ?? '*'}`;
};

/**
 * Reads `Range: items=11-20` into offset and limit. Positions count from 0 and include both ends, as in
 * {@link contentRange}. Undefined for no header or another unit, which HTTP says to ignore.
 */
export const parseRange = (
  header: string | undefined,
): Result<{ readonly offset: number; readonly limit: number } | undefined, Fault[]> => {
  if (header === undefined || !/^\s*items\b/i.test(header)) return ok(undefined);
  const found = /^\s*items\s*[= ]\s*(\d{1,9})\s*-\s*(\d{1,9})\s*$/i.exec(header);
  const [first, last] = [Number(found?.[1]), Number(found?.[2])];
  if (found === null || last < first)
    return err([
      { path: 'Range', message: 'Write the range as items=0-9, the smaller position first.', code: 'syntax' },
    ]);
  return ok({ offset: first, limit: last - first + 1 });
};

/** The query with the page of a `Range` header; parameters of the query itself win over the header. */
export const withRange = (
  query: ListQuery,
  header: string | undefined,
  limits: Pick<QueryLimits, 'maxLimit' | 'maxOffset'> = defaultLimits,
): Result<ListQuery, Fault[]> => {
  if (query.pageRequested) return ok(query);
  const range = parseRange(header);
  if (!range.ok) return range;
  if (range.value === undefined) return ok(query);
  const { offset, limit } = range.value;
  if (offset > limits.maxOffset)
    return err([{ path: 'Range', message: `A range starts at ${limits.maxOffset} at most.`, code: 'limit' }]);
  return ok({ ...query, offset, limit: Math.min(limit, limits.maxLimit), pageRequested: true });
};
