import fc from 'fast-check';
import { matchAll } from './filter';
import type { ListQuery } from './list-query';
import { contentRange, linkHeader, parseRange, withRange, type Page } from './paging';

const page = (more: Partial<Page>): Page => ({
  path: '/api/quote',
  query: '',
  offset: 0,
  limit: 10,
  returned: 10,
  hasMore: true,
  ...more,
});
const relations = (header: string | undefined): Record<string, string> =>
  Object.fromEntries(
    [...(header ?? '').matchAll(/<([^>]*)>; rel="(\w+)"/g)].map(([, url, rel]) => [rel ?? '', url ?? '']),
  );

describe('the Link header', () => {
  it('leads from a middle page to all others and keeps the rest of the query as it was', () => {
    const query = 'state=a,b&offset=10&limit=10&filter=note%5B%3F(@.a)%5D';
    const kept = '/api/quote?state=a,b&filter=note%5B%3F(@.a)%5D';
    expect(relations(linkHeader(page({ query, offset: 10, total: 35 })))).toEqual({
      first: `${kept}&offset=0&limit=10`,
      prev: `${kept}&offset=0&limit=10`,
      next: `${kept}&offset=20&limit=10`,
      last: `${kept}&offset=30&limit=10`,
    });
  });

  it('is absent when the page is the whole list', () => {
    expect(linkHeader(page({ hasMore: false, returned: 3, total: 3 }))).toBeUndefined();
  });

  it('goes on by cursor where there is one, and has no last without a certain total', () => {
    const links = relations(
      linkHeader(
        page({ query: 'after=old&limit=10', byCursor: true, nextCursor: 'n-1', previousCursor: 'p_1' }),
      ),
    );
    expect(links).toEqual({
      first: '/api/quote?offset=0&limit=10',
      prev: '/api/quote?before=p_1&limit=10',
      next: '/api/quote?after=n-1&limit=10',
    });
  });

  it('names no last page that the service would refuse, and never hides that there is a next one', () => {
    const deep = relations(linkHeader(page({ offset: 10_000, total: 50_000 })));
    expect(Object.keys(deep).sort()).toEqual(['first', 'next', 'prev']);
    expect(deep['next']).toBe('/api/quote?offset=10010&limit=10');
  });

  it('the page before a short offset does not overlap it', () => {
    expect(relations(linkHeader(page({ offset: 4 })))['prev']).toBe('/api/quote?offset=0&limit=4');
  });

  it('cannot be broken out of by a query', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (query) => {
        const header = linkHeader(page({ query })) ?? '';
        expect(header).toMatch(/^[\x20-\x7e]*$/);
        expect(header.match(/[<>]/g)).toHaveLength(4);
      }),
    );
  });
});

describe('ranges', () => {
  it.each([
    [{ offset: 0, returned: 10, total: 42 }, 'items 0-9/42'],
    [{ offset: 0, returned: 10 }, 'items 0-9/*'],
    [{ offset: 50, returned: 0, total: 42 }, 'items */42'],
  ])('%j is %s', (part, text) => {
    expect(contentRange(part)).toBe(text);
  });

  it('what a page says in Content-Range asks for the same page in Range', () => {
    fc.assert(
      fc.property(fc.nat(9_999), fc.integer({ min: 1, max: 100 }), (offset, returned) => {
        const range = contentRange({ offset, returned, total: offset + returned })
          .replace(/\/.*/, '')
          .replace(' ', '=');
        expect(parseRange(range)).toEqual({ ok: true, value: { offset, limit: returned } });
      }),
    );
  });

  it.each([[undefined], ['bytes=0-9'], ['']])('%p asks for nothing', (header) => {
    expect(parseRange(header)).toEqual({ ok: true, value: undefined });
  });

  it.each(['items=9-0', 'items=a-b', 'items=-5', 'items=1-2,4-5'])('%s is refused', (header) => {
    expect(parseRange(header)).toMatchObject({ ok: false, error: [{ path: 'Range' }] });
  });

  const query: ListQuery = {
    filter: matchAll,
    sort: [],
    offset: 0,
    limit: 20,
    pageRequested: false,
    flags: {},
  };
  it('a Range header sets the page, unless the query has set it', () => {
    expect(withRange(query, 'items=11-20')).toMatchObject({
      value: { offset: 11, limit: 10, pageRequested: true },
    });
    const own = { ...query, offset: 3, pageRequested: true };
    expect(withRange(own, 'items=11-20')).toEqual({ ok: true, value: own });
    expect(withRange(query, 'items=0-5000')).toMatchObject({ value: { limit: 100 } });
    expect(withRange(query, 'items=20000-20001').ok).toBe(false);
  });
});
