import { isoNow, type Clock, type JsonObject } from '@quotebridge/platform/core';
import { objectAt, textAt, type Cursor, type Stream } from '@quotebridge/connectors/sdk';
import { changedSince, type ChangeOrder } from './changed-since';
import { CONDITION_EXPAND, ORDERS, PRICES, PRODUCTS } from './entity-sets';
import { endsOffering, mapOffering } from './mapping/offering';
import { mapOrderStatus } from './mapping/order-status';
import { endsPrice, mapPrice } from './mapping/price';
import { mapSpecification } from './mapping/specification';
import type { ODataClient } from './odata-client';
import { anyOf, readDate, textLiteral, withoutLinks } from './odata-values';
import { pricedMaterials } from './priced-materials';
import { MATERIAL_SAMPLE, ORDER_SAMPLE, PRICE_SAMPLE } from './samples';
import type { S4Settings } from './settings';

const positionBy =
  (idField: string) =>
  (record: JsonObject): Cursor | undefined => {
    const at = readDate(record['LastChangeDateTime']);
    const id = textAt(record, idField);
    return at === undefined || id === undefined ? undefined : { at, id };
  };

async function* bare(pages: AsyncIterable<readonly JsonObject[]>): AsyncGenerator<readonly JsonObject[]> {
  for await (const page of pages) yield page.map(withoutLinks);
}

/**
 * What is read from S/4HANA, in the order in which it must be published: specifications, prices, offerings that refer
 * to both, and the status of our orders.
 */
export const streamsOf = (
  source: string,
  settings: S4Settings,
  client: ODataClient,
  clock: Clock,
): readonly Stream[] => {
  const { pageSize } = settings;
  const overlapMs = settings.overlapSeconds * 1000;
  const change = (order: Omit<ChangeOrder, 'timeField' | 'pageSize'>) => {
    const full: ChangeOrder = { ...order, timeField: 'LastChangeDateTime', pageSize };
    return (from: string | undefined, signal: AbortSignal): AsyncIterable<readonly JsonObject[]> =>
      bare(changedSince(client, full, from, signal));
  };
  return [
    {
      name: 'productSpecifications',
      title: 'Materials',
      entity: 'A_Product',
      resource: 'productSpecification',
      overlapMs,
      samples: [MATERIAL_SAMPLE],
      identity: (record) => textAt(record, 'Product'),
      position: positionBy('Product'),
      read: change({ set: PRODUCTS, idField: 'Product', expand: 'to_Description' }),
      ends: (record) => record['IsMarkedForDeletion'] === true,
      map: mapSpecification(source, settings),
    },
    {
      name: 'productOfferingPrices',
      title: 'List prices',
      entity: 'A_SlsPrcgConditionRecord',
      resource: 'productOfferingPrice',
      overlapMs,
      samples: [PRICE_SAMPLE],
      identity: (record) => textAt(record, 'ConditionRecord'),
      position: positionBy('ConditionRecord'),
      read: change({
        set: PRICES,
        idField: 'ConditionRecord',
        filter: anyOf('ConditionType', settings.priceConditionTypes),
        expand: CONDITION_EXPAND,
      }),
      ends: (record) => endsPrice(record, settings, isoNow(clock)),
      map: mapPrice(source, settings),
    },
    {
      name: 'productOfferings',
      title: 'Materials with their list prices',
      entity: 'A_Product',
      resource: 'productOffering',
      overlapMs,
      samples: [
        {
          product: MATERIAL_SAMPLE,
          conditions: [PRICE_SAMPLE],
          changedAt: '2026-01-01T00:00:00.000Z',
          readAt: '2026-01-01T00:00:00.000Z',
        },
      ],
      identity: (record) => textAt(objectAt(record, 'product'), 'Product'),
      position: (record) => {
        const at = textAt(record, 'changedAt');
        const id = textAt(objectAt(record, 'product'), 'Product');
        return at === undefined || id === undefined ? undefined : { at, id };
      },
      read: (from, signal) => pricedMaterials(client, settings, clock, from, signal),
      ends: (record) => endsOffering(record, settings),
      map: mapOffering(source, settings),
    },
    {
      name: 'orderStatuses',
      title: 'Status of our sales orders',
      entity: 'A_SalesOrder',
      resource: 'productOrder',
      overlapMs,
      samples: [ORDER_SAMPLE],
      identity: (record) => textAt(record, 'SalesOrder'),
      position: positionBy('SalesOrder'),
      read: change({
        set: ORDERS,
        idField: 'SalesOrder',
        filter: `SenderBusinessSystemName eq ${textLiteral(settings.senderSystem)}`,
      }),
      map: mapOrderStatus(source, settings.senderSystem),
    },
  ];
};
