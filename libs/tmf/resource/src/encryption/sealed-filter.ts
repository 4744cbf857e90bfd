import { Refusal } from '@quotebridge/platform/core';
import { anyOf, type FilterNode } from '@quotebridge/tmf/query';
import { blindPath, type FieldCipher } from './field-cipher';

const refuse = (path: string, why: string): never => {
  throw new Refusal(400, 'encryptedAttribute', `${path} is kept encrypted: ${why}`, {
    faults: [{ path, message: `is kept encrypted: ${why}`, code: 'encryptedAttribute' }],
  });
};

/**
 * A filter as it works on sealed fields: equality of a searchable one is asked of what stands for its values. Everything else
 * that looks into a sealed field is refused with 400, which says what can be asked.
 */
export const sealedFilter = (node: FilterNode, cipher: FieldCipher, inside = ''): FilterNode => {
  switch (node.type) {
    case 'and':
    case 'or':
      return { type: node.type, nodes: node.nodes.map((one) => sealedFilter(one, cipher, inside)) };
    case 'not':
      return { type: 'not', node: sealedFilter(node.node, cipher, inside) };
    case 'element':
      return { ...node, node: sealedFilter(node.node, cipher, `${inside}${node.path}.`) };
    default: {
      const path = `${inside}${node.path}`;
      const field = cipher.fieldAt(path);
      if (field === undefined || (node.type === 'exists' && field.path === path)) return node;
      if (field.searchable !== true || field.path !== path)
        return refuse(path, 'it cannot be searched; only whether it exists can be asked');
      if (node.type !== 'in') return refuse(path, 'it can be compared for equality only');
      if (inside !== '')
        return refuse(path, 'it cannot be combined with other conditions on the same element');
      const values = node.values.flatMap((value) => cipher.standIns(path, value));
      return anyOf([{ type: 'in', path: blindPath(path), values }]);
    }
  }
};

/** Refuses an order by a sealed field: its values have none in the store. */
export const refuseSealedOrder = (paths: readonly string[], cipher: FieldCipher): void => {
  const path = paths.find((one) => cipher.fieldAt(one) !== undefined);
  if (path !== undefined) refuse(path, 'lists cannot be ordered by it');
};
