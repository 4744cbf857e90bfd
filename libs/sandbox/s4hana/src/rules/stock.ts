import Decimal from 'decimal.js';
import type { Row, Tables } from '@quotebridge/sandbox/core';
import { text } from './rows';

/** Where the sandbox keeps what is in stock; the vendor tells it by functions only. */
export const STOCK = 'stock';

/** What can be had of a material, in its base unit; services can always be had. */
export const availableOf = (tables: Tables, material: string): Decimal => {
  const stock = tables.get(STOCK, material);
  return new Decimal(stock === undefined ? '0' : text(stock, 'quantity'));
};

/** What a check of availability confirms of a wanted quantity. Materials that are not kept in stock are made for the order. */
export const confirmedOf = (tables: Tables, material: string, wanted: string): string =>
  tables.get(STOCK, material) === undefined
    ? wanted
    : Decimal.min(availableOf(tables, material), wanted).toFixed();

/** A row of stock. */
export const stockRow = (material: string, quantity: number): Row => ({
  material,
  quantity: String(quantity),
});
