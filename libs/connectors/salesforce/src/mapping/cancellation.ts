import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { externalIdentifier, textAt } from '@quotebridge/connectors/sdk';
import type { CancelSettings, OrderSettings } from '../settings';
import { mapped, type MapRecord } from './mapped';
import { CRM_ORDER, orderId } from './order';

/** Settings that the mapping of cancellations follows. */
export type CancelMapSettings = Pick<OrderSettings, 'idField'> & CancelSettings;

/** Id of the request to cancel what an order of the CRM stands for: each order asks for it once. */
const cancelId = (source: string, order: string): string => stableId(source, 'cancelProductOrder', order);

/**
 * Why the order asks for a cancellation; undefined when it does not. One that we wrote for a quote may be deleted without
 * saying anything about the sale: it is shown again.
 */
const reasonOf = (
  order: JsonObject,
  {
    id,
    productOrder,
    source,
  }: { readonly id: string; readonly productOrder: string; readonly source: string },
  { statuses }: CancelMapSettings,
): string | undefined => {
  const status = textAt(order, 'Status') ?? '';
  if (statuses.includes(status)) return `The order is ${status} in the CRM`;
  const isTheirs = productOrder === orderId(source, id);
  return isTheirs && order['IsDeleted'] === true ? 'The order was deleted in the CRM' : undefined;
};

/** Order that is cancelled or deleted → TMF622 cancelProductOrder (v5) of the product order that it names. Pure. */
export const mapCancellation =
  (source: string, settings: CancelMapSettings): MapRecord =>
  (order) => {
    const id = textAt(order, 'Id') ?? '';
    const productOrder = textAt(order, settings.idField);
    const reason = productOrder && reasonOf(order, { id, productOrder, source }, settings);
    if (productOrder === undefined || reason === undefined) return [];
    return mapped(
      (one) => cancelId(source, one),
      () => ({
        '@type': 'CancelProductOrder',
        cancellationReason: reason,
        productOrder: { '@type': 'ProductOrderRef', '@referredType': 'ProductOrder', id: productOrder },
        externalIdentifier: [externalIdentifier(source, CRM_ORDER, id)],
        ...(settings.accepted ? { isAccepted: true } : {}),
      }),
      // Its deletion is what is told, not the end of the request.
    )({ ...order, IsDeleted: false });
  };
