import { randomUUID } from 'node:crypto';
import { mongoStores, type ConnectorStores } from '@quotebridge/connectors/sdk';
import { stableId, systemClock } from '@quotebridge/platform/core';
import { EventBus } from '@quotebridge/platform/events';
import { Store } from '@quotebridge/platform/store';
import { FAKE_CREDENTIALS, startFakeSandbox } from '@quotebridge/sandbox/fake';
import { Owner } from '../e2e/connectors/owner';
import { control } from '../e2e/connectors/sandbox-control';
import { startOwnMongo, startOwnNats } from '../e2e/support';
import { startConnectorProcess, type ConnectorChild } from './start-connector-process';

const RESOURCES = ['productSpecification', 'productOffering', 'productOrder'];

/** A fake connector's surroundings: servers of their own, the simulated system, and who owns what it brings. */
export interface FakeSite {
  readonly bus: EventBus;
  readonly stores: ConnectorStores;
  readonly owner: Owner;
  readonly system: ReturnType<typeof control>;
  /** Starts the connector in a process that can be killed; its streams run all the time. */
  start(): Promise<ConnectorChild>;
  stop(): Promise<void>;
}

/** Starts everything but the connector; the instance's name is that of its database as well. */
export const startFakeSite = async (
  instance: string,
  pace: { readonly pageSize?: number; readonly latencyMs: number },
): Promise<FakeSite> => {
  const closers: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  };
  const opened = async <T>(opening: Promise<T>, close: (it: T) => Promise<unknown>): Promise<T> => {
    const it = await opening;
    closers.push(() => close(it));
    return it;
  };
  try {
    const mongod = await opened(startOwnMongo(), (it) => it.stop());
    const nats = await opened(startOwnNats(), (it) => it.stop());
    const sandbox = await opened(startFakeSandbox({ host: '127.0.0.1', port: 0, size: 3, ...pace }), (it) =>
      it.close(),
    );
    const store = await opened(
      Store.connect({ uri: mongod.uri, database: instance, appName: 'test' }),
      (it) => it.close(),
    );
    const bus = await opened(EventBus.connect({ servers: nats.url, name: 'test' }), (it) => it.close());
    const owner = await opened(Owner.start(bus, instance, RESOURCES), (it) => it.stop());
    return {
      bus,
      stores: await mongoStores(store, instance, systemClock),
      owner,
      system: control(sandbox.url),
      start: () =>
        startConnectorProcess({
          type: 'fake',
          instance,
          mongodbUri: mongod.uri,
          natsUrl: nats.url,
          database: instance,
          settings: { baseUrl: sandbox.url, clientId: FAKE_CREDENTIALS.clientId, attemptSeconds: 5 },
          secrets: { clientSecret: FAKE_CREDENTIALS.clientSecret },
          schedule: 'every 1s',
          batchSize: 5,
        }),
      stop,
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
};

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
