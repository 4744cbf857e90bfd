import { selectedOf, type Row, type Tables } from '@quotebridge/sandbox/core';
import type { JsonObject } from '@quotebridge/platform/core';
import type { Happening } from '../events/object-change';
import { rowKey, type EntitySet, type ServiceModel } from '../model/entity';
import { SIMULATION } from '../model/live';
import { callFunction } from '../rules/functions';
import {
  createSalesOrder,
  createSalesOrderItem,
  createSalesOrderText,
  deleteSalesOrder,
  updateSalesOrder,
  updateSalesOrderItem,
  updateSalesOrderText,
} from '../rules/sales-order';
import { entityPath, etagOf } from './encode';
import { badRequest, notFound, refused } from './errors';
import { metadataDocument } from './metadata';
import { parsePath, type Segment } from './path';
import {
  pageOf,
  present,
  related,
  selectionOf,
  setNamed,
  shapeOf,
  skipToken,
  targetOf,
  type Scope,
  type Source,
} from './query';
import {
  changedSinceRead,
  checkMatch,
  createEntity,
  readEntity,
  stamped,
  type SentEntity,
  type WriteScope,
} from './write';

/** One request to a service, from HTTP or from a part of a batch. */
export interface ODataRequest {
  readonly method: string;
  /** Behind the service root, decoded, without a leading slash. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly ifMatch: string | undefined;
  readonly body: unknown;
  /** Absolute address of the service root. */
  readonly root: string;
  /** True when the named fault is to be shown to this request. */
  readonly fault: (name: string) => boolean;
}

/** What a service answers. */
export interface ODataAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: JsonObject | string;
  /** The row that a write has made, changed or removed. */
  readonly changed?: { readonly set: EntitySet; readonly row: Row; readonly what: Happening };
}

/** What a service works with. */
export interface ServiceState {
  readonly service: ServiceModel;
  readonly tables: Tables;
  readonly now: number;
  readonly pageSize: number;
}

interface Place {
  readonly set: EntitySet;
  /** The rows that the path names. */
  readonly source: Source;
  /** The one row that it names, when a key was given. */
  readonly row?: Row;
  readonly parent?: { readonly row: Row; readonly on: Readonly<Record<string, string>> };
}

const CREATES: Record<string, (scope: WriteScope, sent: SentEntity) => Row> = {
  A_SalesOrder: createSalesOrder,
  A_SalesOrderItem: createSalesOrderItem,
  A_SalesOrderText: createSalesOrderText,
};

const UPDATES: Record<string, (scope: WriteScope, before: Row, own: Row) => Row> = {
  A_SalesOrder: updateSalesOrder,
  A_SalesOrderItem: updateSalesOrderItem,
  A_SalesOrderText: updateSalesOrderText,
};

const DELETES: Record<string, (scope: WriteScope, row: Row) => void> = { A_SalesOrder: deleteSalesOrder };

/** The key values of a segment under their property names; a wrong set of names is a 400. */
const keyOf = (set: EntitySet, segment: Segment): Row => {
  const given = segment.keys ?? {};
  const named: Row = '' in given && set.keys[0] !== undefined ? { [set.keys[0]]: given[''] } : given;
  const unknown = Object.keys(named).find((name) => !set.keys.includes(name));
  const missing = set.keys.find((name) => !(name in named));
  if (unknown === undefined && missing === undefined) return named;
  throw badRequest(`The key of ${set.set} is ${set.keys.join(', ')}.`, unknown ?? missing);
};

const start = (scope: Scope, set: EntitySet, segment: Segment): Place => {
  if (segment.keys === undefined)
    return { set, source: (where, order) => scope.tables.select(set.set, where, order) };
  const row = scope.tables.get(set.set, rowKey(set, keyOf(set, segment)));
  if (row === undefined) throw notFound(set.set, Object.values(segment.keys).join(','));
  return placeOf(set, [row], true);
};

/** Rows that are at hand; the first is the one that is named, where only one is. */
const placeOf = (set: EntitySet, rows: readonly Row[], isSingle: boolean): Place => ({
  set,
  source: (where, order) => selectedOf(rows, where, order),
  ...(isSingle && rows[0] !== undefined ? { row: rows[0] } : {}),
});

