import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '@quotebridge/platform/core';
import { eventually } from '../e2e/support';
import type { Child } from '../e2e/support/child';
import { orderedOffering, placeOrder, startFakeSite, type FakeSite } from './fake-connector';
import { randomFrom, seedOf } from './support';

const KILLS = Number(process.env['CHAOS_KILLS'] ?? 3) * 2;
const TIME_LIMIT = 180_000 + KILLS * 30_000;
const INSTANCE = 'fake-chaos';

describe('a connector that is killed at any point', () => {
  const random = randomFrom(seedOf('a connector that is killed at any point'));
  let site: FakeSite;
  let stores: FakeSite['stores'];
  let owner: FakeSite['owner'];
  let bus: FakeSite['bus'];
  let system: FakeSite['system'];

  beforeAll(async () => {
    site = await startFakeSite(INSTANCE, { pageSize: 10, latencyMs: 10 });
    ({ stores, owner, bus, system } = site);
  }, TIME_LIMIT);
  afterAll(() => site?.stop());

  const start = async (): Promise<Child> => (await site.start()).child;

  const change = (table: string, id: string, fields: JsonObject): Promise<unknown> =>
    system.post('/__sandbox/change', { table, id, ...fields });

  /** Published names of one kind by external id. */
  const published = (type: string): Record<string, unknown> =>
    Object.fromEntries(
      owner
        .ofType(type)
        .map(
          ({ externalIdentifier, name }) => [(externalIdentifier as JsonObject[])[0]?.['id'], name] as const,
        )
        .sort(),
    );
  const wanted = async (table: string): Promise<Record<string, unknown>> =>
    Object.fromEntries(
      (await system.table(table))
        .filter(({ deleted }) => deleted !== true)
        .map(({ id, name }) => [id, name] as const)
        .sort(),
    );

  it(
    'guarantee 4 and guarantee 5: loads, deltas and orders go on without loss and without a double',
    async () => {
      const orders: string[] = [];
      const ids = (await system.table('parts')).map(({ id }) => String(id));
      const any = (): string => ids[Math.floor(random() * ids.length)] ?? '';
      const isOrderable = (): boolean => owner.resources.has(orderedOffering(INSTANCE));
      const killed = async (name: string): Promise<void> => {
        const connector = await start();
        for (let step = 0; step < 3; step += 1) {
          await change('parts', any(), { name: `Part ${name}.${step}`, deleted: random() < 0.3 });
          await change('offers', any(), { name: `Offer ${name}.${step}` });
          if (isOrderable()) orders.push(await placeOrder(bus, INSTANCE));
          await sleep(random() * 700);
        }
        await connector.end('SIGKILL');
      };
      for (let kill = 0; kill < KILLS; kill += 1) await killed(`load ${kill}`);
      const between = await start();
      await eventually('the load to come far enough for orders', isOrderable, 120_000);
      await between.end('SIGKILL');
      for (let kill = 0; kill < KILLS; kill += 1) await killed(`delta ${kill}`);
      const connector = await start();
      await eventually(
        'parts and offers to be as in the system',
        async () =>
          JSON.stringify([published('ProductSpecification'), published('ProductOffering')]) ===
          JSON.stringify([await wanted('parts'), await wanted('offers')]),
        120_000,
      );
      await eventually(
        'every order to be there',
        async () => {
          const there = new Set((await system.table('orders')).map(({ externalId }) => externalId));
          return orders.every((id) => there.has(id));
        },
        120_000,
      );
      const made = (await system.table('orders')).map(({ externalId }) => externalId);
      expect([...made].sort()).toEqual([...orders].sort());
      expect((await stores.quarantine.list({ limit: 10 })).items).toEqual([]);
      expect(orders.length).toBeGreaterThan(0);
      await connector.end('SIGKILL');
    },
    TIME_LIMIT,
  );
});
