import { textAt, type Stream } from '@quotebridge/connectors/sdk';
import { ORDERS } from '../entity-sets';
import { mapOrderStatus } from '../mapping/order-status';
import { textLiteral } from '../odata-values';
import { ORDER_SAMPLE } from '../samples';
import { change, overlapOf, positionBy, type StreamParts } from './stream-parts';

/** How far the sales orders are that we have created, by OData V2, or by V4 where its service is named. */
export const orderStatuses = (parts: StreamParts): Stream => {
  const { source, settings } = parts;
  const { orderServiceV4: root } = settings;
  return {
    name: 'orderStatuses',
    title: 'Status of our sales orders',
    entity: root === undefined ? 'A_SalesOrder' : 'SalesOrder',
    resource: 'productOrder',
    overlapMs: overlapOf(parts),
    samples: [ORDER_SAMPLE],
    identity: (record) => textAt(record, 'SalesOrder'),
    position: positionBy('SalesOrder'),
    read: change(parts, {
      ...(root === undefined ? { set: ORDERS } : { set: `${root}/SalesOrder`, version: 'V4' as const }),
      keys: ['SalesOrder'],
      filter: `SenderBusinessSystemName eq ${textLiteral(settings.senderSystem)}`,
    }),
    map: mapOrderStatus(source, settings.senderSystem),
  };
};
