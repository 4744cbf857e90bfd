import Decimal from 'decimal.js';
import type { Row, Tables } from '@quotebridge/sandbox/core';
import { rowKey, type EntitySet } from '../model/entity';
import { SALES_ORDERS } from '../model/sales-orders';
import { badRequest, refused } from '../odata/errors';
import { setNamed } from '../odata/query';
import { dayOf, stamped, type SentEntity, type WriteScope } from '../odata/write';
import { priceItem } from './pricing';

const set = (name: string): EntitySet => {
  const found = setNamed(SALES_ORDERS, name);
  if (found === undefined) throw new Error(`The model lacks ${name}.`);
  return found;
};

const store = (tables: Tables, name: string, row: Row): void => tables.put(name, rowKey(set(name), row), row);

const text = (row: Row, name: string): string => String(row[name] ?? '');

const HEADER_NEEDS = [
  'SalesOrderType',
  'SalesOrganization',
  'DistributionChannel',
  'OrganizationDivision',
  'SoldToParty',
];

/** Header properties that only the system sets. */
const HEADER_CLOSED =
  /^(SalesOrder|TotalNetAmount|CreationDate|LastChange\w+|CreatedByUser|Overall\w+|TotalCreditCheckStatus|SalesDocApprovalStatus)$/;

const refuseClosed = (own: Row, closed: RegExp): void => {
  const name = Object.keys(own).find((one) => closed.test(one));
  if (name !== undefined)
    throw badRequest(`Property '${name}' is set by the system and cannot be written.`, name);
};

const salesAreaOf = (tables: Tables, header: Row): Row => {
  const key = [
    header['SoldToParty'],
    header['SalesOrganization'],
    header['DistributionChannel'],
    header['OrganizationDivision'],
  ];
  const area = tables.get('A_CustomerSalesArea', key.map(String).join('\u0001'));
  if (area !== undefined) return area;
  const [customer, ...sales] = key.map(String);
  throw refused(
    400,
    'VP/112',
    `Sold-to party ${customer} is not maintained for sales area ${sales.join(' ')}.`,
    'SoldToParty',
  );
};

const checkMaterial = (tables: Tables, header: Row, item: Row): Row => {
  const material = text(item, 'Material');
  const product = tables.get('A_Product', material);
  const sales = tables.get(
    'A_ProductSalesDelivery',
    [material, header['SalesOrganization'], header['DistributionChannel']].map(String).join('\u0001'),
  );
  if (product === undefined || sales === undefined || product['IsMarkedForDeletion'] === true) {
    const area = `${text(header, 'SalesOrganization')} ${text(header, 'DistributionChannel')}`;
    throw refused(400, 'V1/382', `Material ${material} is not defined for sales area ${area}.`, 'Material');
  }
  const unit = text(item, 'RequestedQuantityUnit');
  if (unit !== '' && unit !== product['BaseUnit']) {
    throw refused(
      400,
      'V1/386',
      `Unit ${unit} is not defined for material ${material}.`,
      'RequestedQuantityUnit',
    );
  }
  const quantity = text(item, 'RequestedQuantity');
  if (quantity === '' || !new Decimal(quantity).gt(0)) {
    throw refused(
      400,
      'V1/200',
      `Enter a quantity above zero for material ${material}.`,
      'RequestedQuantity',
    );
  }
  return product;
};

const textOf = (tables: Tables, material: string): string =>
  text(tables.get('A_ProductDescription', `${material}\u0001EN`) ?? {}, 'ProductDescription');

