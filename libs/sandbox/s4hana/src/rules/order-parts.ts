import Decimal from 'decimal.js';
import type { Row, Tables } from '@quotebridge/sandbox/core';
import { rowKey } from '../model/entity';
import { stamped, type WriteScope } from '../odata/write';
import { checkMaterial } from './checks';
import { confirmedOf } from './stock';
import { priceItem } from './pricing';
import { set, store, text } from './rows';

const textOf = (tables: Tables, material: string): string =>
  text(tables.get('A_ProductDescription', `${material}\u0001EN`) ?? {}, 'ProductDescription');

/** Prices an item anew and stores it with its price elements and its schedule line. */
export const writeItem = (scope: WriteScope, header: Row, item: Row, sent: readonly Row[]): void => {
  const { tables } = scope;
  const product = checkMaterial(tables, header, item);
  const unit = text(product, 'BaseUnit');
  const keys = { SalesOrder: text(item, 'SalesOrder'), SalesOrderItem: text(item, 'SalesOrderItem') };
  const price = priceItem(
    tables,
    {
      material: text(item, 'Material'),
      quantity: text(item, 'RequestedQuantity'),
      unit,
      customer: text(header, 'SoldToParty'),
      currency: text(header, 'TransactionCurrency'),
      priceList: text(header, '_priceList'),
      salesOrganization: text(header, 'SalesOrganization'),
      distributionChannel: text(header, 'DistributionChannel'),
      at: Number(header['PricingDate'] ?? header['SalesOrderDate']),
    },
    sent,
  );
  const confirmed = confirmedOf(tables, text(item, 'Material'), text(item, 'RequestedQuantity'));
  const row: Row = {
    SalesOrderItemCategory: 'TAN',
    SalesOrderItemText: textOf(tables, text(item, 'Material')),
    ProductionPlant: '1710',
    SalesDocumentRjcnReason: '',
    SDProcessStatus: 'A',
    DeliveryStatus: 'A',
    OrderRelatedBillingStatus: 'A',
    ...item,
    RequestedQuantityUnit: unit,
    ConfdDelivQtyInOrderQtyUnit: confirmed,
    TransactionCurrency: text(header, 'TransactionCurrency'),
    NetAmount: price.net,
  };
  store(tables, 'A_SalesOrderItem', stamped(set('A_SalesOrderItem'), row, scope.now));
  const old = elementsOf(tables, keys);
  old.forEach((element) =>
    tables.remove('A_SalesOrderItemPrElement', rowKey(set('A_SalesOrderItemPrElement'), element)),
  );
  price.elements.forEach((element) => store(tables, 'A_SalesOrderItemPrElement', { ...element, ...keys }));
  store(tables, 'A_SalesOrderScheduleLine', {
    ...keys,
    ScheduleLine: '1',
    OrderQuantityUnit: unit,
    ScheduleLineOrderQuantity: text(item, 'RequestedQuantity'),
    ConfdOrderQtyByMatlAvailCheck: confirmed,
    DeliveredQtyInOrderQtyUnit: '0',
    RequestedDeliveryDate: header['RequestedDeliveryDate'] ?? null,
    ConfirmedDeliveryDate: header['RequestedDeliveryDate'] ?? null,
  });
};

/** The price elements of an item. */
export const elementsOf = (tables: Tables, keys: Row): Row[] =>
  tables
    .where('A_SalesOrderItemPrElement', 'SalesOrder', keys['SalesOrder'])
    .filter((element) => element['SalesOrderItem'] === keys['SalesOrderItem']);

/** The items of an order. */
export const itemsOf = (tables: Tables, order: string): Row[] =>
  tables.where('A_SalesOrderItem', 'SalesOrder', order);

const rejectionOf = (items: readonly Row[]): string => {
  const rejected = items.filter((item) => text(item, 'SalesDocumentRjcnReason') !== '').length;
  return rejected === 0 ? 'A' : rejected === items.length ? 'C' : 'B';
};

/** Brings a header in line with its items: total without the rejected ones, rejection status, change stamp. */
export const settleHeader = (scope: WriteScope, header: Row): Row => {
  const items = itemsOf(scope.tables, text(header, 'SalesOrder'));
  const open = items.filter((item) => text(item, 'SalesDocumentRjcnReason') === '');
  const total = open.reduce((sum, item) => sum.plus(text(item, 'NetAmount') || '0'), new Decimal(0));
  const rejection = rejectionOf(items);
  const row = stamped(
    set('A_SalesOrder'),
    {
      ...header,
      TotalNetAmount: total.toFixed(2),
      OverallSDDocumentRejectionSts: rejection,
      ...(rejection === 'C' ? { OverallSDProcessStatus: 'C' } : {}),
    },
    scope.now,
  );
  store(scope.tables, 'A_SalesOrder', row);
  return row;
};
