import { randomUUID } from 'node:crypto';
import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { loadSettings } from '@quotebridge/platform/config';
import { TMF_EVENTS } from '@quotebridge/platform/events';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import request from 'supertest';
import { eventually, startMongo, startOwnNats, type OwnNats, type TestMongo } from '../support';

const CATEGORY = '/tmf-api/productCatalogManagement/v5/category';
const SLOW = `slow-${randomUUID()}`;

describe('the gauges of events that wait', () => {
  let mongod: TestMongo;
  let nats: OwnNats;
  let catalog: RunningComponent;
  let goOn: () => void;

  /** A catalog with a consumer that finishes nothing until it is told to. */
  const withSlowConsumer = (until: Promise<void>): typeof productCatalog => ({
    ...productCatalog,
    build: async (runtime) => {
      const parts = await productCatalog.build(runtime);
      const spec = {
        ...{ durable: SLOW, stream: TMF_EVENTS, subjects: ['tmf.TMF620.category.>'], concurrency: 4 },
        ...{ maxAttempts: 1_000, backoffMs: [100], ackWaitMs: 60_000 },
      };
      return { ...parts, consumers: [...(parts.consumers ?? []), { spec, handle: () => until }] };
    },
  });

  beforeAll(async () => {
    [mongod, nats] = await Promise.all([startMongo(), startOwnNats()]);
    const until = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    catalog = await startComponent(
      withSlowConsumer(until),
      loadSettings(productCatalogSettings, {
        ...{ AUTH: 'off', LOG_LEVEL: 'silent', MONGODB_URI: mongod.uri, NATS_URL: nats.url },
        DATABASE: mongod.database('gauges'),
      }),
    );
  });
  afterAll(async () => {
    goOn();
    await catalog?.close();
    await nats?.stop();
    await mongod?.stop();
  });

  const create = (): Promise<unknown> =>
    request(catalog.url).post(CATEGORY).send({ '@type': 'Category', name: 'Pumps' }).expect(201);
  const gauge = async (name: string, label: string): Promise<number | undefined> => {
    const text = await (await fetch(`${catalog.url}/metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(`${name}{`) && one.includes(label));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };
  const becomes = (name: string, label: string, isIt: (value: number) => boolean): Promise<unknown> =>
    eventually(`${name} to be so`, async () => {
      const value = await gauge(name, label);
      return value !== undefined && isIt(value);
    });

  it('tell how many messages a consumer has not handled', async () => {
    const lag = ['quotebridge_consumer_lag_messages', `consumer="${SLOW}"`] as const;
    await create();
    await create();
    await becomes(...lag, (value) => value === 2);
    goOn();
    await becomes(...lag, (value) => value === 0);
  });

  it('tell how many events a resource has unpublished, and for how long', async () => {
    const label = 'collection="category"';
    await nats.kill();
    await create();
    await becomes('quotebridge_relay_pending_events', label, (value) => value === 1);
    await becomes('quotebridge_relay_lag_seconds', label, (value) => value > 0);
    await nats.restart();
    await becomes('quotebridge_relay_pending_events', label, (value) => value === 0);
    await becomes('quotebridge_relay_lag_seconds', label, (value) => value === 0);
  });
});
