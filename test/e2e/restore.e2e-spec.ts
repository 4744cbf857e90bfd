import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import request from 'supertest';
import { historyFaults, settledResources } from '../cluster/support/history';
import {
  envelopesInStream,
  eventually,
  startOwnMongo,
  startOwnNats,
  type OwnMongo,
  type OwnNats,
} from './support';
import { acceptQuote, makeOffer } from './support/ordering-steps';
import {
  DATABASES,
  everythingIn,
  makeKey,
  startListener,
  startRestorable,
  waitingEvents,
  type Listener,
  type RestorableSuite,
} from './support/restorable-suite';

const INDIVIDUAL = '/tmf-api/partyManagement/v5/individual';
const ORDERS = '/tmf-api/productOrderingManagement/v5/productOrder';
const WITHIN = 60_000;
const ALL = [...DATABASES, 'quotebridge-access'];

const person = (email: string) => ({
  '@type': 'Individual',
  givenName: 'Anna',
  familyName: 'Weber',
  contactMedium: [{ '@type': 'EmailContactMedium', emailAddress: email }],
});

describe('a suite that is restored from a snapshot of MongoDB, on an empty NATS', () => {
  const fieldKeys = `k1:${randomBytes(32).toString('base64')}`;
  const repeated = randomUUID();
  let folder: string;
  let mongod: OwnMongo;
  let nats: OwnNats;
  let suite: RestorableSuite;
  let listener: Listener;
  let headers: Record<string, string>;
  /** What was told before the snapshot, and what waited in it. */
  let told: Record<string, unknown>[];
  let waiting: string[];
  let stored: Record<string, object>;
  let restored: Record<string, object>;
  const ids = { ordered: '', accepted: '', before: '', waits: '', deleted: '', after: '' };

  const start = (catalogKey: string): Promise<RestorableSuite> =>
    startRestorable({ mongodbUri: mongod.uri, natsUrl: nats.url, fieldKeys, catalogKey });
  const create = async (email: string, key = randomUUID()): Promise<string> => {
    const sent = request(suite.customers.url)
      .post(INDIVIDUAL)
      .set({ ...headers, 'Idempotency-Key': key });
    return (await sent.send(person(email)).expect(201)).body.id as string;
  };
  const ordersOf = async (quote: string): Promise<object[]> =>
    (await request(suite.orders.url).get(ORDERS).query({ 'quote.id': quote }).set(headers).expect(200))
      .body as object[];
  const untilOrdered = (quote: string): Promise<true> =>
    eventually('the order of the quote', async () => (await ordersOf(quote)).length > 0 || undefined, WITHIN);

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'quotebridge-snapshot-'));
    [mongod, nats, listener] = await Promise.all([startOwnMongo(), startOwnNats(), startListener()]);
    headers = { 'x-api-key': await makeKey(mongod.uri, 'admin') };
    const catalogKey = await makeKey(mongod.uri, 'reader');
    suite = await start(catalogKey);
    await request(suite.customers.url)
      .post('/tmf-api/partyManagement/v5/hub')
      .set(headers)
      .send({ '@type': 'Hub', callback: listener.url })
      .expect(201);
    const offering = await makeOffer({ url: suite.catalog.url, headers }, 'Pump', 100);
    ids.ordered = await acceptQuote({ url: suite.quotes.url, headers }, offering);
    ids.before = await create('before@geheim.example', repeated);
    ids.deleted = await create('deleted@geheim.example');
    await untilOrdered(ids.ordered);
    await settledResources(await mongod.client(), DATABASES, WITHIN);
    await eventually('the subscriber to have both', () => listener.got.length === 2, WITHIN);
    told = await envelopesInStream({ servers: nats.url });

    await nats.kill();
    ids.accepted = await acceptQuote({ url: suite.quotes.url, headers }, offering);
    ids.waits = await create('waits@geheim.example');
    await request(suite.customers.url).delete(`${INDIVIDUAL}/${ids.deleted}`).set(headers).expect(204);
    stored = await everythingIn(await mongod.client(), ALL);
    await mongod.snapshot(folder);
    ids.after = await create('after@geheim.example');

    // Everything is lost but the snapshot, the keys of fields and the keys of clients.
    await suite.close();
    await Promise.all([mongod.stop(), nats.stop()]);
    [mongod, nats] = await Promise.all([startOwnMongo(folder), startOwnNats()]);
    restored = await everythingIn(await mongod.client(), ALL);
    waiting = await waitingEvents(await mongod.client(), DATABASES);
    suite = await start(catalogKey);
  }, 300_000);
  afterAll(async () => {
    await suite?.close();
    await listener?.close();
    await nats?.stop();
    await mongod?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has every document and every index of the moment of the snapshot, and nothing of later', async () => {
    expect(Object.keys(restored).length).toBeGreaterThan(10);
    expect(restored).toEqual(stored);
    await request(suite.customers.url).get(`${INDIVIDUAL}/${ids.after}`).set(headers).expect(404);
  });

  it('lets in the API keys of before and nobody else', async () => {
    await request(suite.quotes.url).get('/tmf-api/quoteManagement/v5/quote').set(headers).expect(200);
    await request(suite.quotes.url)
      .get('/tmf-api/quoteManagement/v5/quote')
      .set('x-api-key', `qb_0123456789012345_${'a'.repeat(43)}`)
      .expect(401);
  });

  it('reads with the keys of then what is encrypted, and finds it', async () => {
    const query = { 'contactMedium.emailAddress': 'waits@geheim.example' };
    const { body } = await request(suite.customers.url).get(INDIVIDUAL).query(query).set(headers).expect(200);
    expect(body).toMatchObject([{ id: ids.waits, ...person('waits@geheim.example') }]);
    const { body: one } = await request(suite.customers.url)
      .get(`${INDIVIDUAL}/${ids.before}`)
      .set(headers)
      .expect(200);
    expect(one).toMatchObject(person('before@geheim.example'));
    expect(JSON.stringify(restored)).not.toContain('geheim.example');
  });

  it('answers a repeat of a request from before the snapshot as it did then, and makes nothing', async () => {
    expect(await create('before@geheim.example', repeated)).toBe(ids.before);
    const other = request(suite.customers.url)
      .post(INDIVIDUAL)
      .set({ ...headers, 'Idempotency-Key': repeated })
      .send(person('other@geheim.example'));
    expect((await other.expect(409)).body).toMatchObject({ code: 'idempotencyKeyReused' });
  });

  it('tells what waited in the snapshot and nothing else, makes the order that was due once, and goes on', async () => {
    await untilOrdered(ids.accepted);
    const next = await create('next@geheim.example');
    const resources = await settledResources(await mongod.client(), DATABASES, WITHIN);
    const now = await envelopesInStream({ servers: nats.url });
    // Each write of each resource is told once, over both brokers.
    expect(historyFaults(resources, [...told, ...now])).toEqual([]);
    const idsOf = (envelopes: readonly Record<string, unknown>[]): string[] =>
      envelopes.map(({ eventId }) => String(eventId));
    expect(new Set(idsOf([...told, ...now])).size).toBe(told.length + now.length);
    expect(waiting.length).toBeGreaterThan(3);
    expect(idsOf(now)).toEqual(expect.arrayContaining(waiting));
    for (const quote of [ids.ordered, ids.accepted]) expect(await ordersOf(quote)).toHaveLength(1);

    // Two of before; what waited: one that was made, one that was deleted; one of now.
    await eventually('the subscriber to have all', () => listener.got.length >= 5, WITHIN);
    expect(new Set(listener.got).size).toBe(5);
    const ofNext = now.find(({ event }) => JSON.stringify(event).includes(next));
    expect(listener.got).toContain(ofNext?.['eventId']);
  });
});
