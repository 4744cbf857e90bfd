import { textAt, type Stream } from '@quotebridge/connectors/sdk';
import { ORDERS } from '../entity-sets';
import { mapOrderStatus } from '../mapping/order-status';
import { textLiteral } from '../odata-values';
import { ORDER_SAMPLE } from '../samples';
import { change, overlapOf, positionBy, type StreamParts } from './stream-parts';

/** How far the sales orders are that we have created. */
export const orderStatuses = (parts: StreamParts): Stream => {
  const { source, settings } = parts;
  return {
    name: 'orderStatuses',
    title: 'Status of our sales orders',
    entity: 'A_SalesOrder',
    resource: 'productOrder',
    overlapMs: overlapOf(parts),
    samples: [ORDER_SAMPLE],
    identity: (record) => textAt(record, 'SalesOrder'),
    position: positionBy('SalesOrder'),
    read: change(parts, {
      set: ORDERS,
      keys: ['SalesOrder'],
      filter: `SenderBusinessSystemName eq ${textLiteral(settings.senderSystem)}`,
    }),
    map: mapOrderStatus(source, settings.senderSystem),
  };
};