/** Prices an item anew and stores it with its price elements and its schedule line. */
const writeItem = (scope: WriteScope, header: Row, item: Row, sent: readonly Row[]): void => {
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
      salesOrganization: text(header, 'SalesOrganization'),
      distributionChannel: text(header, 'DistributionChannel'),
      at: Number(header['SalesOrderDate']),
    },
    sent,
  );
  store(tables, 'A_SalesOrderItem', {
    SalesOrderItemCategory: 'TAN',
    SalesOrderItemText: textOf(tables, text(item, 'Material')),
    ProductionPlant: '1710',
    SalesDocumentRjcnReason: '',
    SDProcessStatus: 'A',
    DeliveryStatus: 'A',
    OrderRelatedBillingStatus: 'A',
    ...item,
    RequestedQuantityUnit: unit,
    ConfdDelivQtyInOrderQtyUnit: text(item, 'RequestedQuantity'),
    TransactionCurrency: text(header, 'TransactionCurrency'),
    NetAmount: price.net,
  });
  const old = tables.all('A_SalesOrderItemPrElement').filter((element) => belongs(element, keys));
  old.forEach((element) =>
    tables.remove('A_SalesOrderItemPrElement', rowKey(set('A_SalesOrderItemPrElement'), element)),
  );
  price.elements.forEach((element) => store(tables, 'A_SalesOrderItemPrElement', { ...element, ...keys }));
  store(tables, 'A_SalesOrderScheduleLine', {
    ...keys,
    ScheduleLine: '1',
    OrderQuantityUnit: unit,
    ScheduleLineOrderQuantity: text(item, 'RequestedQuantity'),
    ConfdOrderQtyByMatlAvailCheck: text(item, 'RequestedQuantity'),
    DeliveredQtyInOrderQtyUnit: '0',
    RequestedDeliveryDate: header['RequestedDeliveryDate'] ?? null,
    ConfirmedDeliveryDate: header['RequestedDeliveryDate'] ?? null,
  });
};

const belongs = (row: Row, keys: Row): boolean =>
  Object.entries(keys).every(([name, value]) => row[name] === value);

/** The items of an order. */
export const itemsOf = (tables: Tables, order: string): Row[] =>
  tables.all('A_SalesOrderItem').filter((item) => item['SalesOrder'] === order);

const rejectionOf = (items: readonly Row[]): string => {
  const rejected = items.filter((item) => text(item, 'SalesDocumentRjcnReason') !== '').length;
  return rejected === 0 ? 'A' : rejected === items.length ? 'C' : 'B';
};

