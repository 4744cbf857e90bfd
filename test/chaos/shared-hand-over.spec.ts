import type { JsonObject } from '@quotebridge/platform/core';
import { EventBus } from '@quotebridge/platform/events';
import { startFakeSandbox } from '@quotebridge/sandbox/fake';
import { Owner } from '../e2e/connectors/owner';
import { control } from '../e2e/connectors/sandbox-control';
import { eventually, startOwnMongo, startOwnNats, type OwnMongo, type OwnNats } from '../e2e/support';
import { orderedOffering, placeOrder, startFakeConnector } from './fake-connector';
import type { ConnectorChild } from './start-connector-process';

const INSTANCE = 'fake-shared';
const TIME_LIMIT = 240_000;

describe('guarantee 4, while two processes share the hand-over and one is killed', () => {
  let mongod: OwnMongo;
  let nats: OwnNats;
  let bus: EventBus;
  let owner: Owner;
  let sandbox: Awaited<ReturnType<typeof startFakeSandbox>>;
  let system: ReturnType<typeof control>;
  const orders: string[] = [];

  beforeAll(async () => {
    [mongod, nats] = await Promise.all([startOwnMongo(), startOwnNats()]);
    bus = await EventBus.connect({ servers: nats.url, name: 'test' });
    owner = await Owner.start(bus, INSTANCE, ['productSpecification', 'productOffering', 'productOrder']);
    sandbox = await startFakeSandbox({ host: '127.0.0.1', port: 0, size: 3, latencyMs: 20 });
    system = control(sandbox.url);
  }, TIME_LIMIT);
  afterAll(async () => {
    await owner?.stop();
    await bus?.close();
    await sandbox?.close();
    await nats?.stop();
    await mongod?.stop();
  });

  const start = (): Promise<ConnectorChild> =>
    startFakeConnector({
      instance: INSTANCE,
      baseUrl: sandbox.url,
      mongodbUri: mongod.uri,
      natsUrl: nats.url,
      database: 'connector-shared',
    });

  const place = async (count: number): Promise<void> => {
    const placed = Array.from({ length: count }, async () => orders.push(await placeOrder(bus, INSTANCE)));
    await Promise.all(placed);
  };

  /** Orders that a process has handed over by its own count. */
  const handedBy = async ({ url }: ConnectorChild): Promise<number> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    const line =
      /^quotebridge_connector_actions_total\{[^}]*action="createOrder"[^}]*result="done"[^}]*\} (\d+)/m;
    return Number(line.exec(text)?.[1] ?? 0);
  };
  const made = async (): Promise<string[]> =>
    (await system.table('orders')).map((order: JsonObject) => String(order['externalId']));

  it(
    'both do some of it, and every order is there once',
    async () => {
      const [one, other] = [await start(), await start()];
      await eventually('something to order', () => owner.resources.has(orderedOffering(INSTANCE)), 60_000);
      await eventually(
        'both to hand orders over',
        async () => {
          await place(6);
          return (await handedBy(one)) > 0 && (await handedBy(other)) > 0;
        },
        60_000,
      );
      await place(60);
      const before = (await made()).length;
      await eventually('some of them', async () => (await made()).length > before, 60_000);
      await other.child.end('SIGKILL');
      await place(20);
      await eventually('every order', async () => new Set(await made()).size >= orders.length, 120_000);
      // A part whose process was killed comes back from its first open message: what was done stays done.
      expect([...(await made())].sort()).toEqual([...orders].sort());
      await eventually(
        'the number of every order',
        () => orders.every((id) => owner.resources.has(id)),
        60_000,
      );
      await one.child.end('SIGTERM');
    },
    TIME_LIMIT,
  );
});
