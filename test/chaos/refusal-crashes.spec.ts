import { setTimeout as sleep } from 'node:timers/promises';
import { mongoStores, type ConnectorStores } from '@quotebridge/connectors/sdk';
import { systemClock, type JsonObject } from '@quotebridge/platform/core';
import { EventBus, listDeadLetters, replayDeadLetter } from '@quotebridge/platform/events';
import { Store } from '@quotebridge/platform/store';
import { startFakeSandbox } from '@quotebridge/sandbox/fake';
import { Owner } from '../e2e/connectors/owner';
import { control } from '../e2e/connectors/sandbox-control';
import { eventually, startOwnMongo, startOwnNats, type OwnMongo, type OwnNats } from '../e2e/support';
import { orderedOffering, placeOrder, startFakeConnector } from './fake-connector';
import { randomFrom, seedOf } from './support';
import type { ConnectorChild } from './start-connector-process';

const KILLS = Number(process.env['CHAOS_KILLS'] ?? 3) * 2;
const TIME_LIMIT = 240_000 + KILLS * 30_000;
const PATIENCE_MS = 120_000;
const INSTANCE = 'fake-refused';
/** Beginning of the names that the owner of the parts refuses. */
const BAD = 'Bad';
const MOST_LETTERS = 10_000;

describe('what is refused while the connector is killed at any point', () => {
  const random = randomFrom(seedOf('what is refused while the connector is killed at any point'));
  let mongod: OwnMongo;
  let nats: OwnNats;
  let bus: EventBus;
  let store: Store;
  let stores: ConnectorStores;
  let owner: Owner;
  let sandbox: Awaited<ReturnType<typeof startFakeSandbox>>;
  let system: ReturnType<typeof control>;

  beforeAll(async () => {
    [mongod, nats] = await Promise.all([startOwnMongo(), startOwnNats()]);
    bus = await EventBus.connect({ servers: nats.url, name: 'test' });
    store = await Store.connect({ uri: mongod.uri, database: 'refused-chaos', appName: 'test' });
    stores = await mongoStores(store, INSTANCE, systemClock);
    owner = await Owner.start(bus, INSTANCE, ['productSpecification', 'productOffering', 'productOrder']);
    owner.judge = ({ resource }) =>
      String(resource['name']).startsWith(BAD)
        ? [{ path: '/name', message: 'is not liked', code: 'name' }]
        : [];
    sandbox = await startFakeSandbox({ host: '127.0.0.1', port: 0, size: 3, pageSize: 10, latencyMs: 10 });
    system = control(sandbox.url);
  }, TIME_LIMIT);
  afterAll(async () => {
    await owner?.stop();
    await bus?.close();
    await store?.close();
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
      database: 'refused-chaos',
    });
  const partsNow = async (): Promise<readonly (readonly [id: string, name: string])[]> =>
    (await system.table('parts'))
      .filter(({ deleted }) => deleted !== true)
      .map(({ id, name }) => [String(id), String(name)] as const);
  const published = (): Map<string, string> =>
    new Map(
      owner
        .ofType('ProductSpecification')
        .map(({ productNumber, name }) => [String(productNumber), String(name)]),
    );
  const quarantined = async (): Promise<Map<string, string>> => {
    const { items } = await stores.quarantine.list({ stream: 'parts', limit: 500 });
    const isTold = items.every(({ faults }) =>
      faults.some(({ path, message }) => path === '/name' && message === 'is not liked'),
    );
    if (!isTold) throw new Error(`an entry without its reason: ${JSON.stringify(items)}`);
    return new Map(items.map(({ externalId, record }) => [externalId, String(record['name'])]));
  };
  const ordersThere = async (): Promise<string[]> =>
    (await system.table('orders')).map(({ externalId }) => String(externalId)).sort();
  const lettersOf = async (orders: readonly string[]) =>
    (await listDeadLetters(bus, 0, MOST_LETTERS)).filter(({ payload }) =>
      orders.some((id) => payload.includes(id)),
    );

  it(
    'guarantee 8: is in the quarantine or the dead letters with its reason, and accepted once by a replay',
    async () => {
      const ids = (await system.table('parts')).map(({ id }) => String(id));
      const change = (id: string, fields: JsonObject): Promise<unknown> =>
        system.post('/__sandbox/change', { table: 'parts', id, ...fields });
      const orders: string[] = [];
      await system.fault({ name: 'refuseOrder', times: 'always' });
      for (const id of ids.filter((_, index) => index % 3 === 0))
        await change(id, { name: `${BAD} from the beginning` });
      for (let kill = 0; kill < KILLS; kill += 1) {
        const { child } = await start();
        for (let step = 0; step < 4; step += 1) {
          const id = ids[Math.floor(random() * ids.length)] ?? '';
          await change(id, { name: `${random() < 0.6 ? BAD : 'Good'} ${kill}.${step}` });
          if (owner.resources.has(orderedOffering(INSTANCE))) orders.push(await placeOrder(bus, INSTANCE));
          await sleep(random() * 600);
        }
        await child.end('SIGKILL');
      }
      const last = await start();
      await eventually(
        'the offer that is ordered',
        () => owner.resources.has(orderedOffering(INSTANCE)),
        PATIENCE_MS,
      );
      orders.push(await placeOrder(bus, INSTANCE));
      await eventually(
        'each part to be published, or in the quarantine as it is',
        async () => {
          const [parts, kept, there] = [await partsNow(), await quarantined(), published()];
          return parts.every(([id, name]) =>
            name.startsWith(BAD) ? kept.get(id) === name : there.get(id) === name && !kept.has(id),
          );
        },
        PATIENCE_MS,
      );
      await eventually(
        'each order to be a dead letter',
        async () => {
          const letters = await lettersOf(orders);
          return orders.every((id) =>
            letters.some(({ payload, reason }) => payload.includes(id) && reason.includes('ORDER_REFUSED')),
          );
        },
        PATIENCE_MS,
      );
      expect(await ordersThere()).toEqual([]);
      expect((await quarantined()).size).toBeGreaterThan(0);
      await last.child.end('SIGKILL');

      // The causes are removed; who replays is killed, too.
      owner.judge = () => [];
      await system.clear();
      const replay = (url: string, wait: boolean): Promise<Response> =>
        fetch(`${url}/quarantine/parts/replay?wait=${wait}`, { method: 'POST' });
      for (let kill = 0; kill < KILLS; kill += 1) {
        const { child, url } = await start();
        await replay(url, false);
        const [letter] = await lettersOf(orders);
        if (letter !== undefined) await replayDeadLetter(bus, letter.sequence);
        await sleep(random() * 400);
        await child.end('SIGKILL');
      }
      const { child, url } = await start();
      for (const { sequence } of await lettersOf(orders)) await replayDeadLetter(bus, sequence);
      await eventually(
        'the quarantine to be empty',
        async () => {
          // Skipped while the lease of the killed process lasts.
          await replay(url, true);
          return (await quarantined()).size === 0;
        },
        PATIENCE_MS,
      );
      const names = published();
      expect((await partsNow()).filter(([id, name]) => names.get(id) !== name)).toEqual([]);
      await eventually(
        'each order to be there',
        async () => new Set(await ordersThere()).size === orders.length,
        PATIENCE_MS,
      );
      expect(await ordersThere()).toEqual([...orders].sort());
      await child.end('SIGKILL');
    },
    TIME_LIMIT,
  );
});