const follow = (scope: Scope, place: Place, segment: Segment): Place => {
  const { row } = place;
  const nav = Object.hasOwn(place.set.navs, segment.name) ? place.set.navs[segment.name] : undefined;
  if (row === undefined || nav === undefined) {
    throw refused(404, '/IWBEP/CM_MGW_RT/022', `Resource not found for segment '${segment.name}'.`);
  }
  const set = targetOf(scope.service, nav);
  const key = segment.keys === undefined ? {} : keyOf(set, segment);
  const rows = related(scope, nav, row).filter((one) =>
    Object.entries(key).every(([name, value]) => one[name] === value),
  );
  const single = !nav.many || segment.keys !== undefined;
  if (single && rows.length === 0) throw notFound(segment.name, Object.values(key).join(','));
  return { ...placeOf(set, rows, single), parent: { row, on: nav.on } };
};

const locate = (scope: Scope, segments: readonly Segment[]): Place => {
  const [first, ...rest] = segments;
  const set = setNamed(scope.service, first?.name ?? '');
  if (first === undefined || set === undefined) {
    throw refused(404, '/IWBEP/CM_MGW_RT/022', `Resource not found for segment '${first?.name ?? ''}'.`);
  }
  return rest.reduce((place, segment) => follow(scope, place, segment), start(scope, set, first));
};

const read = (
  state: ServiceState,
  scope: Scope,
  request: ODataRequest,
  segments: readonly Segment[],
): ODataAnswer => {
  const counting = segments.at(-1)?.name === '$count';
  const place = locate(scope, counting ? segments.slice(0, -1) : segments);
  if (place.row !== undefined) {
    const etag = etagOf(place.set, place.row);
    const body = { d: present(scope, place.set, place.row, shapeOf(request.query)) };
    return { status: 200, headers: etag === undefined ? {} : { etag }, body };
  }
  const selection = selectionOf(place.set, place.source, request.query);
  if (counting)
    return {
      status: 200,
      headers: { 'content-type': 'text/plain;charset=utf-8' },
      body: String(selection.count()),
    };
  const page = pageOf(selection, request.query, state.pageSize);
  const shape = shapeOf(request.query);
  const d: JsonObject = { results: page.rows.map((row) => present(scope, place.set, row, shape)) };
  if (request.query.get('$inlinecount') === 'allpages') d['__count'] = String(selection.count());
  if (page.nextOffset !== undefined) d['__next'] = nextLink(request, page.nextOffset);
  return { status: 200, headers: {}, body: { d } };
};

const nextLink = (request: ODataRequest, offset: number): string => {
  const query = new URLSearchParams(request.query);
  query.set('$skiptoken', skipToken(offset));
  const url = new URL(`${request.root}/${encodeURI(request.path)}?${query.toString()}`);
  if (request.fault('foreignNextLink')) url.host = 'elsewhere.example';
  return url.toString();
};

const allowed = (set: EntitySet, write: 'create' | 'update' | 'delete'): void => {
  if (set.writable.includes(write)) return;
  throw refused(405, '/IWBEP/CM_MGW_RT/030', `Method not allowed: ${set.set} cannot be written by ${write}.`);
};

const create = (
  scope: Scope,
  write: WriteScope,
  request: ODataRequest,
  segments: readonly Segment[],
): ODataAnswer => {
  const { set, row: named, parent } = locate(scope, segments);
  if (named !== undefined)
    throw refused(405, '/IWBEP/CM_MGW_RT/030', 'Method not allowed: POST goes to an entity set.');
  allowed(set, 'create');
  const sent = readEntity(scope.service, set, request.body);
  if (scope.service.name === SIMULATION.name) return simulate(scope, write, set, sent);
  const inherited = Object.entries(parent?.on ?? {}).map(([name, own]) => [name, parent?.row[own]]);
  const whole = { ...sent, own: { ...sent.own, ...Object.fromEntries(inherited) } };
  const row = CREATES[set.set]?.(write, whole) ?? createEntity(write, set, whole);
  const etag = etagOf(set, row);
  const expand = Object.keys(sent.children);
  return {
    status: 201,
    headers: { location: `${scope.root}/${entityPath(set, row)}`, ...(etag === undefined ? {} : { etag }) },
    body: { d: present(scope, set, row, { select: [], expand }) },
    changed: { set, row, what: 'Created' },
  };
};

