import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { externalIdentifier, textAt, type Rejection } from '@quotebridge/connectors/sdk';
import { readDate } from '../odata-values';
import { missing } from './missing';

/** State of a product order by the sales order's own: everything rejected is a failure, all processed is the end. */
export const stateOf = (salesOrder: JsonObject): string => {
  if (textAt(salesOrder, 'OverallSDDocumentRejectionSts') === 'C') return 'failed';
  return textAt(salesOrder, 'OverallSDProcessStatus') === 'C' ? 'completed' : 'inProgress';
};

/** A patch of a product order: the sales order's number and a state. */
export const orderPatch = (
  source: string,
  orderId: string,
  salesOrder: JsonObject,
  state: string,
): IngestRecord => {
  const number = textAt(salesOrder, 'SalesOrder') ?? '';
  const changed = readDate(salesOrder['LastChangeDateTime']);
  return {
    externalId: number,
    op: 'patch',
    id: orderId,
    ...(changed === undefined ? {} : { modifiedAt: changed }),
    resource: {
      '@type': 'ProductOrder',
      state,
      externalIdentifier: [externalIdentifier(source, 'salesOrder', number)],
    },
  };
};

/** A_SalesOrder that we created → patch of its product order. Orders of others are none of our business. */
export const mapOrderStatus =
  (source: string, senderSystem: string) =>
  (salesOrder: JsonObject): readonly IngestRecord[] | Rejection => {
    const orderId = textAt(salesOrder, 'ExternalDocumentID');
    if (orderId === undefined || textAt(salesOrder, 'SenderBusinessSystemName') !== senderSystem) return [];
    if (textAt(salesOrder, 'SalesOrder') === undefined) {
      return missing('/SalesOrder');
    }
    return [orderPatch(source, orderId, salesOrder, stateOf(salesOrder))];
  };
