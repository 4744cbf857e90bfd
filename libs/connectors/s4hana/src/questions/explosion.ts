import { textAt } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import { dayLiteral, textLiteral } from '../odata-values';

/** What names a structure (the key of MaterialBOM). */
const KEYS = [
  ...['BillOfMaterial', 'BillOfMaterialCategory', 'BillOfMaterialVariant', 'BillOfMaterialVersion'],
  ...['EngineeringChangeDocument', 'Material', 'Plant'],
];

const keyed = (head: JsonObject): Record<string, string> =>
  Object.fromEntries(KEYS.map((name) => [name, textLiteral(textAt(head, name) ?? '')]));

/** How a structure is exploded. */
export interface Explosion {
  /** BOM application: which alternatives and statuses count. */
  readonly application: string;
  /** The day on which it is looked at, date-time. */
  readonly at: string;
  readonly levels: number;
}

/**
 * Parameters of `ExplodeBOM`, literals of OData V2, for one of what this MaterialBOM is of. The function wants all of them; the
 * filters, which are empty here, are one blank (metadata of API_BILL_OF_MATERIAL_SRV, version 2).
 */
export const explosionOf = (head: JsonObject, { application, at, levels }: Explosion) => ({
  ...keyed(head),
  BOMExplosionApplication: textLiteral(application),
  RequiredQuantity: '1m',
  BOMExplosionIsLimited: 'false',
  BOMItmQtyIsScrapRelevant: textLiteral(''),
  BillOfMaterialItemCategory: textLiteral(''),
  BOMExplosionAssembly: textLiteral(''),
  BOMExplosionDate: dayLiteral(at),
  BOMExplosionLevel: `${levels}m`,
  BOMExplosionIsMultilevel: 'true',
  MaterialProvisionFltrType: textLiteral(' '),
  SparePartFltrType: textLiteral(' '),
});
