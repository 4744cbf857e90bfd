import type { FilterNode } from './filter';

/** A filter document for MongoDB. */
export type MongoFilter = Record<string, unknown>;

/**
 * The filter for MongoDB. Client input only ever becomes an operand of a fixed operator, never a key. Conditions
 * on an array attribute hold when any element fulfils them, each on its own; only those of one `element` node
 * hold for the same element (`$elemMatch`).
 */
export const toMongoFilter = (node: FilterNode): MongoFilter => {
  switch (node.type) {
    case 'and':
      return node.nodes.length === 0 ? {} : { $and: node.nodes.map(toMongoFilter) };
    case 'or':
      return node.nodes.length === 0 ? { $nor: [{}] } : { $or: node.nodes.map(toMongoFilter) };
    case 'not':
      return node.node.type === 'in'
        ? { [node.node.path]: { $nin: [...node.node.values] } }
        : { $nor: [toMongoFilter(node.node)] };
    case 'in':
      return { [node.path]: node.values.length === 1 ? { $eq: node.values[0] } : { $in: [...node.values] } };
    case 'compare':
      return { [node.path]: { [`$${node.ordering}`]: node.value } };
    case 'regex':
      return { [node.path]: { $regex: node.pattern, ...(node.ignoreCase ? { $options: 'i' } : {}) } };
    case 'exists':
      return { [node.path]: { $exists: true } };
    case 'element':
      return { [node.path]: { $elemMatch: toMongoFilter(node.node) } };
  }
};
