import { randomBytes, randomUUID } from 'node:crypto';
import { customerComponent, customerSettings } from '@quotebridge/components/customer';
import { loadSettings } from '@quotebridge/platform/config';
import { EventBus } from '@quotebridge/platform/events';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import request from 'supertest';
import { eventually, startMongo, startOwnNats, type OwnNats, type TestMongo } from './support';

const LONG_MS = 60_000;
const V5 = '/tmf-api/partyManagement/v5/individual';
const V4 = '/tmf-api/party/v4/individual';
const key = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;

describe('personal data in the store', () => {
  const [first, second] = [key('k1'), key('k2')];
  let mongo: TestMongo;
  let nats: OwnNats;
  let database: string;
  let component: RunningComponent;
  const api = () => request(component.url);
  const start = (keys: string): Promise<RunningComponent> =>
    startComponent(
      customerComponent,
      loadSettings(customerSettings, {
        AUTH: 'off',
        LOG_LEVEL: 'silent',
        RATE_LIMIT_PER_MINUTE: '0',
        DATABASE: database,
        MONGODB_URI: mongo.uri,
        NATS_URL: nats.url,
        FIELD_KEYS: keys,
      }),
    );
  const person = (email: string) => ({
    '@type': 'Individual',
    givenName: 'Anna',
    familyName: 'Weber',
    birthDate: '1990-05-17T00:00:00.000Z',
    contactMedium: [
      { '@type': 'EmailContactMedium', emailAddress: email },
      { '@type': 'GeographicAddressContactMedium', street1: 'Geheimweg 7', city: 'Bremen' },
    ],
  });
  const create = async (email: string): Promise<string> => {
    const { body } = await api().post(V5).send(person(email)).expect(201);
    return (body as { id: string }).id;
  };
  /** Everything in the store, as text; sealed values are bytes there. */
  const everything = async (): Promise<string> => {
    const db = (await mongo.client()).db(database);
    const texts: string[] = [];
    for (const { name } of await db.listCollections().toArray())
      for await (const document of db.collection(name).find()) {
        const { Binary } = (await import('mongoose')).mongo;
        texts.push(
          JSON.stringify(document, (_, value: unknown) =>
            value instanceof Binary || (typeof value === 'object' && value !== null && '_bsontype' in value)
              ? 'sealed'
              : value,
          ),
        );
      }
    return texts.join('\n');
  };
  const found = async (query: Record<string, string>, path = V5): Promise<string[]> => {
    const { body } = await api().get(path).query(query).expect(200);
    return (body as { id: string }[]).map(({ id }) => id);
  };

  beforeAll(async () => {
    [mongo, nats] = await Promise.all([startMongo(), startOwnNats()]);
    database = mongo.database('customer');
    component = await start(first);
  });
  afterAll(async () => {
    await component.close();
    await nats.stop();
    await mongo.stop();
  });

  it('is sealed, also in events that wait and in answers that are kept for repeats; whoever may read gets it plain', async () => {
    const id = await create('anna@geheim.example');
    await nats.kill();
    await api()
      .patch(`${V5}/${id}`)
      .set('Content-Type', 'application/merge-patch+json')
      .send({ maritalStatus: 'married' })
      .expect(200);
    const idempotencyKey = randomUUID();
    const once = () =>
      api().post(V5).set('Idempotency-Key', idempotencyKey).send(person('berta@geheim.example')).expect(201);
    const made = (await once()).body as object;
    expect((await once()).body).toEqual(made);
    const text = await everything();
    expect(text).toContain('Weber');
    expect(text).toContain('_outbox');
    expect(text).not.toMatch(/geheim|Geheimweg|1990|married/);
    const { body } = await api().get(`${V5}/${id}`).expect(200);
    expect(body).toMatchObject({ ...person('anna@geheim.example'), maritalStatus: 'married' });
    await nats.restart();
    const bus = await EventBus.connect({ servers: nats.url, name: 'encryption-e2e' });
    try {
      const seen: unknown[] = [];
      const consuming = await bus.consume(
        {
          durable: `encryption-${randomUUID()}`,
          stream: 'TMF_EVENTS',
          subjects: ['tmf.TMF632.individual.IndividualAttributeValueChangeEvent'],
          concurrency: 1,
          maxAttempts: 1,
          backoffMs: [100],
          ackWaitMs: 5_000,
        },
        async (delivery) => void seen.push(delivery.json()),
      );
      await eventually('the event', () => seen.length > 0, LONG_MS);
      expect(seen[0]).toMatchObject({ event: { individual: { id, maritalStatus: 'married' } } });
      await consuming.stop();
    } finally {
      await bus.close();
    }
  });

  it('searchable fields are found by equality in both versions; anything else is a 400 that says why', async () => {
    const id = await create('clara@geheim.example');
    await create('dora@geheim.example');
    expect(await found({ 'contactMedium.emailAddress': 'clara@geheim.example' })).toEqual([id]);
    expect(await found({ 'contactMedium.characteristic.emailAddress': 'clara@geheim.example' }, V4)).toEqual([
      id,
    ]);
    expect(await found({ 'contactMedium.emailAddress': 'nobody@geheim.example' })).toEqual([]);
    for (const query of [
      { 'contactMedium.emailAddress.regex': 'clara' },
      { 'birthDate.gt': '1980-01-01T00:00:00Z' },
      { sort: 'birthDate' },
    ]) {
      const { body } = await api().get(V5).query(query).expect(400);
      expect(body).toMatchObject({
        code: 'encryptedAttribute',
        message: expect.stringContaining('kept encrypted'),
      });
    }
  });

  it('keys are changed without a pause: old and new are read, everything is sealed anew, the old key can go', async () => {
    const id = await create('emma@geheim.example');
    await component.close();
    component = await start(`${second},${first}`);
    const later = await create('frida@geheim.example');
    expect(await found({ 'contactMedium.emailAddress': 'emma@geheim.example' })).toEqual([id]);
    const before = await api().get('/operations/encryption').expect(200);
    expect(before.body).toMatchObject({ currentKey: 'k2', documents: { individual: { k2: 1 } } });
    const { etag } = (await api().get(`${V5}/${id}`)).headers;
    const { body } = await api().post('/operations/encryption/reseal').expect(200);
    const { k1 } = (before.body as { documents: { individual: { k1: number } } }).documents.individual;
    expect(body).toMatchObject({ currentKey: 'k2', sealed: { individual: k1 } });
    const after = await api().get('/operations/encryption').expect(200);
    expect(after.body).toMatchObject({ documents: { individual: { k2: k1 + 1 } } });
    await component.close();
    component = await start(second);
    expect(await found({ 'contactMedium.emailAddress': 'emma@geheim.example' })).toEqual([id]);
    expect(await found({ 'contactMedium.emailAddress': 'frida@geheim.example' })).toEqual([later]);
    // Nothing of it has changed for anybody.
    expect((await api().get(`${V5}/${id}`)).headers['etag']).toBe(etag);
  });

  it('a person that cannot be read keeps nobody from reading others at the same moment', async () => {
    const [broken = '', ...others] = await Promise.all(
      Array.from({ length: 20 }, (_, at) => create(`hans${at}@geheim.example`)),
    );
    const people = (await mongo.client())
      .db(database)
      .collection<{ _id: string; birthDate?: unknown }>('individual');
    const other = await people.findOne({ _id: others[0] ?? '' });
    // What was sealed for one person opens for nobody else.
    await people.updateOne({ _id: broken }, { $set: { birthDate: other?.birthDate } });
    const read = async (id: string): Promise<number> => (await api().get(`${V5}/${id}`)).status;
    const mixed = others.flatMap((id) => [broken, id]);
    expect(await Promise.all(mixed.map(read))).toEqual(mixed.map((id) => (id === broken ? 500 : 200)));
    await people.deleteOne({ _id: broken });
  });

  it('without the key nothing is read, and nothing is written over what cannot be read', async () => {
    const id = await create('gerda@geheim.example');
    await component.close();
    component = await start(key('other'));
    const { body } = await api().get(`${V5}/${id}`).expect(500);
    expect(body).toMatchObject({ code: 'cannotOpen' });
    await api()
      .patch(`${V5}/${id}`)
      .set('Content-Type', 'application/merge-patch+json')
      .send({ givenName: 'Gerda' })
      .expect(500);
    await component.close();
    component = await start(second);
    expect((await api().get(`${V5}/${id}`).expect(200)).body).toMatchObject(person('gerda@geheim.example'));
  });
});
