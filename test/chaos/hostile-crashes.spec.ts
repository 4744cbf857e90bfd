import { eventually } from '../e2e/support';
import { BAD_REQUESTS, HostileLoad, MARK } from './hostile-load';
import { discrepancies, Load } from './load';
import { call, pause, randomFrom, readiness, relayed, seedOf, startWorld, streamedEvents } from './support';
import type { World } from './support';

/** Kills of the component in a row; more of them for a long soak. */
const KILLS = Number(process.env['CHAOS_KILLS'] ?? 3);
const TIME_LIMIT = 120_000 + KILLS * 30_000;

describe('bad input while the component is killed', () => {
  const random = randomFrom(seedOf('bad input while the component is killed'));
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  /** Names of the collections that hold something of what was refused. */
  const stained = async (): Promise<string[]> => {
    const found: string[] = [];
    for (const collection of await world.db.collections()) {
      const all = await collection.find().toArray();
      if (JSON.stringify(all).includes(MARK)) found.push(collection.collectionName);
    }
    return found;
  };

  it(
    'guarantee 7: is refused with an error id of its own and leaves no trace beside what others change at the same time',
    async () => {
      const load = new Load(world.catalog.url, random);
      const hostile = new HostileLoad(world.catalog.url, random, () => load.acknowledged.at(-1)?.id ?? MARK);
      try {
        for (let kills = 0; kills < KILLS; kills += 1) {
          await pause(random, 300, 1_200);
          // Only the test ends it.
          expect((await call(`${world.catalog.url}/health/live`))?.status).toBe(200);
          await world.catalog.kill();
          await world.catalog.restart();
        }
        await readiness(world.catalog.url, 200);
        const kinds = Object.keys(BAD_REQUESTS).length;
        await eventually('each kind to be refused', () => hostile.refused.size === kinds);
        await eventually('changes', () => load.acknowledged.length > 20);
      } finally {
        await Promise.all([hostile.stop(), load.stop()]);
      }
      await relayed(world);

      expect(hostile.odd).toEqual([]);
      expect(new Set(hostile.errorIds).size).toBe(hostile.errorIds.length);

      const events = await streamedEvents(world.nats.url);
      const documents = await world.db.collection('category').find().toArray();
      expect(await stained()).toEqual([]);
      expect(events.filter((event) => JSON.stringify(event).includes(MARK))).toEqual([]);
      expect(
        discrepancies(documents as unknown as Record<string, unknown>[], events, load.acknowledged),
      ).toEqual([]);
      expect(load.odd).toEqual([]);
    },
    TIME_LIMIT,
  );
});
