import {
  ORDER_EVENTS,
  paymentPatch,
  paymentStatusOf,
  textAt,
  TwoWayValue,
  type Action,
  type Notes,
  type Stream,
} from '@quotebridge/connectors/sdk';
import { isShown, orderOf } from './crm-order';
import { readChanges } from './read-changes';
import type { RestClient } from './rest-client';
import type { OrderSettings, SalesforceSettings } from './settings';
import { positionOf, soqlTime } from './soql';

/** What the stream and the action of payments share. */
export interface PaymentParts {
  readonly client: RestClient;
  readonly instance: string;
  readonly orders: OrderSettings;
  /** Field of Order with the payment status. */
  readonly field: string;
  readonly value: TwoWayValue;
}

/** What keeps the payment status of orders in step, when a field for it is named. */
export const paymentParts = (
  instance: string,
  { orders }: Pick<SalesforceSettings, 'orders'>,
  client: RestClient,
  notes: Notes,
): PaymentParts | undefined => {
  if (orders?.payment === undefined) return undefined;
  const { field, owner } = orders.payment;
  const value = new TwoWayValue(notes, 'payment', owner === 'crm', (order) => {
    const key = textAt(order, orders.idField);
    return key === undefined ? undefined : { key, side: textAt(order, field) ?? null };
  });
  return { client, instance, orders, field, value };
};

/** How the payments of orders that belong to product orders stand in the CRM. */
export const payments = (
  { client, orders, field, value }: PaymentParts,
  { overlapSeconds }: Pick<SalesforceSettings, 'overlapSeconds'>,
): Stream => {
  const query = (from: string | undefined): string =>
    [
      `SELECT Id, ${orders.idField}, ${field}, IsDeleted, SystemModstamp FROM Order WHERE ${orders.idField} != null`,
      ...(from === undefined ? [] : [`AND SystemModstamp >= ${soqlTime(from)}`]),
      'ORDER BY SystemModstamp, Id',
    ].join(' ');
  return {
    name: 'payments',
    title: 'Payment status of orders',
    entity: 'Order',
    resource: 'productOrder',
    overlapMs: overlapSeconds * 1000,
    identity: (record) => textAt(record, 'Id'),
    position: positionOf,
    read: async function* (from, signal) {
      for await (const page of readChanges(client, query, from, signal)) yield await value.marked(page);
    },
    settled: (records) => value.settled(records),
    map: (record) => {
      const brought = record['IsDeleted'] === true ? undefined : value.broughtIn(record);
      return brought === undefined ? [] : [paymentPatch(textAt(record, 'Id') ?? '', brought)];
    },
  };
};

/** Takes a payment status that changed elsewhere to the order of the CRM. */
export const showPayment = ({ client, instance, orders, field, value }: PaymentParts): Action =>
  value.action({
    name: 'showPayment',
    title: 'Showing the payment status in the CRM',
    subjects: ORDER_EVENTS,
    here: paymentStatusOf,
    key: ({ resource }) => (isShown(resource, instance) ? resource.id : undefined),
    find: async ({ resource }) => {
      const [order] = await client.all(orderOf(resource, [field], orders, instance));
      return order === undefined ? undefined : { ...order, [orders.idField]: resource.id };
    },
    write: async (_event, order, status) => {
      await client.call('PATCH', `sobjects/Order/${textAt(order, 'Id') ?? ''}`, { [field]: status }, true);
    },
  });
