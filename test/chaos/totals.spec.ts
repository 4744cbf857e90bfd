import { setTimeout as sleep } from 'node:timers/promises';
import { Load } from './load';
import { call, pause, randomFrom, readiness, seedOf, startWorld, V4, type World } from './support';

const ROUNDS = 4;

describe('totals of lists after MongoDB was killed under load', () => {
  const random = randomFrom(seedOf('totals'));
  /** By how much the number that the server keeps was off, round by round. */
  const drifts: number[] = [];
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(async () => {
    process.stdout.write(`the server's own number of documents was off by ${drifts.join(', ')}\n`);
    await world?.stop();
  });

  const category = () => world.db.collection('category');
  const total = async (): Promise<number> => {
    const listed = await call(`${world.catalog.url}${V4}/category?limit=1`);
    return Number(listed?.headers.get('x-total-count'));
  };

  it('are the number of documents, while they are learnt and later', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const load = new Load(world.catalog.url, random);
      await pause(random, 300, 900);
      // The number is put on the disk now; what the crash recovery repeats after that may count twice.
      await (await world.mongod.client()).db('admin').command({ fsync: 1 });
      await pause(random, 20, 200);
      await world.mongod.kill();
      await world.mongod.restart();
      await readiness(world.catalog.url, 200);
      for (let asked = 0; asked < 5; asked += 1) await total();
      await load.stop();
      const documents = await category().countDocuments({});
      drifts.push((await category().estimatedDocumentCount()) - documents);
      const totals: number[] = [];
      for (let asked = 0; asked < 10; asked += 1) {
        totals.push(await total());
        await sleep(50);
      }
      expect(new Set(totals)).toEqual(new Set([documents]));
      const made = await call(`${world.catalog.url}${V4}/category`, 'POST', { name: 'one more' });
      expect(made?.status).toBe(201);
      expect(await total()).toBe(documents + 1);
    }
  }, 240_000);
});
