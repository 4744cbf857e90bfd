import { fail, lookUp, unknownAttribute, type Scope } from './scope';

/** One key of a sort order. */
export interface SortKey {
  /** As the client wrote it. */
  readonly path: string;
  readonly storagePath: string;
  readonly direction: 1 | -1;
  /** True when the path runs through an array: no cursor can continue such an order. */
  readonly array: boolean;
}

/** Reads `sort=-creationDate,name` (TMF630 part 1, 4.7): `-` descends, `+` or nothing ascends. */
export const parseSort = (scope: Scope, text: string): SortKey[] => {
  const keys: SortKey[] = [];
  for (const raw of text.split(',').map((part) => part.trim())) {
    const path = raw.replace(/^[+-]/, '');
    const field = lookUp(scope, path);
    if (path === '') fail(scope, 'sort', 'syntax', 'Name an attribute in every part of "sort".');
    else if (field === undefined) unknownAttribute(scope, path);
    else if (field.kind === 'object' || field.kind === 'any')
      fail(scope, 'sort', 'value', `"${path}" has no order; sort by one of its attributes.`);
    else if (!keys.some((key) => key.storagePath === field.storagePath))
      keys.push({
        path,
        storagePath: field.storagePath,
        direction: raw.startsWith('-') ? -1 : 1,
        array: field.array === true,
      });
  }
  if (keys.length > scope.limits.maxSortKeys)
    fail(scope, 'sort', 'limit', `"sort" takes at most ${scope.limits.maxSortKeys} attributes.`);
  return keys;
};

/**
 * The full order of a list: the keys and then `_id` in the direction of the last one, so that the order is total
 * and one index `{key: 1, _id: 1}` serves it both ways. Keys after `_id` cannot matter and are dropped.
 */
export const totalOrder = (sort: readonly SortKey[]): readonly (readonly [string, 1 | -1])[] => {
  const keys = sort.map((key) => [key.storagePath, key.direction] as const);
  const unique = keys.findIndex(([path]) => path === '_id');
  if (unique >= 0) return keys.slice(0, unique + 1);
  return [...keys, ['_id', keys[keys.length - 1]?.[1] ?? 1] as const];
};

/** The order for MongoDB; `backwards` for a page that is read from its end (`before=`). */
export const mongoSort = (sort: readonly SortKey[], backwards = false): Record<string, 1 | -1> =>
  Object.fromEntries(
    totalOrder(sort).map(([path, direction]) => [path, backwards ? flip(direction) : direction]),
  );

const flip = (direction: 1 | -1): 1 | -1 => (direction === 1 ? -1 : 1);
