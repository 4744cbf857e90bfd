import type { Row, Tables } from '@quotebridge/sandbox/core';
import { rowKey, type EntitySet } from '../model/entity';
import { SALES_ORDERS } from '../model/sales-orders';
import { setNamed } from '../odata/query';

/** A set of the service by name. */
export const set = (name: string): EntitySet => {
  const found = setNamed(SALES_ORDERS, name);
  if (found === undefined) throw new Error(`The model lacks ${name}.`);
  return found;
};

/** Puts a row under its key. */
export const store = (tables: Tables, name: string, row: Row): void =>
  tables.put(name, rowKey(set(name), row), row);

/** A property as text; absent is empty. */
export const text = (row: Row, name: string): string => String(row[name] ?? '');
