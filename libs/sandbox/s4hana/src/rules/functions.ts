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

/** Rows of a multi-level explosion, each below its parent. */
const exploded = (tables: Tables, query: Query, now: number): JsonObject[] => {
  const plant = textParameter(query, 'Plant');
  const at = query.has('BOMExplosionDate') ? timeParameter(query, 'BOMExplosionDate') : now;
  const deepest = Number(query.get('BOMExplosionLevel') ?? '20');
  const lines: JsonObject[] = [];
  const walk = (material: string, level: number, factor: Decimal, above: ReadonlySet<string>): void => {
    if (level > deepest) return;
    const items = tables
      .where('MaterialBOMItem', 'Material', material)
      .filter((item) => item['Plant'] === plant && item['_usage'] === '1' && isValid(item, at))
      .sort((a, b) => (text(a, 'BillOfMaterialItemNumber') < text(b, 'BillOfMaterialItemNumber') ? -1 : 1));
    for (const item of items) {
      const component = text(item, 'BillOfMaterialComponent');
      const total = factor.times(text(item, 'BillOfMaterialItemQuantity'));
      lines.push({
        __metadata: { type: 'API_BILL_OF_MATERIAL_SRV.ExplodeBOMResult' },
        ExplosionLevel: String(level),
        Material: material,
        BillOfMaterialComponent: component,
        ComponentDescription: text(item, 'ComponentDescription'),
        BillOfMaterialItemNumber: text(item, 'BillOfMaterialItemNumber'),
        BillOfMaterialItemQuantity: text(item, 'BillOfMaterialItemQuantity'),
        BillOfMaterialItemUnit: text(item, 'BillOfMaterialItemUnit'),
        ComponentQuantityInBaseUoM: total.toFixed(),
        IsAssembly: item['IsAssembly'] === true,
      });
      if (!above.has(component)) walk(component, level + 1, total, new Set([...above, component]));
    }
  };
  const material = textParameter(query, 'Material');
  if (tables.where('MaterialBOM', 'Material', material).length === 0)
    throw refused(404, '29/001', `No bill of material exists for material ${material} in plant ${plant}.`);
  walk(material, 1, new Decimal(1), new Set([material]));
  return lines;
};

const isValid = (item: Row, at: number): boolean =>
  item['IsDeleted'] !== true &&
  Number(item['ValidityStartDate']) <= at &&
  Number(item['ValidityEndDate']) + 86_400_000 > at;

/** Calls a function import; parameters are literals in the query. */
export const callFunction = (tables: Tables, name: string, query: Query, now: number): JsonObject => {
  if (name === 'ExplodeBOM') return { results: exploded(tables, query, now) };
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
