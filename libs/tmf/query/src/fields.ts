import {
  err,
  isJsonObject,
  ok,
  type Fault,
  type Json,
  type JsonObject,
  type Result,
} from '@quotebridge/platform/core';
import { defaultLimits } from './limits';
import { fail, isPath, type Scope } from './scope';

/** The chosen attributes as a tree: an empty branch stands for the whole attribute. */
export interface FieldSelection {
  readonly [name: string]: FieldSelection;
}

interface Tree {
  [name: string]: Tree;
}

const emptyTree = (): Tree => Object.create(null) as Tree;
const isLeaf = (tree: FieldSelection): boolean => Object.keys(tree).length === 0;

/** Attributes that stay whatever is selected, because clients rely on them. */
const ALWAYS = ['id', 'href', '@type'] as const;

/**
 * Reads `fields=a,b.c` (TMF630 part 1, 4.3); `none` selects nothing but id, href and @type. Undeclared names are allowed, since
 * resources keep unknown attributes, and select nothing where they are absent.
 */
export const parseFields = (scope: Scope, text: string): FieldSelection => {
  const root = emptyTree();
  const paths = text.split(',').map((path) => path.trim());
  if (paths.length > scope.limits.maxFields)
    fail(scope, 'fields', 'limit', `"fields" takes at most ${scope.limits.maxFields} attributes.`);
  if (paths.length === 1 && paths[0] === 'none') return root;
  const whole = new Set(paths);
  for (const path of paths) {
    if (!isPath(path)) {
      fail(scope, 'fields', 'syntax', `"${path.slice(0, 80)}" in "fields" is not a path of attribute names.`);
      continue;
    }
    const names = path.split('.');
    // The whole attribute wins over its parts.
    if (names.some((_, index) => index > 0 && whole.has(names.slice(0, index).join('.')))) continue;
    names.reduce<Tree>((tree, name) => (tree[name] ??= emptyTree()), root);
  }
  return root;
};

/** Reads a `fields` parameter by itself, for requests that are no lists. Undefined or empty: everything. */
export const parseSelection = (
  text: string | undefined,
  maxFields = defaultLimits.maxFields,
): Result<FieldSelection | undefined, Fault[]> => {
  if (text === undefined || text === '') return ok(undefined);
  const scope: Scope = {
    resolve: () => undefined,
    known: () => [],
    limits: { ...defaultLimits, maxFields },
    faults: [],
    clauses: 0,
  };
  const selection = parseFields(scope, text);
  return scope.faults.length > 0 ? err(scope.faults) : ok(selection);
};

const pickMembers = (value: JsonObject, selection: FieldSelection, keep: readonly string[]): JsonObject => {
  const picked: JsonObject = {};
  for (const [name, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    const branch = Object.hasOwn(selection, name) ? selection[name] : undefined;
    const part = branch === undefined || isLeaf(branch) ? undefined : pickInside(inner, branch);
    if (part !== undefined) picked[name] = part;
    else if (branch === undefined ? keep.includes(name) : isLeaf(branch)) picked[name] = inner;
  }
  return picked;
};

/** Something without attributes has nothing that a nested selection could mean, also inside an array. */
const pickInside = (value: Json, selection: FieldSelection): Json | undefined => {
  if (Array.isArray(value)) return value.flatMap((element) => wrap(pickInside(element, selection)));
  return isJsonObject(value) ? pickMembers(value, selection, ['@type']) : undefined;
};

const wrap = (value: Json | undefined): Json[] => (value === undefined ? [] : [value]);

/** The selected part of a resource, in its own order; id, href and @type stay, and @type of every cut object. */
export const selectFields = (resource: JsonObject, selection: FieldSelection | undefined): JsonObject =>
  selection === undefined ? resource : pickMembers(resource, selection, ALWAYS);

/** Where attribute paths of the API are stored; undefined when the path has no single place. */
export type MapPath = (path: string) => string | readonly string[] | undefined;

/**
 * A MongoDB projection that fetches what the selection needs, `@type`s and the `always` paths included. Undefined
 * when everything must be fetched: no selection, or an attribute without a known place.
 */
export const mongoProjection = (
  selection: FieldSelection | undefined,
  mapPath: MapPath = (path) => path,
  always: readonly string[] = ['_rev'],
): Record<string, 1> | undefined => {
  if (selection === undefined) return undefined;
  const wanted = new Set<string>(['_id', '@type', ...always]);
  for (const path of leaves(selection)) {
    const stored = mapPath(path);
    if (stored === undefined) return undefined;
    for (const place of typeof stored === 'string' ? [stored] : stored) {
      wanted.add(place);
      prefixes(place).forEach((prefix) => wanted.add(`${prefix}.@type`));
    }
  }
  // MongoDB refuses a projection that names an attribute and a part of it.
  const paths = [...wanted].filter((path) => !prefixes(path).some((prefix) => wanted.has(prefix)));
  return Object.fromEntries(paths.map((path) => [path, 1]));
};

const prefixes = (path: string): string[] =>
  path
    .split('.')
    .slice(0, -1)
    .map((_, index, names) => names.slice(0, index + 1).join('.'));

const leaves = (tree: FieldSelection, head = ''): string[] =>
  Object.entries(tree).flatMap(([name, branch]) =>
    isLeaf(branch) ? [`${head}${name}`] : leaves(branch, `${head}${name}.`),
  );