/** What would come of an order, with everything that was asked for by naming it, and nothing kept. */
const simulate = (scope: Scope, write: WriteScope, set: EntitySet, sent: SentEntity): ODataAnswer => {
  const shown = scope.tables.rehearse(() =>
    present(scope, set, createSalesOrder(write, sent), { select: [], expand: namesIn(sent) }),
  );
  return {
    status: 201,
    headers: { location: `${scope.root}/A_SalesOrderSimulation('')` },
    body: { d: { ...shown, SalesOrder: '' } },
  };
};

/** Paths of the navigations of a body, for example `to_Item/to_PricingElement`. */
const namesIn = (sent: SentEntity): readonly string[] => [
  ...new Set(
    Object.entries(sent.children).flatMap(([name, children]) => [
      name,
      ...children.flatMap((child) => namesIn(child).map((inner) => `${name}/${inner}`)),
    ]),
  ),
];

const change = (
  scope: Scope,
  write: WriteScope,
  request: ODataRequest,
  segments: readonly Segment[],
): ODataAnswer => {
  const { set, row: before } = locate(scope, segments);
  if (before === undefined) {
    throw refused(405, '/IWBEP/CM_MGW_RT/030', `Method not allowed: ${request.method} goes to one entity.`);
  }
  const removing = request.method === 'DELETE';
  allowed(set, removing ? 'delete' : 'update');
  const isVague = request.ifMatch === '*' && request.fault('wantsExactEtag');
  checkMatch(set, before, isVague ? undefined : request.ifMatch);
  if (request.fault('changedMeanwhile')) throw changedSinceRead();
  if (request.fault('lockedByUser')) {
    throw refused(400, 'V1/042', `${set.set} is currently being processed by user CB9980000012.`);
  }
  if (removing) {
    const special = DELETES[set.set];
    if (special === undefined) scope.tables.remove(set.set, rowKey(set, before));
    else special(write, before);
    return { status: 204, headers: {}, changed: { set, row: before, what: 'Deleted' } };
  }
  const { own } = readEntity(scope.service, set, request.body);
  const moved = set.keys.find((key) => key in own && own[key] !== before[key]);
  if (moved !== undefined) throw badRequest(`Property '${moved}' is a key and cannot be changed.`, moved);
  const special = UPDATES[set.set];
  const after =
    special === undefined
      ? stamped(set, { ...before, ...own }, write.now)
      : special(write, before, withoutKeys(set, own));
  if (special === undefined) scope.tables.put(set.set, rowKey(set, after), after);
  const etag = etagOf(set, after);
  return {
    status: 204,
    headers: etag === undefined ? {} : { etag },
    changed: { set, row: after, what: 'Changed' },
  };
};

const withoutKeys = (set: EntitySet, own: Row): Row =>
  Object.fromEntries(Object.entries(own).filter(([name]) => !set.keys.includes(name)));

/** Answers one request to a service; refusals are thrown. A failed write leaves nothing behind. */
export const answer = (state: ServiceState, request: ODataRequest): ODataAnswer => {
  const scope: Scope = { service: state.service, tables: state.tables, root: request.root };
  const write: WriteScope = { service: state.service, tables: state.tables, now: state.now };
  const reading = request.method === 'GET' || request.method === 'HEAD';
  if (reading && request.path === '') {
    return {
      status: 200,
      headers: {},
      body: { d: { EntitySets: state.service.sets.map((set) => set.set) } },
    };
  }
  if (reading && request.path === '$metadata') {
    return {
      status: 200,
      headers: { 'content-type': 'application/xml' },
      body: metadataDocument(state.service),
    };
  }
  const segments = parsePath(request.path);
  const [first] = segments;
  if (reading && first && state.service.functions?.includes(first.name) === true)
    return {
      status: 200,
      headers: {},
      body: { d: callFunction(state.tables, first.name, request.query, state.now) },
    };
  if (reading) return read(state, scope, request, segments);
  if (request.method === 'POST')
    return state.tables.transaction(() => create(scope, write, request, segments));
  return state.tables.transaction(() => change(scope, write, request, segments));
};
