import { setTimeout as sleep } from 'node:timers/promises';
import {
  call,
  pause,
  randomFrom,
  relayed,
  seedOf,
  startWorld,
  streamedEvents,
  V4,
  type World,
} from './support';

const CLIENTS = 8;

describe('concurrent writers', () => {
  const random = randomFrom(seedOf('concurrent writers'));
  let world: World;
  const at = (id: string): string => `${world.catalog.url}${V4}/category/${id}`;
  const create = async (): Promise<string> => {
    const made = await call(`${world.catalog.url}${V4}/category`, 'POST', {
      name: 'shared',
      description: '0',
    });
    expect(made?.status).toBe(201);
    return String(made?.body['id']);
  };
  const each = (work: (client: number) => Promise<void>): Promise<unknown> =>
    Promise.all(Array.from({ length: CLIENTS }, (_, client) => work(client)));
  const eventsOf = async (id: string) => {
    await relayed(world);
    return (await streamedEvents(world.nats.url)).filter((event) => event.id === id);
  };

  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  it('guarantee 3: with If-Match every increment counts and a stale one is refused with 412', async () => {
    const id = await create();
    let increments = 0;
    let stale = 0;
    await each(async () => {
      for (let done = 0, tries = 0; done < 10 && tries < 500; tries += 1) {
        const read = await call(at(id));
        const next = String(Number(read?.body['description']) + 1);
        const headers = { 'if-match': read?.headers.get('etag') ?? '' };
        const changed = await call(at(id), 'PATCH', { description: next }, headers);
        if (changed?.status === 412) stale += 1;
        else expect(changed?.status).toBe(200);
        if (changed?.status === 200) {
          increments += 1;
          done += 1;
        }
      }
    });
    expect(increments).toBe(CLIENTS * 10);
    expect(stale).toBeGreaterThan(0);
    expect((await call(at(id)))?.body['description']).toBe(String(increments));
    const steps = (await eventsOf(id)).map(({ category }) => Number(category['description']));
    expect(steps).toEqual(Array.from({ length: increments + 1 }, (_, n) => n));
  });

  it('guarantee 3: no increment is lost or made twice while the component is killed again and again', async () => {
    const id = await create();
    const acknowledged: number[] = [];
    const odd: unknown[] = [];
    let isOver = false;
    const clients = each(async () => {
      while (!isOver) {
        const read = await call(at(id));
        const next = Number(read?.body['description']) + 1;
        const headers = { 'if-match': read?.headers.get('etag') ?? '' };
        const changed =
          read?.status === 200
            ? await call(at(id), 'PATCH', { description: String(next) }, headers)
            : undefined;
        if (changed?.status === 200) acknowledged.push(next);
        else if (changed === undefined || changed.status === 503) await sleep(50);
        else if (changed.status !== 412) odd.push(changed.body);
      }
    });
    for (let kills = 0; kills < 3; kills += 1) {
      await pause(random, 200, 900);
      await world.catalog.kill();
      await world.catalog.restart();
    }
    await pause(random, 200, 400);
    isOver = true;
    await clients;
    expect(odd).toEqual([]);
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
    const final = Number((await call(at(id)))?.body['description']);
    expect(final).toBeGreaterThanOrEqual(Math.max(...acknowledged));
    const steps = (await eventsOf(id)).map(({ category }) => Number(category['description']));
    expect(steps).toEqual(Array.from({ length: final + 1 }, (_, n) => n));
  }, 240_000);

  it('guarantee 3: without If-Match writers of different attributes keep what the others wrote', async () => {
    const id = await create();
    let changes = 0;
    await each(async (client) => {
      for (let n = 1, tries = 0; n <= 10 && tries < 500; tries += 1) {
        const changed = await call(at(id), 'PATCH', { [`own${client}`]: n });
        // Ten changes by others in the time of one: refused with the advice to try again, never lost.
        expect([200, 409]).toContain(changed?.status);
        if (changed?.status !== 200) continue;
        expect(changed.body[`own${client}`]).toBe(n);
        changes += 1;
        n += 1;
      }
    });
    const final = (await call(at(id)))?.body;
    for (let client = 0; client < CLIENTS; client += 1) expect(final?.[`own${client}`]).toBe(10);
    expect(await eventsOf(id)).toHaveLength(changes + 1);
  });

  it('guarantee 3: without If-Match nobody overwrites a value that he has not seen: 409 or in turn', async () => {
    const id = await create();
    const accepted: string[] = [];
    await each(async (client) => {
      for (let n = 0; n < 10; n += 1) {
        const description = `${client}.${n}.${Math.floor(random() * 1_000)}`;
        const changed = await call(at(id), 'PATCH', { description });
        expect([200, 409]).toContain(changed?.status);
        if (changed?.status === 200) accepted.push(description);
      }
    });
    const steps = (await eventsOf(id)).map(({ category }) => String(category['description']));
    expect(steps[0]).toBe('0');
    expect([...steps.slice(1)].sort()).toEqual([...accepted].sort());
    expect((await call(at(id)))?.body['description']).toBe(steps.at(-1));
    expect(await world.db.collection('category').findOne({ _id: id as never })).toMatchObject({
      _rev: steps.length,
    });
  });

  it('guarantee 3: of many that delete or create the same thing one does, and one event tells of it', async () => {
    const id = await create();
    const deletes: (number | undefined)[] = [];
    await each(async () => {
      deletes.push((await call(at(id), 'DELETE'))?.status);
    });
    expect(deletes.filter((status) => status === 204)).toHaveLength(1);
    expect(deletes.filter((status) => status !== 204 && status !== 404 && status !== 409)).toEqual([]);
    expect((await eventsOf(id)).map(({ eventType }) => eventType)).toEqual([
      'CategoryCreateEvent',
      'CategoryDeleteEvent',
    ]);

    const key = { 'idempotency-key': `k-${id}` };
    const created: string[] = [];
    await each(async () => {
      const made = await call(`${world.catalog.url}${V4}/category`, 'POST', { name: 'once' }, key);
      expect([201, 409]).toContain(made?.status);
      if (made?.status === 201) created.push(String(made.body['id']));
    });
    expect(new Set(created).size).toBe(1);
    expect(await world.db.collection('category').countDocuments({ name: 'once' })).toBe(1);
    expect(await eventsOf(created[0] ?? '')).toHaveLength(1);
  });
});
