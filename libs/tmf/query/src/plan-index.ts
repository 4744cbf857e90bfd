import type { FilterNode } from './filter';
import { totalOrder, type SortKey } from './sort';

/** An index of the collection; key order matters. */
export interface IndexShape {
  readonly name: string;
  readonly keys: Readonly<Record<string, 1 | -1>>;
  /** A partial or sparse index lacks documents and is never chosen. */
  readonly partial?: boolean;
}

/** Paths that every match holds exactly one value of. */
const equalityPaths = (node: FilterNode): string[] => {
  if (node.type === 'and') return node.nodes.flatMap(equalityPaths);
  return node.type === 'in' && node.values.length === 1 ? [node.path] : [];
};

const servesOrder = (
  keys: readonly (readonly [string, 1 | -1])[],
  order: readonly (readonly [string, 1 | -1])[],
): boolean => {
  const flips = new Set(order.map(([, direction], at) => (keys[at]?.[1] ?? 0) * direction));
  return order.every(([path], at) => keys[at]?.[0] === path) && flips.size === 1 && !flips.has(0);
};

/**
 * The index to hint: equality paths of the filter first, then the whole sort order (with `_id` at its end), so that
 * pages come straight from the index. The one that uses most equalities wins. Undefined leaves the choice to MongoDB.
 */
export const planIndex = (
  query: { readonly filter: FilterNode; readonly sort: readonly SortKey[] },
  indexes: readonly IndexShape[],
): string | undefined => {
  const equal = new Set(equalityPaths(query.filter));
  // A key that is fixed by an equality does not order anything.
  const order = totalOrder(query.sort).filter(([path]) => !equal.has(path));
  let best: { name: string; used: number } | undefined;
  for (const index of indexes) {
    const keys = Object.entries(index.keys);
    const firstOther = keys.findIndex(([path]) => !equal.has(path));
    const used = firstOther < 0 ? keys.length : firstOther;
    const plain = index.partial !== true && (used > 0 || query.sort.length > 0);
    if (plain && servesOrder(keys.slice(used), order) && used > (best?.used ?? -1))
      best = { name: index.name, used };
  }
  return best?.name;
};
