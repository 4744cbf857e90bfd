import type { JsonObject } from '@quotebridge/platform/core';
import { selectedOf, type Row, type Tables } from '@quotebridge/sandbox/core';
import { rowKey } from '../model/entity';
import { etagOf } from '../odata/encode';
import { badRequest, notFound, refused } from '../odata/errors';
import { parsePath, type Segment } from '../odata/path';
import { pageOf, selectionOf, skipToken, type Source } from '../odata/query';
import type { ODataAnswer } from '../odata/service';
import { v4Set, V4_SETS, type V4Set } from './model';
import { presentV4, v2Filter } from './values';

const MOST_ROWS = 5000;

/** A read of the V4 service. */
export interface V4Request {
  /** Behind the service root, decoded, without a leading slash. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** True when decimals are wanted as texts (`IEEE754Compatible=true`). */
  readonly exact: boolean;
  /** True when the next link is to lead to another host. */
  readonly foreignLink: () => boolean;
}

interface Place {
  readonly set: V4Set;
  readonly source: Source;
  /** The one that is named, when a key was given. */
  readonly row?: Row;
}

const unknown = (name: string): Error =>
  refused(404, '/IWBEP/CM_V4_APPS/006', `Resource not found for segment '${name}'.`);

const start = (tables: Tables, { name, keys }: Segment): Place => {
  const set = v4Set(name);
  if (set === undefined) throw unknown(name);
  const source: Source = (where, order) => tables.select(set.rows.set, where, order);
  if (keys === undefined) return { set, source };
  const [only = ''] = set.rows.keys;
  const row = tables.get(set.rows.set, rowKey(set.rows, '' in keys ? { [only]: keys[''] } : keys));
  if (row === undefined) throw notFound(name, Object.values(keys).join(','));
  return { set, source, row };
};

const related = (
  tables: Tables,
  { set, row }: Place,
  name: string,
): Place & { readonly rows: readonly Row[] } => {
  const nav = Object.hasOwn(set.navs, name) ? set.navs[name] : undefined;
  const target = v4Set(nav?.target ?? '');
  if (nav === undefined || target === undefined || row === undefined) throw unknown(name);
  const rows = tables.where(target.rows.set, nav.shared, row[nav.shared]);
  return { set: target, rows, source: (where, order) => selectedOf(rows, where, order) };
};

const listOf = (text: string | null): readonly string[] =>
  (text ?? '').split(',').filter((part) => part.trim() !== '');

/** Answers a read of the V4 service: entities, collections page by page, counts. Refusals are thrown. */
export const answerV4 = (tables: Tables, pageSize: number, request: V4Request): ODataAnswer => {
  const { path, query, exact } = request;
  if (path === '')
    return { status: 200, headers: {}, body: { value: V4_SETS.map(({ name }) => ({ name, url: name })) } };
  const [first, ...rest] = parsePath(path);
  if (first === undefined) throw unknown(path);
  const isCount = rest.at(-1)?.name === '$count';
  const place = (isCount ? rest.slice(0, -1) : rest).reduce<Place>(
    (at, { name }) => related(tables, at, name),
    start(tables, first),
  );
  const { set } = place;
  const [select, expand] = [listOf(query.get('$select')), listOf(query.get('$expand'))];
  const wrong = select.find((name) => !Object.hasOwn(set.rows.fields, name));
  if (wrong !== undefined) throw badRequest(`Property '${wrong}' is unknown in ${set.name}.`, wrong);
  const shown = (row: Row): JsonObject => ({
    ...presentV4(set, row, select, exact),
    ...Object.fromEntries(
      expand.map((name) => {
        const inner = related(tables, { ...place, row }, name);
        return [name, inner.rows.map((one) => presentV4(inner.set, one, [], exact))];
      }),
    ),
  });
  if (place.row !== undefined) {
    const etag = etagOf(set.rows, place.row);
    const body = { '@odata.context': `$metadata#${set.name}/$entity`, ...shown(place.row) };
    return { status: 200, headers: etag === undefined ? {} : { etag }, body };
  }
  const options = new URLSearchParams(query);
  const filter = query.get('$filter');
  if (filter !== null) options.set('$filter', v2Filter(filter));
  const selection = selectionOf(set.rows, place.source, options);
  if (isCount)
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: String(selection.count()) };
  const page = pageOf(selection, options, Math.min(pageSize, MOST_ROWS));
  const body: JsonObject = { '@odata.context': `$metadata#${set.name}`, value: page.rows.map(shown) };
  if (query.get('$count') === 'true') body['@odata.count'] = selection.count();
  if (page.nextOffset !== undefined) {
    const next = new URLSearchParams(query);
    next.set('$skiptoken', skipToken(page.nextOffset));
    const host = request.foreignLink() ? 'http://elsewhere.example/' : '';
    body['@odata.nextLink'] = `${host}${set.name}?${next.toString()}`;
  }
  return { status: 200, headers: {}, body };
};
