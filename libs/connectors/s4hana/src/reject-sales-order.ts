import {
  ActionRefused,
  externalIdsOf,
  textAt,
  type Action,
  type ConnectorContext,
} from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import { CallFailed, isCallFailed } from '@quotebridge/platform/resilience';
import { isStale } from './classify';
import { ORDER_ITEMS } from './entity-sets';
import { orderRefusal } from './mapping/order-refusal';
import { orderPatch } from './mapping/order-status';
import type { ODataClient } from './odata-client';
import { etagOf, textLiteral } from './odata-values';
import type { S4Settings } from './settings';

/** A cancellation is accepted, or the number of a sales order comes to an order that was cancelled meanwhile. */
const SUBJECTS = [
  'tmf.TMF622.productOrder.ProductOrderStateChangeEvent',
  'tmf.TMF622.productOrder.ProductOrderAttributeValueChangeEvent',
];
const CANCELLING: ReadonlySet<unknown> = new Set(['pendingCancellation', 'cancelled']);

const isRejected = (item: JsonObject): boolean => textAt(item, 'SalesDocumentRjcnReason') !== undefined;
const isOpen = (item: JsonObject): boolean => !isRejected(item) && textAt(item, 'SDProcessStatus') !== 'C';
const isDone = (items: readonly JsonObject[]): boolean => items.some(isRejected) && !items.some(isOpen);

/** Somebody goes on changing the order: it is tried again when they have finished. */
const later = ({ exchange }: CallFailed): CallFailed =>
  new CallFailed(
    { kind: 'retryAfter', reason: 'the sales order is being changed all the time' },
    exchange,
    false,
  );

/** How often an order is read again because somebody else changes it at the same time. */
const TRIES = 5;

/**
 * A product order that is to be cancelled has the open items of its sales order rejected, all in one change set; what was
 * processed already stays. Items are rejected as they were read: when somebody changes one meanwhile (it is delivered, say), none
 * is, and they are read again. A repeated event finds nothing left to do.
 */
export const rejectSalesOrder = (
  client: ODataClient,
  settings: S4Settings,
  { instance }: Pick<ConnectorContext, 'instance'>,
): Action => {
  const numberOf = (order: JsonObject): string | undefined => externalIdsOf(order, 'salesOrder', instance)[0];
  const itemsOf = (order: JsonObject): Promise<readonly JsonObject[]> =>
    client.all(ORDER_ITEMS, { $filter: `SalesOrder eq ${textLiteral(numberOf(order) ?? '')}` });
  const reject = async (number: string, items: readonly JsonObject[]): Promise<void> => {
    const fields = { SalesDocumentRjcnReason: settings.rejectionReason };
    const changes = items.map((item) => {
      const [etag, position] = [etagOf(item), textAt(item, 'SalesOrderItem') ?? ''];
      return {
        key: { SalesOrder: number, SalesOrderItem: position },
        fields,
        ...(etag === undefined ? {} : { etag }),
      };
    });
    await client.change(ORDER_ITEMS, changes);
  };
  return {
    name: 'rejectSalesOrder',
    title: 'Rejecting the sales order',
    subjects: SUBJECTS,
    effect: 'once',
    key: ({ resource }) =>
      CANCELLING.has(resource['state']) && numberOf(resource) !== undefined ? resource.id : undefined,
    lookup: async ({ resource }) => {
      return isDone(await itemsOf(resource)) ? { SalesOrder: numberOf(resource) ?? '' } : undefined;
    },
    send: async ({ resource }) => {
      const number = numberOf(resource) ?? '';
      for (let left = TRIES; ; left -= 1) {
        const items = await itemsOf(resource);
        // An answer may have been lost: what was rejected then has another version now.
        if (left < TRIES && isDone(items)) return { SalesOrder: number };
        const open = items.filter(isOpen);
        if (open.length === 0)
          throw new ActionRefused(`the sales order ${number} has no open item left to reject`);
        try {
          await reject(number, open);
          return { SalesOrder: number };
        } catch (thrown) {
          if (!isStale(thrown) || !isCallFailed(thrown)) throw thrown;
          if (left === 1) throw later(thrown);
        }
      }
    },
    results: ({ resource }, salesOrder) => [
      { resource: 'productOrder', record: orderPatch(instance, resource.id, salesOrder, 'cancelled') },
    ],
    asks: ({ resource }) => String(resource['state']),
    refused: ({ resource }, reason, at) => orderRefusal(resource.id, 'erpNotCancelled', reason, at),
  };
};