/** Brings a header in line with its items: total without the rejected ones, rejection status, change stamp. */
const settleHeader = (scope: WriteScope, header: Row): Row => {
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

const numbered = (sent: SentEntity, index: number): string =>
  text(sent.own, 'SalesOrderItem') || String((index + 1) * 10);

/** Creates a sales order by deep insert; the number comes from the system. */
export const createSalesOrder = (scope: WriteScope, sent: SentEntity): Row => {
  const { tables, now } = scope;
  refuseClosed(sent.own, HEADER_CLOSED);
  const missing = HEADER_NEEDS.find((name) => text(sent.own, name) === '');
  if (missing !== undefined) throw refused(400, 'V1/029', `Enter a value for ${missing}.`, missing);
  const area = salesAreaOf(tables, sent.own);
  const items = sent.children['to_Item'] ?? [];
  const numbers = items.map(numbered);
  const twice = numbers.find((one, index) => numbers.indexOf(one) !== index);
  if (twice !== undefined) throw refused(400, 'V1/321', `Item ${twice} is given twice.`, 'SalesOrderItem');
  const SalesOrder = String(tables.next('salesOrder', 4711));
  const header: Row = {
    SalesOrderDate: dayOf(now),
    CreationDate: dayOf(now),
    CreatedByUser: 'CC0000000001',
    TransactionCurrency: area['Currency'] ?? 'EUR',
    IncotermsClassification: area['IncotermsClassification'] ?? '',
    CustomerPaymentTerms: area['CustomerPaymentTerms'] ?? '',
    OverallSDProcessStatus: 'A',
    OverallDeliveryStatus: 'A',
    OverallTotalDeliveryStatus: 'A',
    OverallOrdReltdBillgStatus: 'A',
    ...sent.own,
    SalesOrder,
    _createdAt: now,
  };
  items.forEach((item, index) => {
    const prices = (item.children['to_PricingElement'] ?? []).map((element) => element.own);
    writeItem(scope, header, { ...item.own, SalesOrder, SalesOrderItem: numbers[index] ?? '' }, prices);
  });
  const partners = [
    { PartnerFunction: 'AG', Customer: text(header, 'SoldToParty') },
    ...(sent.children['to_Partner'] ?? []).map((one) => one.own),
  ];
  partners.forEach((partner) => store(tables, 'A_SalesOrderHeaderPartner', { ...partner, SalesOrder }));
  (sent.children['to_Text'] ?? []).forEach((one) =>
    store(tables, 'A_SalesOrderText', { ...one.own, SalesOrder }),
  );
  return settleHeader(scope, header);
};

/** Changes header properties that the caller may set. */
export const updateSalesOrder = (scope: WriteScope, before: Row, own: Row): Row => {
  refuseClosed(
    own,
    /^(SoldToParty|SalesOrderType|SalesOrganization|DistributionChannel|OrganizationDivision)$/,
  );
  refuseClosed(own, HEADER_CLOSED);
  return settleHeader(scope, { ...before, ...own });
};

/** Changes an item: quantity (priced anew), rejection reason, texts. */
export const updateSalesOrderItem = (scope: WriteScope, before: Row, own: Row): Row => {
  refuseClosed(
    own,
    /^(SalesOrder|SalesOrderItem|Material|NetAmount|\w*Status|Confd\w+|TransactionCurrency)$/,
  );
  const header = scope.tables.get('A_SalesOrder', text(before, 'SalesOrder')) ?? {};
  const keys = { SalesOrder: before['SalesOrder'] ?? '', SalesOrderItem: before['SalesOrderItem'] ?? '' };
  const manual = scope.tables
    .all('A_SalesOrderItemPrElement')
    .filter((element) => belongs(element, keys) && element['ConditionOrigin'] === 'C');
  const rejected = text({ ...before, ...own }, 'SalesDocumentRjcnReason') !== '';
  writeItem(scope, header, { ...before, ...own, ...(rejected ? { SDProcessStatus: 'C' } : {}) }, manual);
  settleHeader(scope, header);
  return scope.tables.get('A_SalesOrderItem', rowKey(set('A_SalesOrderItem'), keys)) ?? before;
};

/** Deletes an order that is not yet delivered in part. */
export const deleteSalesOrder = (scope: WriteScope, row: Row): void => {
  const order = text(row, 'SalesOrder');
  if (text(row, 'OverallDeliveryStatus') !== 'A') {
    throw refused(400, 'V1/220', `Sales order ${order} has subsequent documents and cannot be deleted.`);
  }
  for (const { set: name } of SALES_ORDERS.sets) {
    for (const one of scope.tables.all(name)) {
      if (one['SalesOrder'] === order) scope.tables.remove(name, rowKey(set(name), one));
    }
  }
};

/** Moves an order to a process status (B partly done, C completed), items and delivered quantities with it. */
export const moveSalesOrder = (scope: WriteScope, order: string, to: 'B' | 'C'): Row | undefined => {
  const { tables } = scope;
  const header = tables.get('A_SalesOrder', order);
  if (header === undefined) return undefined;
  for (const item of itemsOf(tables, order)) {
    if (text(item, 'SalesDocumentRjcnReason') !== '') continue;
    store(tables, 'A_SalesOrderItem', {
      ...item,
      SDProcessStatus: to,
      DeliveryStatus: to,
      OrderRelatedBillingStatus: to === 'C' ? 'C' : 'A',
    });
    const line = tables.get(
      'A_SalesOrderScheduleLine',
      [order, item['SalesOrderItem'], '1'].map(String).join('\u0001'),
    );
    if (to === 'C' && line !== undefined) {
      store(tables, 'A_SalesOrderScheduleLine', {
        ...line,
        DeliveredQtyInOrderQtyUnit: line['ScheduleLineOrderQuantity'] ?? '0',
      });
    }
  }
  return settleHeader(scope, {
    ...header,
    OverallSDProcessStatus: to,
    OverallDeliveryStatus: to,
    OverallTotalDeliveryStatus: to,
    OverallOrdReltdBillgStatus: to === 'C' ? 'C' : 'A',
  });
};

/** Moves every order that is old enough: to B after one `afterMs` since its creation, to C after two. */
export const moveDueOrders = (scope: WriteScope, afterMs: number): void => {
  for (const header of scope.tables.all('A_SalesOrder')) {
    const age = scope.now - Number(header['_createdAt'] ?? scope.now);
    const due = age >= 2 * afterMs ? 'C' : age >= afterMs ? 'B' : 'A';
    if (due !== 'A' && text(header, 'OverallSDProcessStatus') < due)
      moveSalesOrder(scope, text(header, 'SalesOrder'), due);
  }
};
