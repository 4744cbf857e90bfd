import { textAt, type Stream } from '@quotebridge/connectors/sdk';
import { mapOrder, type OrderMapSettings } from './mapping/order';
import { readChanges } from './read-changes';
import type { RestClient } from './rest-client';
import { ORDER_SAMPLE } from './samples';
import type { SalesforceSettings } from './settings';
import { positionOf, soqlText, soqlTime } from './soql';

const LINES =
  '(SELECT Id, Quantity, UnitPrice, TotalPrice, Description, Product2.ProductCode, Product2.Name FROM OrderItems ORDER BY Id)';

/** The query of the stream: at first only orders that are due, later whatever changed. */
const changedOrders = (
  { orders, customerNumberField, multiCurrency }: SalesforceSettings & OrderMapSettings,
  from: string | undefined,
): string => {
  const statuses = orders.take?.statuses ?? [];
  const since = orders.take?.from ?? '';
  const fields = [
    'Id, Name, Status, Description, PoNumber, EffectiveDate, ActivatedDate, CreatedDate, IsDeleted, SystemModstamp',
    ...(multiCurrency ? ['CurrencyIsoCode'] : []),
    `Account.Id, Account.Name, Account.${customerNumberField}`,
    orders.idField,
    LINES,
  ];
  const due = `Status IN (${statuses.map(soqlText).join(', ')}) AND SystemModstamp >= ${soqlTime(since)}`;
  const condition = from === undefined ? due : `SystemModstamp >= ${soqlTime(from)}`;
  return `SELECT ${fields.join(', ')} FROM Order WHERE ${condition} ORDER BY SystemModstamp, Id`;
};

/** Orders that are made in the CRM, as product orders: each goes to the ERP once. */
export const orders = (
  source: string,
  settings: SalesforceSettings & OrderMapSettings,
  client: RestClient,
): Stream => ({
  name: 'orders',
  title: 'Orders made in the CRM, as product orders',
  entity: 'Order',
  resource: 'productOrder',
  overlapMs: settings.overlapSeconds * 1000,
  samples: [ORDER_SAMPLE],
  identity: (record) => textAt(record, 'Id'),
  position: positionOf,
  read: (from, signal) => readChanges(client, (since) => changedOrders(settings, since), from, signal),
  map: mapOrder(source, settings),
});
