import { objectsIn, type Action, type ActionEvent, type ConnectorContext } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import type { FakeClient } from './client';
import { orderedOfferings, orderNumber } from './mapping';

/** A product order becomes one order here. Its id is the `externalId` by which the order is looked up before each send. */
export const createOrder = (
  client: FakeClient,
  { instance, externalIdOf }: Pick<ConnectorContext, 'instance' | 'externalIdOf'>,
): Action => {
  const linesOf = async ({ resource }: ActionEvent): Promise<readonly JsonObject[]> => {
    const lines = await Promise.all(
      orderedOfferings(resource).map(async ({ offering, quantity }) => {
        const offer = await externalIdOf(offering);
        return offer === undefined ? [] : [{ offer, quantity }];
      }),
    );
    return lines.flat();
  };
  return {
    name: 'createOrder',
    title: 'Creating the order',
    subjects: ['tmf.TMF622.productOrder.ProductOrderCreateEvent'],
    effect: 'once',
    // An order without any offer of this system is left to others.
    key: async (event) => ((await linesOf(event)).length > 0 ? event.resource.id : undefined),
    lookup: async ({ resource }) =>
      objectsIn((await client.get(`/orders?externalId=${encodeURIComponent(resource.id)}`))['items'])[0],
    send: async (event) =>
      client.create('/orders', { externalId: event.resource.id, lines: [...(await linesOf(event))] }),
    results: ({ resource }, order) => [
      { resource: 'productOrder', record: orderNumber(instance, resource.id, order) },
    ],
    refused: ({ resource }, reason) => [
      {
        resource: 'productOrder',
        record: {
          externalId: resource.id,
          op: 'patch',
          id: resource.id,
          resource: { '@type': 'ProductOrder', state: 'pending', description: reason },
        },
      },
    ],
  };
};
