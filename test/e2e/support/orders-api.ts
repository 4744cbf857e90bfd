import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@quotebridge/platform/core';
import { EventBus, type IngestOutcome } from '@quotebridge/platform/events';
import request from 'supertest';
import { eventually } from './eventually';
import { startOrderingSuite, type OrderingSuite } from './ordering-suite';

export const ORDERS_V4 = '/tmf-api/productOrderingManagement/v4';
export const ORDERS_V5 = '/tmf-api/productOrderingManagement/v5';

/** An item of an order as v5 shows it. */
export interface Item extends JsonObject {
  id: string;
  state: string;
}
/** An order, or a task about one, as v5 shows it. */
export interface Order extends JsonObject {
  id: string;
  state: string;
  productOrderItem: Item[];
}
/** The envelope of an event about orders. */
export interface OrderEnvelope {
  readonly eventType: string;
  readonly event: { readonly productOrder?: Order; readonly cancelProductOrder?: Order };
}

/** A v5 order item that adds one of an offering. */
export const item = (id: string, offering: string, more: object = {}) => ({
  '@type': 'ProductOrderItem',
  id,
  action: 'add',
  quantity: 1,
  productOffering: { '@type': 'ProductOfferingRef', id: offering },
  ...more,
});
/** A v5 order of these items. */
export const orderBody = (items: object[], more: object = {}) => ({
  '@type': 'ProductOrder',
  productOrderItem: items,
  ...more,
});
/** Where the faults of an error body are. */
export const pathsOf = (fault: { details?: { path: string }[] }): string[] =>
  (fault.details ?? []).map(({ path }) => path);
/** States of the items of an order. */
export const statesOf = (order: Order): string[] => order.productOrderItem.map(({ state }) => state);
/** The body that asks to cancel an order, in v5. */
export const cancelBody = (id: string, more: object = {}) => ({
  '@type': 'CancelProductOrder',
  productOrder: { '@type': 'ProductOrderRef', id },
  ...more,
});

/** The ordering suite with a client, ears for its events, and an outside system that reports. */
export interface OrdersApi {
  readonly suite: OrderingSuite;
  readonly bus: EventBus;
  /** A launched offering of 100 EUR. */
  readonly sold: string;
  /** Every event of TMF622 so far. */
  readonly events: readonly OrderEnvelope[];
  api(): ReturnType<typeof request>;
  make(items?: object[], more?: object): Promise<Order>;
  get(id: string): Promise<Order>;
  patch(id: string, change: object): ReturnType<ReturnType<typeof request>['patch']>;
  /** Takes an order through states by PATCH. */
  go(id: string, ...states: string[]): Promise<Order>;
  /** Event types about an order, without their common words. */
  typesOf(id: string): string[];
  /** States that the state events of an order told of, in order. */
  statesTold(id: string): string[];
  /** Reports a state and a sales order number as the system `erp` and gives the outcome. */
  tell(id: string, state?: string, number?: string): Promise<IngestOutcome['outcomes'][number] | undefined>;
  /** Sends the last report again, in a message of its own. */
  tellAgain(): Promise<void>;
  stop(): Promise<void>;
}

const report = (state?: string, number?: string): JsonObject => ({
  '@type': 'ProductOrder',
  ...(state === undefined ? {} : { state }),
  ...(number === undefined
    ? {}
    : {
        externalIdentifier: [
          { '@type': 'ExternalIdentifier', owner: 'erp', externalIdentifierType: 'salesOrder', id: number },
        ],
      }),
});

/** Reports of one run are taken in one after the other. */
const SLOW_MACHINE_MS = 60_000;

/** Starts catalog, quote and order, and listens. */
export const startOrdersApi = async (): Promise<OrdersApi> => {
  const suite = await startOrderingSuite();
  const bus = await EventBus.connect({ servers: suite.nats.url, name: 'order-e2e' });
  const run = randomUUID();
  const events: OrderEnvelope[] = [];
  const outcomes: IngestOutcome[] = [];
  const spec = { concurrency: 1, maxAttempts: 1, backoffMs: [100], ackWaitMs: 5_000 };
  const listeners = [
    await bus.consume(
      { ...spec, durable: 'order-e2e-events', stream: 'TMF_EVENTS', subjects: ['tmf.TMF622.>'] },
      async (delivery) => void events.push(delivery.json() as OrderEnvelope),
    ),
    await bus.consume(
      { ...spec, durable: 'order-e2e-outcomes', stream: 'INGEST', subjects: [`ingest.outcome.${run}`] },
      async (delivery) => void outcomes.push(delivery.json() as IngestOutcome),
    ),
  ];
  const sold = await suite.offer('Pump', 100);

  const api = () => request(suite.orders?.url ?? '');
  const patch: OrdersApi['patch'] = (id, change) =>
    api()
      .patch(`${ORDERS_V5}/productOrder/${id}`)
      .send({ '@type': 'ProductOrder', ...change });
  const about = (id: string) => events.filter(({ event }) => event.productOrder?.id === id);
  let last: { batch: number; records: object[] } = { batch: 0, records: [] };
  const send = (batch: typeof last, copy = ''): Promise<void> =>
    bus.publish(
      'ingest.productOrder',
      { run, source: 'erp', resource: 'productOrder', ...batch },
      { id: `${run}:${batch.batch}${copy}`, key: run },
    );
  return {
    suite,
    bus,
    sold,
    events,
    api,
    patch,
    make: async (items = [item('1', sold)], more = {}) =>
      (await api().post(`${ORDERS_V5}/productOrder`).send(orderBody(items, more)).expect(201)).body as Order,
    get: async (id) => (await api().get(`${ORDERS_V5}/productOrder/${id}`).expect(200)).body as Order,
    go: async (id, ...states) => {
      let order: Order | undefined;
      for (const state of states) order = (await patch(id, { state }).expect(200)).body as Order;
      return order as Order;
    },
    typesOf: (id) => about(id).map(({ eventType }) => eventType.replace(/^ProductOrder|Event$/g, '')),
    statesTold: (id) =>
      about(id)
        .filter(({ eventType }) => eventType === 'ProductOrderStateChangeEvent')
        .map(({ event }) => event.productOrder?.state ?? ''),
    tell: async (id, state, number) => {
      const batch = last.batch + 1;
      last = { batch, records: [{ externalId: '1', op: 'patch', id, resource: report(state, number) }] };
      await send(last);
      const found = await eventually(
        'the outcome',
        () => outcomes.find((one) => one.batch === batch),
        SLOW_MACHINE_MS,
      );
      return found.outcomes[0];
    },
    // The outcome of a repeated batch has the message id of the first one: the broker drops it.
    tellAgain: () => send(last, ':again'),
    stop: async () => {
      for (const listener of listeners) await listener.stop();
      await bus.close();
      await suite.stop();
    },
  };
};
