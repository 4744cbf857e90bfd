import { randomUUID } from 'node:crypto';
import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { loadSettings } from '@quotebridge/platform/config';
import { EventBus, TMF_EVENTS } from '@quotebridge/platform/events';
import { Store } from '@quotebridge/platform/store';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import request from 'supertest';
import { eventually } from './support/eventually';
import { Subscriber } from './support/subscriber';

interface Event {
  eventId: string;
  eventType: string;
  event: Record<string, { id: string; name: string; href: string }>;
}

const V4 = '/tmf-api/productCatalogManagement/v4';
const V5 = '/tmf-api/productCatalogManagement/v5';

const placesIn = async (bus: EventBus): Promise<string[]> => {
  const found = [];
  for await (const { name } of bus.streams.consumers.list(TMF_EVENTS)) found.push(name);
  return found;
};

describe('the hub', () => {
  const database = `hub-${randomUUID()}`;
  const start = () =>
    startComponent(
      productCatalog,
      loadSettings(productCatalogSettings, {
        ...process.env,
        AUTH: 'off',
        DATABASE: database,
        LOG_LEVEL: 'silent',
        OUTBOUND_ALLOW: 'loopback',
        HUB_PARK_AFTER: '2',
      }),
    );
  let catalog: RunningComponent;
  let subscriber: Subscriber<Event>;
  let callback: string;
  const api = () => request(catalog.url);
  const create = async (name: string): Promise<string> =>
    (await api().post(`${V4}/category`).send({ name }).expect(201)).body.id as string;

  beforeAll(async () => {
    catalog = await start();
    subscriber = new Subscriber();
    callback = await subscriber.listen();
  });
  afterAll(async () => {
    await catalog.close();
    await subscriber.close();
  });

  it('sends each version its own envelope and only the events that the query wants', async () => {
    const wanted = randomUUID();
    const v4 = await api()
      .post(`${V4}/hub`)
      .send({ callback, query: `eventType=CatalogCreateEvent&event.catalog.name=${wanted}` })
      .expect(201);
    const v5 = await api()
      .post(`${V5}/hub`)
      .send({
        '@type': 'Hub',
        callback,
        // A date and a text that look like numbers: their kinds decide how they are compared.
        query: `event.productCatalog.name=${wanted}&eventTime.gt=2026&event.productCatalog.version.gte=1`,
      })
      .expect(201);
    await api().get(`${V5}/hub/${v5.body.id}`).expect(200);
    await api().post(`${V4}/catalog`).send({ name: 'another' }).expect(201);
    await api().post(`${V4}/catalog`).send({ name: wanted, version: '2' }).expect(201);
    await eventually('two notifications', () => subscriber.got.length >= 2);
    const types = subscriber.got.map((event) => event.eventType).sort();
    expect(types).toEqual(['CatalogCreateEvent', 'ProductCatalogCreateEvent']);
    const inV4 = subscriber.got.find((event) => event.eventType === 'CatalogCreateEvent');
    expect(inV4?.event['catalog']?.href).toContain('/v4/catalog/');
    await api().delete(`${V4}/hub/${v4.body.id}`).expect(204);
    await api().delete(`${V5}/hub/${v5.body.id}`).expect(204);
    await api().get(`${V5}/hub/${v5.body.id}`).expect(404);
  });

  it('parks a subscriber that keeps failing, shows it, and loses nothing over restart and resume', async () => {
    subscriber.got.length = 0;
    subscriber.status = 500;
    const hub = await api()
      .post(`${V5}/hub`)
      .send({ '@type': 'Hub', callback, query: 'eventType=CategoryCreateEvent' })
      .expect(201);
    const ids = [await create('one'), await create('two')];
    const parked = async () =>
      (await api().get('/operations/hub?state=parked').expect(200)).body as {
        id: string;
        lastError: string;
      }[];
    await eventually('the subscriber to be parked', async () =>
      (await parked()).some(({ id }) => id === hub.body.id),
    );
    expect((await parked())[0]?.lastError).toContain('500');
    ids.push(await create('three'));
    await catalog.close();
    catalog = await start();
    subscriber.status = 201;
    await api().post(`/operations/hub/${hub.body.id}/resume`).expect(200);
    await eventually(
      'all three',
      () => new Set(subscriber.got.map((event) => event.event['category']?.id)).size === 3,
    );
    expect(new Set(subscriber.got.map((event) => event.event['category']?.id))).toEqual(new Set(ids));
  });

  it('takes one subscription for many requests with one Idempotency-Key', async () => {
    const key = randomUUID();
    const subscribe = (query: string) =>
      api().post(`${V5}/hub`).set('Idempotency-Key', key).send({ '@type': 'Hub', callback, query });
    const query = 'eventType=CategoryDeleteEvent';
    const before = ((await api().get(`${V5}/hub`)).body as unknown[]).length;
    const answers = await Promise.all(Array.from({ length: 5 }, () => subscribe(query)));
    answers.push(await subscribe(query));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(201));
    expect(new Set(answers.map(({ headers }) => headers['location'])).size).toBe(1);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect((await api().get(`${V5}/hub`)).body).toHaveLength(before + 1);
    await subscribe('eventType=CategoryCreateEvent').expect(409);
    await api().delete(`${V5}/hub/${answers[0]?.body.id}`).expect(204);
  });

  it('leaves nothing of a subscription that has ended: no place in the stream, nothing stored', async () => {
    const settings = loadSettings(productCatalogSettings, { ...process.env, DATABASE: database });
    const bus = await EventBus.connect({ servers: settings.natsUrl, name: 'hub-test' });
    const store = await Store.connect({ uri: settings.mongodbUri, database, appName: 'hub-test' });
    const stored = store.collection<{ _id: string }>('hub_subscriptions');
    const hub = await api().post(`${V5}/hub`).send({ '@type': 'Hub', callback }).expect(201);
    const id = String(hub.body.id);
    expect(await placesIn(bus)).toContain(`hub-${id}`);
    await api().delete(`${V5}/hub/${id}`).expect(204);
    await api().delete(`${V5}/hub/${id}`).expect(404);
    await api().post(`/operations/hub/${id}/resume`).expect(404);
    await eventually('the subscription to be gone', async () => (await stored.findOne({ _id: id })) === null);
    expect(await placesIn(bus)).not.toContain(`hub-${id}`);
    await Promise.all([bus.close(), store.close()]);
  });

  it('refuses a callback that the outbound policy forbids and a query that cannot be read', async () => {
    const refused = await api()
      .post(`${V5}/hub`)
      .send({ '@type': 'Hub', callback: 'http://169.254.169.254/latest' })
      .expect(400);
    expect(refused.body.details[0].path).toBe('/callback');
    await api().post(`${V5}/hub`).send({ '@type': 'Hub', callback, query: 'eventType.like=x' }).expect(400);
    const near = await api()
      .post(`${V5}/hub`)
      .send({ '@type': 'Hub', callback: 'http://192.168.1.7/listener' })
      .expect(400);
    expect(near.body.details[0].message).toBe('192.168.1.7 is a private address, which is not allowed');
    await api().get('/operations/hub?state=broken').expect(400);
  });

  it.each([
    [V4, 'ProductCatalogCreateEvent', 'CatalogCreateEvent'],
    [V5, 'CatalogCreateEvent', 'ProductCatalogCreateEvent'],
  ])(
    'refuses below %s the event type %s, which it does not have, and names those there are',
    async (base, type, there) => {
      const query = `eventType=CategoryCreateEvent,${type}`;
      const refused = await api().post(`${base}/hub`).send({ '@type': 'Hub', callback, query }).expect(400);
      expect(refused.body.details).toHaveLength(1);
      expect(refused.body.details[0]).toMatchObject({ path: '/query (eventType)', code: 'unknownEventType' });
      expect(refused.body.details[0].message).toContain(there);
      const listed = (await api().get(`${base}/hub`).expect(200)).body as { query: string }[];
      expect(listed.map((one) => one.query)).not.toContain(query);
    },
  );

  it('shows all subscriptions, and resumes them, when the broker has lost the place of one', async () => {
    const { natsUrl } = loadSettings(productCatalogSettings, { ...process.env, DATABASE: database });
    subscriber.status = 410;
    const hub = await api().post(`${V5}/hub`).send({ '@type': 'Hub', callback }).expect(201);
    await create('nobody wants it');
    const shown = async () => {
      const all = (await api().get('/operations/hub').expect(200)).body as { id: string; state: string }[];
      return all.find(({ id }) => id === hub.body.id);
    };
    await eventually('the subscriber to be parked', async () => (await shown())?.state === 'parked');
    subscriber.status = 201;
    const bus = await EventBus.connect({ servers: natsUrl, name: 'hub-test' });
    await bus.forget(TMF_EVENTS, `hub-${hub.body.id}`);
    await bus.close();
    expect(await shown()).not.toHaveProperty('waiting');
    await api().post(`/operations/hub/${hub.body.id}/resume`).expect(200);
    await eventually('its place to be made again', async () =>
      Object.hasOwn((await shown()) ?? {}, 'waiting'),
    );
    await api().delete(`${V5}/hub/${hub.body.id}`).expect(204);
  });

  it('takes no more subscriptions than it serves', async () => {
    const { mongodbUri: uri } = loadSettings(productCatalogSettings, { ...process.env, DATABASE: database });
    const store = await Store.connect({ uri, database, appName: 'hub-test' });
    const stored = store.collection<{ _id: string }>('hub_subscriptions');
    const many = Array.from({ length: 1_000 }, () => ({ _id: randomUUID(), state: 'parked' }));
    await stored.insertMany(many);
    const refused = await api().post(`${V5}/hub`).send({ '@type': 'Hub', callback }).expect(409);
    expect(refused.body.code).toBe('tooManySubscriptions');
    await stored.deleteMany({ _id: { $in: many.map(({ _id }) => _id) } });
    const taken = await api().post(`${V5}/hub`).send({ '@type': 'Hub', callback }).expect(201);
    await api().delete(`${V5}/hub/${taken.body.id}`).expect(204);
    await store.close();
  });
});
