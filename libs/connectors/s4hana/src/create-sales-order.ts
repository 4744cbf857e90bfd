import {
  ActionRefused,
  type Action,
  type ActionEvent,
  type ConnectorContext,
} from '@quotebridge/connectors/sdk';
import { ORDERS } from './entity-sets';
import { offeringOf, orderedItems, soldTo, toSalesOrder } from './mapping/sales-order';
import { orderRefusal } from './mapping/order-refusal';
import { orderPatch } from './mapping/order-status';
import type { ODataClient } from './odata-client';
import { allOf, textLiteral } from './odata-values';
import type { S4Settings } from './settings';

/** An order is handed over when it is acknowledged: at once, or when a draft is submitted. */
const SUBJECTS = [
  'tmf.TMF622.productOrder.ProductOrderCreateEvent',
  'tmf.TMF622.productOrder.ProductOrderStateChangeEvent',
];

/**
 * A product order becomes one A_SalesOrder. Its id is the order's ExternalDocumentID, by which the order is looked up
 * before every send. Orders without any material of this system are left to others.
 */
export const createSalesOrder = (
  client: ODataClient,
  settings: S4Settings,
  { instance, externalIdOf }: Pick<ConnectorContext, 'instance' | 'externalIdOf'>,
): Action => {
  const materialsOf = async (event: ActionEvent): Promise<ReadonlyMap<string, string>> => {
    const offerings = [...new Set(orderedItems(event.resource).map((item) => offeringOf(item) ?? ''))];
    const found = await Promise.all(offerings.map(async (id) => [id, await externalIdOf(id)] as const));
    return new Map(found.flatMap(([id, material]) => (material === undefined ? [] : [[id, material]])));
  };
  return {
    name: 'createSalesOrder',
    title: 'Creating the sales order',
    subjects: SUBJECTS,
    effect: 'once',
    key: async (event) => {
      if (event.resource['state'] !== 'acknowledged') return undefined;
      return (await materialsOf(event)).size > 0 ? event.resource.id : undefined;
    },
    lookup: async ({ resource }) => {
      const [found] = await client.all(ORDERS, {
        $filter: allOf(
          `ExternalDocumentID eq ${textLiteral(resource.id)}`,
          `SenderBusinessSystemName eq ${textLiteral(settings.senderSystem)}`,
        ),
        $orderby: 'SalesOrder',
      });
      return found;
    },
    send: async (event) => {
      const materials = await materialsOf(event);
      // TMF names a customer by the id of its resource; the business API and the CRM by the number that it has here.
      const customer = await externalIdOf(soldTo(event.resource) ?? '');
      const order = toSalesOrder(
        event.resource,
        settings,
        (id) => materials.get(id),
        (id) => customer ?? id,
      );
      if (!order.ok) throw new ActionRefused(order.error);
      return client.create(ORDERS, order.value);
    },
    results: ({ resource }, salesOrder) => [
      { resource: 'productOrder', record: orderPatch(instance, resource.id, salesOrder, 'inProgress') },
    ],
    refused: ({ resource }, reason, at) =>
      orderRefusal(resource.id, 'erpRefused', reason, at, { state: 'pending' }),
    tellsRefusal: true,
  };
};
