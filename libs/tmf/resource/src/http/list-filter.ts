import { anyOf, type FilterNode, type Scalar } from '@quotebridge/tmf/query';
import type { VersionMapper } from '@quotebridge/tmf/versions';
import type { FieldCipher } from '../encryption/field-cipher';
import { sealedFilter } from '../encryption/sealed-filter';
import type { ResourceService } from '../service';
import { archivedRange } from '../stored';

type Leaf = Exclude<FilterNode, { type: 'and' | 'or' | 'not' | 'element' }>;

/** Changes the leaves of a filter; `inside` is the path of the array whose elements a leaf looks at, with a dot. */
const mapLeaves = (
  node: FilterNode,
  change: (leaf: Leaf, inside: string) => FilterNode,
  inside = '',
): FilterNode => {
  switch (node.type) {
    case 'and':
    case 'or':
      return { type: node.type, nodes: node.nodes.map((inner) => mapLeaves(inner, change, inside)) };
    case 'not':
      return { type: 'not', node: mapLeaves(node.node, change, inside) };
    case 'element':
      return { ...node, node: mapLeaves(node.node, change, `${inside}${node.path}.`) };
    default:
      return change(node, inside);
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

/** What the stored form of a resource has to do with a filter. */
export interface FilteredStore {
  readonly mapper: VersionMapper | undefined;
  readonly versioned: boolean;
  readonly cipher: FieldCipher | undefined;
}

/** How filters of clients of one version (`mapper` where it is not the stored one) meet a resource's store. */
export const filteredStore = (
  { definition, repository }: ResourceService,
  mapper: VersionMapper | undefined,
): FilteredStore => ({ mapper, versioned: definition.versioned === true, cipher: repository.cipher });

/**
 * The filter as the store needs it: an id of a versioned resource means all its versions, and a value that a
 * version shows for several stored ones (states that v4 does not know) means each of them.
 */
export const storedFilter = (
  { mapper, versioned, cipher }: FilteredStore,
  filter: FilterNode,
): FilterNode => {
  const stored = (leaf: Leaf, inside: string): FilterNode => {
    if (leaf.type !== 'in') return leaf;
    if (versioned && inside === '' && leaf.path === '_id')
      return anyOf([leaf, ...leaf.values.map((value) => everyVersion(String(value)))]);
    if (!mapper) return leaf;
    const values = leaf.values.flatMap<Scalar>((value) =>
      typeof value === 'string' ? [...mapper.storedValues(`${inside}${leaf.path}`, value)] : [value],
    );
    return { ...leaf, values };
  };
  const mapped = !mapper && !versioned ? filter : mapLeaves(filter, stored);
  return cipher === undefined ? mapped : sealedFilter(mapped, cipher);
};
