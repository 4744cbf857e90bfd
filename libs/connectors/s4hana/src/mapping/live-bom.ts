import type { JsonObject } from '@quotebridge/platform/core';
import { objectsIn, textAt } from '@quotebridge/connectors/sdk';
import { jsonNumber } from './decimal';
import { componentId, specificationId } from './ids';
import { amountInOne } from './structure';

/** The ids of a component, worked out once: a part is built in at many places. */
const idsOf = (source: string) => {
  const known = new Map<string, { readonly id: string; readonly specification: string }>();
  return (component: string) => {
    const ids = known.get(component) ?? {
      id: componentId(source, component),
      specification: specificationId(source, component),
    };
    known.set(component, ids);
    return ids;
  };
};

/**
 * An exploded structure (`DBomheaderforexplosionOut` in order, each row below its parent) as the lines of an answer to `bom`, in the shape of the
 * installed base. Ids are those under which the components are published.
 */
export const liveBom = (
  source: string,
  root: string,
  rows: readonly JsonObject[],
  levels: number,
): { readonly lines: JsonObject[]; readonly isCut: boolean } => {
  const path: string[] = [root];
  const ids = idsOf(source);
  let isCut = false;
  const lines = rows.flatMap((row): JsonObject[] => {
    const level = jsonNumber(row['b_o_m_explosion_level']);
    const component = textAt(row, 'bill_of_material_component');
    if (level === undefined || component === undefined || level < 1) return [];
    if (level > levels) {
      isCut = true;
      return [];
    }
    const { id, specification } = ids(component);
    path.length = level;
    const parent = path[level - 1] ?? root;
    path[level] = id;
    isCut ||= level === levels && textAt(row, 'b_o_m_no_nxt_lvl') !== undefined;
    const position = textAt(row, 'bill_of_material_item_number');
    const units = textAt(row, 'bill_of_material_item_unit');
    return [
      {
        level,
        id,
        parent,
        ...(position === undefined ? {} : { position }),
        quantity: amountInOne(row['bill_of_material_item_quantity'], row['b_o_m_header_quantity_primary']),
        totalQuantity: jsonNumber(row['bill_of_material_comp_quant']) ?? 1,
        ...(units === undefined ? {} : { units }),
        product: {
          name: textAt(row, 'b_o_m_component_description') ?? component,
          productSpecification: {
            '@type': 'ProductSpecificationRef',
            id: specification,
            name: component,
          },
        },
      },
    ];
  });
  return { lines, isCut };
};

/** The rows of an explosion. */
export const explodedRows = (answer: JsonObject): readonly JsonObject[] => objectsIn(answer['results']);
