import type { JsonObject } from '@quotebridge/platform/core';
import { eventually } from '../e2e/support';
import { orderedOffering, placeOrder, startFakeSite, type FakeSite } from './fake-connector';
import type { ConnectorChild } from './start-connector-process';

const INSTANCE = 'fake-shared';
const TIME_LIMIT = 240_000;

describe('guarantee 4, while two processes share the hand-over and one is killed', () => {
  let site: FakeSite;
  let bus: FakeSite['bus'];
  let owner: FakeSite['owner'];
  let system: FakeSite['system'];
  const orders: string[] = [];

  beforeAll(async () => {
    site = await startFakeSite(INSTANCE, { latencyMs: 20 });
    ({ bus, owner, system } = site);
  }, TIME_LIMIT);
  afterAll(() => site?.stop());

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
      const [one, other] = [await site.start(), await site.start()];
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
