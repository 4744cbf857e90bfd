import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '@quotebridge/platform/core';
import { listDeadLetters, replayDeadLetter } from '@quotebridge/platform/events';
import { eventually } from '../e2e/support';
import { orderedOffering, placeOrder, startFakeSite, type FakeSite } from './fake-connector';
import { randomFrom, seedOf } from './support';

const KILLS = Number(process.env['CHAOS_KILLS'] ?? 3) * 2;
const TIME_LIMIT = 240_000 + KILLS * 30_000;
const PATIENCE_MS = 120_000;
const INSTANCE = 'fake-refused';
/** Beginning of the names that the owner of the parts refuses. */
const BAD = 'Bad';
const MOST_LETTERS = 10_000;

describe('what is refused while the connector is killed at any point', () => {
  const random = randomFrom(seedOf('what is refused while the connector is killed at any point'));
  let site: FakeSite;
  let bus: FakeSite['bus'];
  let stores: FakeSite['stores'];
  let owner: FakeSite['owner'];
  let system: FakeSite['system'];

  beforeAll(async () => {
    site = await startFakeSite(INSTANCE, { pageSize: 10, latencyMs: 10 });
    ({ bus, stores, owner, system } = site);
    owner.judge = ({ resource }) =>
      String(resource['name']).startsWith(BAD)
        ? [{ path: '/name', message: 'is not liked', code: 'name' }]
        : [];
  }, TIME_LIMIT);
  afterAll(() => site?.stop());

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
        const { child } = await site.start();
        for (let step = 0; step < 4; step += 1) {
          const id = ids[Math.floor(random() * ids.length)] ?? '';
          await change(id, { name: `${random() < 0.6 ? BAD : 'Good'} ${kill}.${step}` });
          if (owner.resources.has(orderedOffering(INSTANCE))) orders.push(await placeOrder(bus, INSTANCE));
          await sleep(random() * 600);
        }
        await child.end('SIGKILL');
      }
      const last = await site.start();
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
        const { child, url } = await site.start();
        await replay(url, false);
        const [letter] = await lettersOf(orders);
        if (letter !== undefined) await replayDeadLetter(bus, letter.sequence);
        await sleep(random() * 400);
        await child.end('SIGKILL');
      }
      const { child, url } = await site.start();
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
