import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, type Child } from '../e2e/support/child';
import { eventually } from '../e2e/support';
import { discrepancies, Load, type Acknowledged } from './load';
import {
  call,
  pause,
  randomFrom,
  readiness,
  relayed,
  seedOf,
  startWorld,
  streamedEvents,
  V4,
  type World,
} from './support';

/** Kills of the component in a row; more of them for a long soak. */
const KILLS = Number(process.env['CHAOS_KILLS'] ?? 3);
/** A start takes a second, or twenty on a machine that does many things at once. */
const TIME_LIMIT = 120_000 + KILLS * 30_000;

/** Changes that were acknowledged before a load may end. */
const ENOUGH = 20;

const ROOT = path.resolve(__dirname, '../..');

/** The consumer of applier.ts in a process of its own. */
const startApplier = async (world: World): Promise<Child> => {
  const register = path.join(ROOT, 'test/support/ts-register.cjs');
  const main = path.join(__dirname, 'applier.ts');
  const args = ['-r', register, main, world.mongod.uri, world.nats.url, world.database];
  const child = startChild(process.execPath, args, process.env, ROOT);
  await eventually(
    'the consumer to be ready',
    () => {
      if (child.isOver()) throw new Error(child.lines.slice(-10).join('\n'));
      return child.lines.some((line) => line.startsWith('{"ready"'));
    },
    60_000,
  );
  return child;
};

/** What the catalog logged about an answer, found by its error id. */
const causeOf = (world: World, answer: string): string => {
  const id = /"errorId":"([^"]+)"/.exec(answer)?.[1] ?? answer;
  return world.catalog.lines().find((line) => line.includes(id)) ?? 'the log says nothing about it';
};

describe('crashes under load', () => {
  const seed = seedOf('crashes under load');
  const random = randomFrom(seed);
  const acknowledged: Acknowledged[] = [];
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  /** Waits for so many changes that there is something to compare, however slow the machine is. */
  const enough = (load: Load): Promise<unknown> =>
    eventually(`${ENOUGH} changes`, () => load.acknowledged.length > ENOUGH);

  /** Runs clients while `harm` does its worst, then compares all that is stored with all events there ever were. */
  const surviving = async (harm: (load: Load) => Promise<void>): Promise<void> => {
    const load = new Load(world.catalog.url, random);
    await harm(load);
    await readiness(world.catalog.url, 200);
    await enough(load);
    await load.stop();
    await relayed(world);
    acknowledged.push(...load.acknowledged);
    const events = await streamedEvents(world.nats.url);
    const documents = await world.db.collection('category').find().toArray();
    expect(discrepancies(documents as unknown as Record<string, unknown>[], events, acknowledged)).toEqual(
      [],
    );
    const listed = await fetch(`${world.catalog.url}${V4}/category?limit=1`);
    expect(listed.headers.get('x-total-count')).toBe(String(documents.length));
    expect(load.odd.map((answer) => `${answer}\n${causeOf(world, answer)}`)).toEqual([]);
  };

  it(
    'guarantee 1: no state change without its event, no event without its change, however often the component is killed',
    async () => {
      await surviving(async () => {
        for (let kills = 0; kills < KILLS; kills += 1) {
          await pause(random, 100, 900);
          await world.catalog.kill();
          await world.catalog.restart();
        }
      });
    },
    TIME_LIMIT,
  );

  it(
    'guarantee 1: nothing acknowledged is lost when NATS is killed; readiness says so and recovers',
    async () => {
      await surviving(async (load) => {
        await pause(random, 200, 800);
        await world.nats.kill();
        await readiness(world.catalog.url, 503);
        expect((await call(`${world.catalog.url}/health/live`))?.status).toBe(200);
        // Changes go on meanwhile: their events wait in the documents.
        const before = load.acknowledged.length;
        await eventually('further changes', () => load.acknowledged.length > before);
        await pause(random, 200, 1_500);
        await world.nats.restart();
        await readiness(world.catalog.url, 200);
      });
    },
    TIME_LIMIT,
  );

  it(
    'guarantee 1: nothing acknowledged is lost when MongoDB is killed; readiness says so and recovers',
    async () => {
      await surviving(async () => {
        await pause(random, 200, 800);
        await world.mongod.kill();
        await readiness(world.catalog.url, 503);
        const refused = await call(`${world.catalog.url}${V4}/category`);
        expect(refused?.status).toBe(503);
        expect(refused?.body).toMatchObject({ code: 'unavailable', errorId: expect.any(String) });
        await world.mongod.restart();
        await readiness(world.catalog.url, 200);
      });
    },
    TIME_LIMIT,
  );

  it(
    'guarantee 1: component, NATS and MongoDB killed at the same moment lose nothing',
    async () => {
      await surviving(async () => {
        await pause(random, 300, 900);
        await Promise.all([world.catalog.kill(), world.nats.kill(), world.mongod.kill()]);
        await Promise.all([world.nats.restart(), world.mongod.restart()]);
        await world.catalog.restart();
      });
    },
    TIME_LIMIT,
  );

  it(
    'guarantee 2: a consumer that is killed again and again applies each event once and in order',
    async () => {
      let applier = await startApplier(world);
      const earlier = new Set((await streamedEvents(world.nats.url)).map(({ eventId }) => eventId));
      const load = new Load(world.catalog.url, random, 4);
      for (let kills = 0; kills < KILLS; kills += 1) {
        // After a crash it first waits until what its predecessor had in work lapses.
        await pause(random, 1_200, 2_200);
        await applier.end('SIGKILL');
        applier = await startApplier(world);
      }
      await enough(load);
      await load.stop();
      await relayed(world);
      const events = (await streamedEvents(world.nats.url)).filter(({ eventId }) => !earlier.has(eventId));
      expect(events.length).toBeGreaterThan(ENOUGH);
      const expected = new Map<string, string[]>();
      for (const { id, eventId } of events) expected.set(id, [...(expected.get(id) ?? []), eventId]);
      const applied = world.db.collection<{ _id: string; events: string[] }>('applied');
      const appliedNow = async (): Promise<Map<string, string[]>> =>
        new Map((await applied.find().toArray()).map((one) => [one._id, one.events]));
      await eventually(
        'all events to be applied',
        async () => [...(await appliedNow()).values()].flat().length >= events.length,
        60_000,
      ).catch(async (thrown: unknown) => {
        const done = [...(await appliedNow()).values()].flat().length;
        const said = applier.lines.slice(-10).join('\n');
        throw new Error(`${done} of ${events.length} events are applied. The consumer says:\n${said}`, {
          cause: thrown,
        });
      });
      // Whatever is applied twice would be so by now.
      await sleep(1_200);
      expect(await appliedNow()).toEqual(expected);
      await applier.end('SIGKILL');
    },
    TIME_LIMIT,
  );
});
