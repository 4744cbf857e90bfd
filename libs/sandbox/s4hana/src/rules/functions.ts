import Decimal from 'decimal.js';
import type { JsonObject } from '@quotebridge/platform/core';
import type { Row, Tables } from '@quotebridge/sandbox/core';
import { badRequest, refused } from '../odata/errors';
import { parseLiteral } from '../odata/literals';
import { text } from './rows';
import { availableOf, confirmedOf } from './stock';

type Query = URLSearchParams;

const textParameter = (query: Query, name: string): string => {
  const given = query.get(name);
  if (given === null) throw badRequest(`Function parameter '${name}' is missing.`, name);
  return String(parseLiteral(given));
};

const timeParameter = (query: Query, name: string): number => {
  const given = query.get(name);
  const value = given === null ? undefined : parseLiteral(given);
  if (typeof value !== 'number') throw badRequest(`Function parameter '${name}' is no point in time.`, name);
  return value;
};

const numberParameter = (query: Query, name: string): number => {
  const value = Number(textParameter(query, name));
  if (!Number.isFinite(value)) throw badRequest(`Function parameter '${name}' is no number.`, name);
  return value;
};

const stocked = (tables: Tables, query: Query): Row => {
  const material = textParameter(query, 'Material');
  const plant = textParameter(query, 'SupplyingPlant');
  textParameter(query, 'ATPCheckingRule');
  const product = tables.get('A_Product', material);
  if (product !== undefined && tables.get('A_ProductPlant', `${material}\u0001${plant}`) !== undefined)
    return product;
  throw refused(404, 'ATP_ODATA/004', `Material ${material} does not exist in plant ${plant}.`, 'Material');
};

const record = (product: Row, quantity: string, at: number): JsonObject => ({
  __metadata: { type: 'API_PRODUCT_AVAILY_INFO_BASIC.AvailabilityRecord' },
  RequestedUTCDateTime: `/Date(${at})/`,
  AvailableQuantityInBaseUnit: new Decimal(quantity).toFixed(3),
  BaseUnit: text(product, 'BaseUnit'),
});

const EXPLOSION_NEEDS = [
  ...['BillOfMaterial', 'BillOfMaterialCategory', 'BillOfMaterialVariant', 'BillOfMaterialVersion'],
  ...['EngineeringChangeDocument', 'Material', 'Plant', 'BOMExplosionApplication', 'RequiredQuantity'],
  ...['BOMExplosionIsLimited', 'BOMExplosionDate', 'BOMExplosionLevel', 'BOMExplosionIsMultilevel'],
];

/** Rows of a multi-level explosion, each below its parent. Zero levels are all of them. */
const exploded = (tables: Tables, query: Query): JsonObject[] => {
  const missing = EXPLOSION_NEEDS.find((name) => !query.has(name));
  if (missing !== undefined) throw badRequest(`Function parameter '${missing}' is missing.`, missing);
  const plant = textParameter(query, 'Plant');
  if (/^datetimeoffset/i.test(query.get('BOMExplosionDate') ?? ''))
    throw badRequest("Function parameter 'BOMExplosionDate' is no Edm.DateTime.", 'BOMExplosionDate');
  const at = timeParameter(query, 'BOMExplosionDate');
  const deepest = numberParameter(query, 'BOMExplosionLevel') || Infinity;
  const lines: JsonObject[] = [];
  const headOf = (material: string): Row | undefined =>
    tables
      .where('MaterialBOM', 'Material', material)
      .find((head) => head['Plant'] === plant && head['BillOfMaterialVariantUsage'] === '1');
  const walk = (head: Row, level: number, factor: Decimal, above: ReadonlySet<string>): void => {
    if (level > deepest) return;
    const base = text(head, 'BOMHeaderQuantityInBaseUnit') || '1';
    const items = tables
      .where('MaterialBOMItem', 'Material', text(head, 'Material'))
      .filter((item) => item['BillOfMaterial'] === head['BillOfMaterial'] && isValid(item, at))
      .sort((a, b) => (text(a, 'BillOfMaterialItemNumber') < text(b, 'BillOfMaterialItemNumber') ? -1 : 1));
    for (const item of items) {
      const component = text(item, 'BillOfMaterialComponent');
      const total = factor.times(text(item, 'BillOfMaterialItemQuantity')).div(base);
      const below = headOf(component);
      lines.push({
        __metadata: { type: 'API_BILL_OF_MATERIAL_SRV.DBomheaderforexplosionOut' },
        b_o_m_explosion_level: String(level),
        b_o_m_hdr_matl_hier_node: text(head, 'Material'),
        b_o_m_header_quantity_primary: base,
        bill_of_material: text(head, 'BillOfMaterial'),
        bill_of_material_component: component,
        b_o_m_component_description: text(item, 'ComponentDescription'),
        bill_of_material_item_number: text(item, 'BillOfMaterialItemNumber'),
        bill_of_material_item_quantity: text(item, 'BillOfMaterialItemQuantity'),
        bill_of_material_item_unit: text(item, 'BillOfMaterialItemUnit'),
        bill_of_material_comp_quant: total.toFixed(),
        b_o_m_no_nxt_lvl: below === undefined ? '' : text(below, 'BillOfMaterial'),
      });
      if (below !== undefined && !above.has(component))
        walk(below, level + 1, total, new Set([...above, component]));
    }
  };
  const material = textParameter(query, 'Material');
  const head = tables
    .where('MaterialBOM', 'Material', material)
    .find(
      (one) => one['BillOfMaterial'] === textParameter(query, 'BillOfMaterial') && one['Plant'] === plant,
    );
  if (head === undefined)
    throw refused(404, '29/001', `No bill of material exists for material ${material} in plant ${plant}.`);
  walk(head, 1, new Decimal(numberParameter(query, 'RequiredQuantity')), new Set([material]));
  return lines;
};

const isValid = (item: Row, at: number): boolean =>
  item['IsDeleted'] !== true &&
  Number(item['ValidityStartDate']) <= at &&
  Number(item['ValidityEndDate']) + 86_400_000 > at;

/** Calls a function import; parameters are literals in the query. */
export const callFunction = (tables: Tables, name: string, query: Query, now: number): JsonObject => {
  if (name === 'ExplodeBOM') return { results: exploded(tables, query) };
  const product = stocked(tables, query);
  const material = text(product, 'Product');
  if (name === 'DetermineAvailabilityAt') {
    const at = timeParameter(query, 'RequestedUTCDateTime');
    return { [name]: record(product, availableOf(tables, material).toFixed(), at) };
  }
  if (name === 'DetermineAvailabilityOf') {
    const wanted = textParameter(query, 'RequestedQuantityInBaseUnit');
    return { [name]: record(product, confirmedOf(tables, material, wanted), now) };
  }
  return { results: [record(product, availableOf(tables, material).toFixed(), now)] };
};
