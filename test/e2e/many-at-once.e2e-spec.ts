import { randomUUID } from 'node:crypto';
import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { loadSettings } from '@quotebridge/platform/config';
import { EventBus, type Running } from '@quotebridge/platform/events';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import request from 'supertest';
import { eventually, startNats, type TestNats } from './support';

const V4 = '/tmf-api/productCatalogManagement/v4';
const V5 = '/tmf-api/productCatalogManagement/v5';
const REPLICAS = 2;

interface Event {
  readonly eventType: string;
  readonly event: { readonly productOffering: { readonly id: string; readonly description?: string } };
}

describe('many requests at once, on two replicas', () => {
  let nats: TestNats;
  let replicas: RunningComponent[];
  let bus: EventBus;
  let following: Running;
  const events: Event[] = [];

  beforeAll(async () => {
    nats = await startNats();
    const settings = loadSettings(productCatalogSettings, {
      AUTH: 'off',
      DATABASE: `many-${randomUUID()}`,
      LOG_LEVEL: 'error',
      MONGODB_URI: process.env['MONGODB_URI'] ?? '',
      NATS_URL: nats.url,
    });
    replicas = [];
    for (let n = 0; n < REPLICAS; n += 1) replicas.push(await startComponent(productCatalog, settings));
    bus = await EventBus.connect({ servers: nats.url, name: 'test' });
    following = await bus.consume(
      {
        durable: 'many-at-once',
        stream: 'TMF_EVENTS',
        subjects: ['tmf.TMF620.productOffering.>'],
        concurrency: 64,
        maxAttempts: 3,
        backoffMs: [10],
        ackWaitMs: 10_000,
      },
      async (delivery) => {
        events.push(delivery.json() as Event);
      },
    );
  });
  afterAll(async () => {
    await following.stop();
    await bus.close();
    for (const replica of replicas) await replica.close();
    await nats.stop();
  });

  const on = (n: number) => request(replicas[n % REPLICAS]?.url ?? '');
  const offering = (more: object = {}) => ({
    '@type': 'ProductOffering',
    name: 'Seal',
    lifecycleStatus: 'In Study',
    lastUpdate: '2026-01-01T00:00:00Z',
    ...more,
  });
  const create = async (n: number, more: object = {}) =>
    (await on(n).post(`${V5}/productOffering`).send(offering(more)).expect(201)).body;
  const times = <T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, n) => make(n)));

  it('a new resource that is refused takes nobody with it', async () => {
    const category = (n: number) => ({
      '@type': 'Category',
      id: `category-${n % 20}`,
      name: `Category ${n}`,
    });
    const answers = await times(60, (n) => on(n).post(`${V5}/category`).send(category(n)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array(20).fill(201), ...Array(40).fill(409)]);
    for (const { body } of answers.filter(({ status }) => status === 201)) {
      const read = await on(1).get(`${V5}/category/${body.id}`).expect(200);
      expect(read.body.name).toBe(body.name);
    }
  });

  it('each reader gets what he asked for, in his version', async () => {
    const made = await times(10, (n) => create(n, { name: `Part ${n}` }));
    const answers = await times(60, async (n) => {
      const wanted = made[n % 10];
      const { status, body } = await on(n).get(
        `${n % 2 ? V4 : V5}/productOffering/${n % 7 ? wanted.id : 'nobody'}`,
      );
      return [status, body.name ?? body.status, n % 7 ? wanted.name : '404', n % 7 ? 200 : 404];
    });
    for (const [status, name, wantedName, wantedStatus] of answers)
      expect([status, name]).toEqual([wantedStatus, wantedName]);
  });

  it('equal lists that are asked together are the list', async () => {
    const query = 'productOffering?limit=5&name.regex=^Part&sort=name&fields=name';
    const answers = await times(30, (n) => on(n).get(`${n % 2 ? V4 : V5}/${query}`));
    const alone = await on(0).get(`${V5}/${query}`);
    for (const { body, headers } of answers) {
      expect(body.map(({ name }: { name: string }) => name)).toEqual(
        alone.body.map(({ name }: { name: string }) => name),
      );
      expect(headers['x-total-count']).toBe(alone.headers['x-total-count']);
    }
  });

  it('who has written reads what he wrote, alone and in lists, on every replica', async () => {
    await times(20, async (n) => {
      const { id } = await create(n);
      for (let turn = 1; turn <= 3; turn += 1) {
        const description = `turn ${turn}`;
        await on(turn).patch(`${V5}/productOffering/${id}`).send({ description }).expect(200);
        const [one, listed] = await Promise.all([
          on(turn + 1).get(`${V5}/productOffering/${id}`),
          on(turn + 1).get(`${V5}/productOffering?id=${id}`),
        ]);
        expect([one.body.description, listed.body[0].description]).toEqual([description, description]);
      }
    });
  });

  it('guarantee 2: the events of each arrive once and in order, whichever replica wrote', async () => {
    const ids = await times(40, async (n) => {
      const { id } = await create(n);
      for (let turn = 0; turn < 3; turn += 1)
        await on(n + turn)
          .patch(`${V5}/productOffering/${id}`)
          .send({ description: `turn ${turn}` })
          .expect(200);
      return id as string;
    });
    const wanted = ['created', 'turn 0', 'turn 1', 'turn 2'];
    const storyOf = (id: string): string[] =>
      events
        .map(({ event }) => event.productOffering)
        .filter((one) => one.id === id)
        .map(({ description = 'created' }) => description);
    await eventually('all events', () => ids.every((id) => storyOf(id).length >= wanted.length));
    for (const id of ids) expect(storyOf(id)).toEqual(wanted);
  });
});
