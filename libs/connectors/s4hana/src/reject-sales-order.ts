import {
  ActionRefused,
  externalIdsOf,
  textAt,
  type Action,
  type ConnectorContext,
} from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import { ORDER_ITEMS } from './entity-sets';
import { orderRefusal } from './mapping/order-refusal';
import { orderPatch } from './mapping/order-status';
import type { ODataClient } from './odata-client';
import { textLiteral } from './odata-values';
import type { S4Settings } from './settings';

/** A cancellation is accepted, or the number of a sales order comes to an order that was cancelled meanwhile. */
const SUBJECTS = [
  'tmf.TMF622.productOrder.ProductOrderStateChangeEvent',
  'tmf.TMF622.productOrder.ProductOrderAttributeValueChangeEvent',
];
const CANCELLING: ReadonlySet<unknown> = new Set(['pendingCancellation', 'cancelled']);

const isRejected = (item: JsonObject): boolean => textAt(item, 'SalesDocumentRjcnReason') !== undefined;
const isOpen = (item: JsonObject): boolean => !isRejected(item) && textAt(item, 'SDProcessStatus') !== 'C';

/**
 * A product order that is to be cancelled has the open items of its sales order rejected; what was processed already
 * stays. Items are read before any is rejected, so a repeated event finds nothing left to do.
 */
export const rejectSalesOrder = (
  client: ODataClient,
  settings: S4Settings,
  { instance }: Pick<ConnectorContext, 'instance'>,
): Action => {
  const numberOf = (order: JsonObject): string | undefined => externalIdsOf(order, 'salesOrder', instance)[0];
  const itemsOf = (order: JsonObject): Promise<readonly JsonObject[]> =>
    client.all(ORDER_ITEMS, { $filter: `SalesOrder eq ${textLiteral(numberOf(order) ?? '')}` });
  return {
    name: 'rejectSalesOrder',
    title: 'Rejecting the sales order',
    subjects: SUBJECTS,
    effect: 'once',
    key: ({ resource }) =>
      CANCELLING.has(resource['state']) && numberOf(resource) !== undefined ? resource.id : undefined,
    lookup: async ({ resource }) => {
      const items = await itemsOf(resource);
      const isDone = items.some(isRejected) && !items.some(isOpen);
      return isDone ? { SalesOrder: numberOf(resource) ?? '' } : undefined;
    },
    send: async ({ resource }) => {
      const number = numberOf(resource) ?? '';
      const open = (await itemsOf(resource)).filter(isOpen);
      if (open.length === 0)
        throw new ActionRefused(`the sales order ${number} has no open item left to reject`);
      for (const item of open) {
        const key = { SalesOrder: number, SalesOrderItem: textAt(item, 'SalesOrderItem') ?? '' };
        await client.update(ORDER_ITEMS, key, { SalesDocumentRjcnReason: settings.rejectionReason });
      }
      return { SalesOrder: number };
    },
    results: ({ resource }, salesOrder) => [
      { resource: 'productOrder', record: orderPatch(instance, resource.id, salesOrder, 'cancelled') },
    ],
    refused: ({ resource }, reason, at) => orderRefusal(resource.id, 'erpNotCancelled', reason, at),
  };
};
