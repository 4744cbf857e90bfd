import { anyOf, type FilterNode, type Scalar } from '@quotebridge/tmf/query';
import { archivedRange } from '../stored';
import { sealedFilter } from '../encryption/sealed-filter';
import type { RouteContext } from './request';

const mapNodes = (node: FilterNode, change: (leaf: FilterNode) => FilterNode): FilterNode => {
  switch (node.type) {
    case 'and':
    case 'or':
      return { type: node.type, nodes: node.nodes.map((inner) => mapNodes(inner, change)) };
    case 'not':
      return { type: 'not', node: mapNodes(node.node, change) };
    default:
      return change(node);
  }
};

const everyVersion = (id: string): FilterNode => {
  const { from, to } = archivedRange(id);
  return {
    type: 'and',
    nodes: [
      { type: 'compare', path: '_id', ordering: 'gte', value: from },
      { type: 'compare', path: '_id', ordering: 'lt', value: to },
    ],
  };
};

/**
 * The filter as the store needs it: an id of a versioned resource means all its versions, and a value that a
 * version shows for several stored ones (states that v4 does not know) means each of them.
 */
export const storedFilter = (route: RouteContext, filter: FilterNode): FilterNode => {
  const { mapper } = route.binding;
  const { versioned } = route.definition;
  const { cipher } = route.service.repository;
  const mapped =
    !mapper && !versioned
      ? filter
      : mapNodes(filter, (leaf) => {
          if (leaf.type !== 'in') return leaf;
          if (versioned && leaf.path === '_id') {
            return anyOf([leaf, ...leaf.values.map((value) => everyVersion(String(value)))]);
          }
          if (!mapper) return leaf;
          return {
            ...leaf,
            values: leaf.values.flatMap<Scalar>((value) =>
              typeof value === 'string' ? [...mapper.storedValues(leaf.path, value)] : [value],
            ),
          };
        });
  return cipher === undefined ? mapped : sealedFilter(mapped, cipher);
};
