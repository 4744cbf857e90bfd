import Decimal from 'decimal.js';
import type { Row, Tables } from '@quotebridge/sandbox/core';
import { refused } from './errors';
import { ORDER_STATUSES, type SObject } from './model';

const decimal = (value: unknown): Decimal => new Decimal(typeof value === 'number' ? value : 0);

const itemsOf = (tables: Tables, order: unknown): Row[] =>
  tables.where('OrderItem', 'OrderId', order).filter((item) => item['IsDeleted'] !== true);

const isActivated = (order: Row | undefined): boolean => order?.['StatusCode'] === 'Activated';

/** An order in line with its products: TotalAmount is the sum of what they cost. */
export const settleOrder = (tables: Tables, row: Row): Row => ({
  ...row,
  TotalAmount: itemsOf(tables, row['Id'])
    .reduce((sum, item) => sum.plus(decimal(item['TotalPrice'])), new Decimal(0))
    .toNumber(),
});

const serial = (tables: Tables, name: string, digits: number): string =>
  String(tables.next(name)).padStart(digits, '0');

/** Fields that an activated order keeps. */
const FIXED = ['AccountId', 'Pricebook2Id'];

/** An order begins as a draft, is activated once it has products, and keeps account and price book from then on. */
export const deriveOrder = (tables: Tables, row: Row, before: Row | undefined, sent: Row): Row => {
  const code = ORDER_STATUSES[String(row['Status'] ?? '')];
  if (code === undefined && row['Status'] !== undefined && row['Status'] !== null)
    throw refused(400, 'INVALID_STATUS', `There is no order status ${String(row['Status'])}.`, ['Status']);
  if (before === undefined && code === 'Activated')
    throw refused(400, 'FAILED_ACTIVATION', 'A new order takes a status of the category Draft.', ['Status']);
  const isNew = code === 'Activated' && !isActivated(before);
  if (isNew && itemsOf(tables, row['Id']).length === 0)
    throw refused(400, 'FAILED_ACTIVATION', 'An order without products cannot be activated.');
  const fixed = isActivated(before) && FIXED.find((name) => name in sent && sent[name] !== before?.[name]);
  if (typeof fixed === 'string')
    throw refused(400, 'FIELD_INTEGRITY_EXCEPTION', `${fixed} of an activated order stays as it is.`, [
      fixed,
    ]);
  return settleOrder(tables, {
    ...row,
    OrderNumber: before?.['OrderNumber'] ?? serial(tables, 'OrderNumber', 8),
    StatusCode: code ?? null,
    ActivatedDate: isNew ? (row['LastModifiedDate'] ?? null) : (before?.['ActivatedDate'] ?? null),
  });
};

const refuseActivated = (order: Row | undefined): void => {
  if (isActivated(order))
    throw refused(400, 'FIELD_INTEGRITY_EXCEPTION', 'The products of an activated order stay as they are.');
};

/** A product of an order: its entry is of the order's price book, and it stays when the order is activated. */
export const deriveOrderItem = (tables: Tables, row: Row, before: Row | undefined, sent: Row): Row => {
  const order = tables.get('Order', String(row['OrderId'] ?? ''));
  const entry = tables.get('PricebookEntry', String(row['PricebookEntryId'] ?? ''));
  if (before === undefined || ['Quantity', 'UnitPrice', 'PricebookEntryId'].some((name) => name in sent))
    refuseActivated(order);
  if (order !== undefined && entry !== undefined && entry['Pricebook2Id'] !== order['Pricebook2Id'])
    throw refused(
      400,
      'FIELD_INTEGRITY_EXCEPTION',
      'field integrity exception: PricebookEntryId (the entry is of another price book than the order)',
      ['PricebookEntryId'],
    );
  return {
    ...row,
    OrderItemNumber: before?.['OrderItemNumber'] ?? serial(tables, 'OrderItemNumber', 10),
    Product2Id: entry?.['Product2Id'] ?? null,
    ListPrice: entry?.['UnitPrice'] ?? null,
    TotalPrice: decimal(row['UnitPrice'])
      .times(decimal(row['Quantity']))
      .toDecimalPlaces(2, Decimal.ROUND_HALF_UP)
      .toNumber(),
  };
};

/** Refuses to delete what an activated order consists of. */
export const checkDelete = (tables: Tables, object: SObject, row: Row): void => {
  if (object.name === 'Order' && isActivated(row))
    throw refused(400, 'DELETE_FAILED', 'An activated order cannot be deleted.');
  if (object.name === 'OrderItem') refuseActivated(tables.get('Order', String(row['OrderId'] ?? '')));
};
