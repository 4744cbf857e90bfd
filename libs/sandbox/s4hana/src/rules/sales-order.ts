import type { Row } from '@quotebridge/sandbox/core';
import { rowKey } from '../model/entity';
import { SALES_ORDERS } from '../model/sales-orders';
import { refused } from '../odata/errors';
import { createEntity, dayOf, type SentEntity, type WriteScope } from '../odata/write';
import { refuseClosed, salesAreaOf } from './checks';
import { elementsOf, itemsOf, settleHeader, writeItem } from './order-parts';
import { set, store, text } from './rows';

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
    PricingDate: sent.own['SalesOrderDate'] ?? dayOf(now),
    CreationDate: dayOf(now),
    CreatedByUser: 'CC0000000001',
    TransactionCurrency: area['Currency'] ?? 'EUR',
    IncotermsClassification: area['IncotermsClassification'] ?? '',
    CustomerPaymentTerms: area['CustomerPaymentTerms'] ?? '',
    OverallSDProcessStatus: 'A',
    OverallDeliveryStatus: 'A',
    OverallTotalDeliveryStatus: 'A',
    OverallOrdReltdBillgStatus: 'A',
    _priceList: area['PriceListType'] ?? '',
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

/** Item properties that only the system sets. */
const ITEM_CLOSED = /^(NetAmount|\w*Status|Confd\w+|TransactionCurrency)$/;

/** Adds an item to an order, behind its last one unless it says where. */
export const createSalesOrderItem = (scope: WriteScope, { own, children }: SentEntity): Row => {
  const { tables } = scope;
  refuseClosed(own, ITEM_CLOSED);
  const order = text(own, 'SalesOrder');
  const header = tables.get('A_SalesOrder', order);
  if (header === undefined)
    throw refused(400, 'V1/302', `Sales order ${order} does not exist.`, 'SalesOrder');
  const there = itemsOf(tables, order).map((item) => text(item, 'SalesOrderItem'));
  const SalesOrderItem =
    text(own, 'SalesOrderItem') || String((Math.floor(Math.max(0, ...there.map(Number)) / 10) + 1) * 10);
  if (there.includes(SalesOrderItem))
    throw refused(400, 'V1/321', `Item ${SalesOrderItem} exists already.`, 'SalesOrderItem');
  const prices = (children['to_PricingElement'] ?? []).map((element) => element.own);
  writeItem(scope, header, { ...own, SalesOrderItem }, prices);
  settleHeader(scope, header);
  return tables.get('A_SalesOrderItem', rowKey(set('A_SalesOrderItem'), { ...own, SalesOrderItem })) ?? own;
};

/** Changes an item: quantity (priced anew), rejection reason, texts. */
export const updateSalesOrderItem = (scope: WriteScope, before: Row, own: Row): Row => {
  refuseClosed(
    own,
    /^(SalesOrder|SalesOrderItem|Material|NetAmount|\w*Status|Confd\w+|TransactionCurrency)$/,
  );
  const header = scope.tables.get('A_SalesOrder', text(before, 'SalesOrder')) ?? {};
  const keys = { SalesOrder: before['SalesOrder'] ?? '', SalesOrderItem: before['SalesOrderItem'] ?? '' };
  const manual = elementsOf(scope.tables, keys).filter((element) => element['ConditionOrigin'] === 'C');
  const rejected = text({ ...before, ...own }, 'SalesDocumentRjcnReason') !== '';
  writeItem(scope, header, { ...before, ...own, ...(rejected ? { SDProcessStatus: 'C' } : {}) }, manual);
  settleHeader(scope, header);
  return scope.tables.get('A_SalesOrderItem', rowKey(set('A_SalesOrderItem'), keys)) ?? before;
};

// A text is saved with its order, whose change stamp moves along.
const touched = (scope: WriteScope, row: Row): Row => {
  const header = scope.tables.get('A_SalesOrder', text(row, 'SalesOrder'));
  if (header === undefined)
    throw refused(400, 'V1/302', `Sales order ${text(row, 'SalesOrder')} does not exist.`, 'SalesOrder');
  settleHeader(scope, header);
  return row;
};

/** Adds a text to an order. */
export const createSalesOrderText = (scope: WriteScope, sent: SentEntity): Row =>
  touched(scope, createEntity(scope, set('A_SalesOrderText'), sent));

/** Changes a text of an order. */
export const updateSalesOrderText = (scope: WriteScope, before: Row, own: Row): Row => {
  const row = { ...before, ...own };
  store(scope.tables, 'A_SalesOrderText', row);
  return touched(scope, row);
};

/** Deletes an order that is not yet delivered in part. */
export const deleteSalesOrder = (scope: WriteScope, row: Row): void => {
  const order = text(row, 'SalesOrder');
  if (text(row, 'OverallDeliveryStatus') !== 'A') {
    throw refused(400, 'V1/220', `Sales order ${order} has subsequent documents and cannot be deleted.`);
  }
  for (const { set: name } of SALES_ORDERS.sets) {
    for (const one of scope.tables.where(name, 'SalesOrder', order))
      scope.tables.remove(name, rowKey(set(name), one));
  }
};
