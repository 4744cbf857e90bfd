import {
  externalIdsOf,
  ORDER_EVENTS,
  paymentPatch,
  paymentStatusOf,
  textAt,
  TwoWayValue,
  type Action,
  type ConnectorContext,
  type Stream,
} from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import { ORDER_TEXTS, ORDERS } from './entity-sets';
import type { ODataClient } from './odata-client';
import { allOf, expanded, textLiteral } from './odata-values';
import { ORDER_SAMPLE } from './samples';
import type { S4Settings } from './settings';
import { change, overlapOf, positionBy, type StreamParts } from './streams/stream-parts';

/** The setting that payments follow; without one they stay where they are. */
type Payment = NonNullable<S4Settings['payment']>;

/** What the stream and the action of payments share. */
export interface PaymentParts {
  readonly parts: StreamParts;
  readonly client: ODataClient;
  readonly payment: Payment;
  readonly value: TwoWayValue;
}

const EXPAND = 'to_Text';

const textOf = (salesOrder: JsonObject, payment: Payment, language: string): JsonObject | undefined =>
  expanded(salesOrder, EXPAND).find(
    (text) => text['LongTextID'] === payment.text && text['Language'] === language,
  );

/** The payment status of a sales order stands in one of its header texts. */
export const paymentParts = (
  parts: StreamParts,
  payment: Payment,
  { notes }: Pick<ConnectorContext, 'notes'>,
): PaymentParts => {
  const { language } = parts.settings;
  const value = new TwoWayValue(notes, 'payment', payment.owner === 'erp', (salesOrder) => {
    const key = textAt(salesOrder, 'ExternalDocumentID');
    const side = textAt(textOf(salesOrder, payment, language) ?? {}, 'LongText')?.trim();
    return key === undefined ? undefined : { key, side: side === undefined || side === '' ? null : side };
  });
  return { parts, client: parts.client, payment, value };
};

/** How the payments of our sales orders stand. */
export const payments = ({ parts, value }: PaymentParts): Stream => {
  const read = change(parts, {
    set: ORDERS,
    keys: ['SalesOrder'],
    filter: `SenderBusinessSystemName eq ${textLiteral(parts.settings.senderSystem)}`,
    expand: EXPAND,
  });
  return {
    name: 'payments',
    title: 'Payment status of our sales orders',
    entity: 'A_SalesOrder',
    resource: 'productOrder',
    overlapMs: overlapOf(parts),
    samples: [ORDER_SAMPLE],
    identity: (record) => textAt(record, 'SalesOrder'),
    position: positionBy('SalesOrder'),
    read: async function* (from, signal, progress) {
      for await (const page of read(from, signal, progress))
        yield await value.marked('records' in page ? page.records : page);
    },
    settled: (records) => value.settled(records),
    map: (record) => {
      const brought = value.broughtIn(record);
      return brought === undefined ? [] : [paymentPatch(textAt(record, 'SalesOrder') ?? '', brought)];
    },
  };
};

/** Takes a payment status that changed elsewhere to the sales order. */
export const writePayment = ({ parts, client, payment, value }: PaymentParts): Action => {
  const { source, settings } = parts;
  return value.action({
    name: 'writePayment',
    title: 'Writing the payment status',
    subjects: ORDER_EVENTS,
    here: paymentStatusOf,
    key: ({ resource }) =>
      externalIdsOf(resource, 'salesOrder', source).length > 0 ? resource.id : undefined,
    find: async ({ resource }) => {
      const [number = ''] = externalIdsOf(resource, 'salesOrder', source);
      const $filter = allOf(`SalesOrder eq ${textLiteral(number)}`);
      const [found] = await client.all(ORDERS, { $filter, $expand: EXPAND });
      return found;
    },
    write: async (_event, found, status) => {
      const { language: Language } = settings;
      const key = { SalesOrder: textAt(found, 'SalesOrder') ?? '', Language, LongTextID: payment.text };
      const LongText = status ?? '';
      if (textOf(found, payment, Language) !== undefined)
        await client.change(ORDER_TEXTS, [{ key, fields: { LongText } }]);
      else await client.create(ORDER_TEXTS, { ...key, LongText });
    },
  });
};
