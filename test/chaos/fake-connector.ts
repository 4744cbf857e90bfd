import { randomUUID } from 'node:crypto';
import { stableId } from '@quotebridge/platform/core';
import type { EventBus } from '@quotebridge/platform/events';
import { FAKE_CREDENTIALS } from '@quotebridge/sandbox/fake';
import { startConnectorProcess, type ConnectorChild } from './start-connector-process';

/** Where a fake connector and the system it is for are. */
interface FakeSite {
  readonly instance: string;
  readonly baseUrl: string;
  readonly mongodbUri: string;
  readonly natsUrl: string;
  readonly database: string;
}

/** Starts a fake connector in a process that can be killed; its streams run all the time. */
export const startFakeConnector = ({ baseUrl, ...site }: FakeSite): Promise<ConnectorChild> =>
  startConnectorProcess({
    type: 'fake',
    ...site,
    settings: { baseUrl, clientId: FAKE_CREDENTIALS.clientId, attemptSeconds: 5 },
    secrets: { clientSecret: FAKE_CREDENTIALS.clientSecret },
    schedule: 'every 1s',
    batchSize: 5,
  });

/** Id of the offering of the fake system that {@link placeOrder} orders. */
export const orderedOffering = (instance: string): string => stableId(instance, 'productOffering', 'SP-1001');

/** Says that there is a new product order for the fake system; gives its id. */
export const placeOrder = async (bus: EventBus, instance: string): Promise<string> => {
  const id = randomUUID();
  const type = 'ProductOrderCreateEvent';
  const productOffering = { '@type': 'ProductOfferingRef', id: orderedOffering(instance) };
  const productOrder = {
    '@type': 'ProductOrder',
    id,
    productOrderItem: [{ quantity: 1, productOffering }],
  };
  const event = { eventId: id, eventType: type, '@type': type, eventTime: new Date().toISOString() };
  await bus.publish(
    `tmf.TMF622.productOrder.${type}`,
    { ...event, event: { productOrder } },
    { id, key: id },
  );
  return id;
};
