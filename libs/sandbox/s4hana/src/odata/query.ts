import type { Json, JsonObject } from '@quotebridge/platform/core';
import type { Condition, Order, Row, Selection, Tables } from '@quotebridge/sandbox/core';
import { rowKey, type EntitySet, type Navigation, type ServiceModel } from '../model/entity';
import { encodeValue, metadataOf } from './encode';
import { badRequest } from './errors';
import { compareValues, isPlain, parseFilter, typeOf, valueOf } from './filter';
import type { Value } from './literals';

/** Where an answer is made: the service, its tables, and the root that its links begin with. */
export interface Scope {
  readonly service: ServiceModel;
  readonly tables: Tables;
  readonly root: string;
}

/** Finds a set of the service by name. */
export const setNamed = (service: ServiceModel, name: string): EntitySet | undefined => {
  const own = service.aliases?.[name] ?? name;
  return service.sets.find((set) => set.set === own);
};

/** The set that a navigation leads to. */
export const targetOf = (service: ServiceModel, nav: Navigation): EntitySet => {
  const set = setNamed(service, nav.target);
  if (set === undefined) throw new Error(`The model lacks ${nav.target}.`);
  return set;
};

/** The rows that a navigation leads to. */
export const related = (scope: Scope, nav: Navigation, row: Row): Row[] => {
  const target = targetOf(scope.service, nav);
  const wanted = Object.entries(nav.on);
  // The whole key is known: no need to walk the table.
  if (wanted.length === target.keys.length && wanted.every(([name]) => target.keys.includes(name))) {
    const key = rowKey(target, Object.fromEntries(wanted.map(([name, own]) => [name, row[own]])));
    const found = scope.tables.get(target.set, key);
    return found === undefined ? [] : [found];
  }
  const [[first, source] = ['', ''], ...others] = wanted;
  return scope.tables
    .where(target.set, first, row[source])
    .filter((other) => others.every(([name, own]) => other[name] === row[own]));
};

const listOf = (text: string | null): string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Expands and selects: paths such as `to_Description` and `to_Description/Language`. */
export interface Shape {
  readonly select: readonly string[];
  readonly expand: readonly string[];
}

export const shapeOf = (query: URLSearchParams): Shape => ({
  select: listOf(query.get('$select')),
  expand: listOf(query.get('$expand')),
});

const below = (paths: readonly string[], head: string): string[] =>
  paths.filter((path) => path.startsWith(`${head}/`)).map((path) => path.slice(head.length + 1));

/** One row as OData V2 JSON, with expanded navigations and deferred links for the others. */
export const present = (scope: Scope, set: EntitySet, row: Row, shape: Shape): JsonObject => {
  for (const path of [...shape.select, ...shape.expand]) checkPath(scope.service, set, path);
  const whole = shape.select.length === 0 || shape.select.includes('*');
  const metadata = metadataOf(scope.service.name, scope.root, set, row);
  const own = Object.entries(set.fields)
    .filter(([name]) => whole || shape.select.includes(name))
    .map(([name, type]): [string, Json] => [name, encodeValue(type, row[name])]);
  const links = Object.entries(set.navs).flatMap(([name, nav]): [string, Json][] => {
    const wanted = whole || shape.select.some((path) => path === name || path.startsWith(`${name}/`));
    if (!wanted) return [];
    const expanded = shape.expand.some((path) => path === name || path.startsWith(`${name}/`));
    if (!expanded) return [[name, { __deferred: { uri: `${String(metadata['uri'])}/${name}` } }]];
    const inner = { select: below(shape.select, name), expand: below(shape.expand, name) };
    const target = targetOf(scope.service, nav);
    const rows = related(scope, nav, row).map((other) => present(scope, target, other, inner));
    return [[name, nav.many ? { results: rows } : (rows[0] ?? null)]];
  });
  return { __metadata: metadata, ...Object.fromEntries(own), ...Object.fromEntries(links) };
};

const checkPath = (service: ServiceModel, set: EntitySet, path: string): void => {
  const [head = '', ...rest] = path.split('/');
  if (head === '*' || (rest.length === 0 && Object.hasOwn(set.fields, head))) return;
  const nav = Object.hasOwn(set.navs, head) ? set.navs[head] : undefined;
  if (nav === undefined)
    throw badRequest(`Resource not found for segment '${head}' in type ${set.set}Type.`, head);
  if (rest.length > 0) checkPath(service, targetOf(service, nav), rest.join('/'));
};

const wholeNumber = (query: URLSearchParams, name: string): number | undefined => {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d+$/.test(text)) throw badRequest(`Invalid value '${text}' for ${name}.`);
  return Number(text);
};

const orderOf = (set: EntitySet, text: string | null): Order | undefined => {
  const steps = listOf(text).map((part) => {
    const [name = '', direction = 'asc'] = part.split(/\s+/);
    return { name, type: typeOf(set, name), isDescending: direction.toLowerCase() === 'desc' };
  });
  const [first] = steps;
  if (first === undefined) return undefined;
  return {
    compare: (left, right) => {
      for (const { name, type, isDescending } of steps) {
        const value = (row: Row): Value => valueOf(set, name, row);
        const order = compareValues(type, value(left), value(right));
        if (order !== 0) return isDescending ? -order : order;
      }
      return 0;
    },
    ...(isPlain(first.type) ? { by: first } : {}),
  };
};

/** Where the rows of an answer come from. */
export type Source = (where?: Condition, order?: Order) => Selection;

/** What $filter and $orderby select. */
export const selectionOf = (set: EntitySet, source: Source, query: URLSearchParams): Selection => {
  const filter = query.get('$filter');
  return source(filter === null ? undefined : parseFilter(set, filter), orderOf(set, query.get('$orderby')));
};

/** A page of the rows that are asked for. */
export interface Page {
  readonly rows: readonly Row[];
  /** Where the next page starts, when the server ended this one. */
  readonly nextOffset?: number;
}

/** Applies $skip, $top and $skiptoken; the server ends a page after `pageSize` rows. */
export const pageOf = (selection: Selection, query: URLSearchParams, pageSize: number): Page => {
  const skip = wholeNumber(query, '$skip') ?? 0;
  const offset = offsetOf(query.get('$skiptoken'));
  const left = Math.max(0, (wholeNumber(query, '$top') ?? Infinity) - offset);
  const size = Math.min(pageSize, left);
  // One more tells whether there is a next page.
  const found = selection.page(skip + offset, Math.min(size + 1, left));
  return {
    rows: found.slice(0, size),
    ...(found.length > size ? { nextOffset: offset + size } : {}),
  };
};

const offsetOf = (token: string | null): number => {
  if (token === null) return 0;
  const number = /^p(\d+)$/.exec(Buffer.from(token, 'base64url').toString('latin1'))?.[1];
  if (number === undefined) throw badRequest(`Invalid $skiptoken '${token}'.`);
  return Number(number);
};

/** The opaque token of a page start. */
export const skipToken = (offset: number): string =>
  Buffer.from(`p${offset}`, 'latin1').toString('base64url');
