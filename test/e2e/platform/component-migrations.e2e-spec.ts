import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { loadSettings } from '@quotebridge/platform/config';
import type { DataMigration } from '@quotebridge/platform/store';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import type { mongo } from 'mongoose';
import request from 'supertest';
import {
  envelopesInStream,
  eventually,
  startMongo,
  startOwnNats,
  type OwnNats,
  type TestMongo,
} from '../support';

const CATEGORY = '/tmf-api/productCatalogManagement/v5/category';
const WITHIN = 60_000;
const COUNT = 1_200;

/** An older version kept the description under another name. */
const DESCRIPTIONS: DataMigration = {
  name: '2026-11-descriptions',
  collection: 'category',
  where: { text: { $exists: true } },
  change: [{ $set: { description: '$text' } }, { $unset: 'text' }],
};

const migrating: typeof productCatalog = {
  ...productCatalog,
  build: async (runtime) => ({ ...(await productCatalog.build(runtime)), migrations: [DESCRIPTIONS] }),
};

describe('a component with migrations', () => {
  let mongod: TestMongo;
  let nats: OwnNats;
  let db: mongo.Db;
  let before: RunningComponent;
  const replicas: RunningComponent[] = [];
  let database: string;

  const start = (component: typeof productCatalog): Promise<RunningComponent> =>
    startComponent(
      component,
      loadSettings(productCatalogSettings, {
        AUTH: 'off',
        LOG_LEVEL: 'silent',
        RATE_LIMIT_PER_MINUTE: '0',
        MONGODB_URI: mongod.uri,
        NATS_URL: nats.url,
        DATABASE: database,
      }),
    );
  const old = (): Promise<number> => db.collection('category').countDocuments({ text: { $exists: true } });
  const note = () =>
    db.collection<{ _id: string; changed: number }>('migrations').findOne({ _id: DESCRIPTIONS.name });
  const read = async ({ url }: RunningComponent, id: string) =>
    request(url).get(`${CATEGORY}/${id}`).expect(200);

  beforeAll(async () => {
    [mongod, nats] = await Promise.all([startMongo(), startOwnNats()]);
    database = mongod.database('migrating');
    db = (await mongod.client()).db(database);
    before = await start(productCatalog);
  });
  afterAll(async () => {
    await Promise.all([before, ...replicas].map((one) => one?.close()));
    await nats?.stop();
    await mongod?.stop();
  });

  it('brings what is stored into its new form, once for all its replicas, and neither an ETag nor an event tells of it', async () => {
    const made = await request(before.url)
      .post(CATEGORY)
      .send({ '@type': 'Category', name: 'Pumps' })
      .expect(201);
    const id = made.body.id as string;
    const etag = (await read(before, id)).headers['etag'];
    const document = await db.collection('category').findOne({}, { projection: { _outbox: 0 } });
    await db.collection<{ _id: string }>('category').updateOne({ _id: id }, { $set: { text: 'of oil' } });
    const copies = Array.from({ length: COUNT - 1 }, (_, n) => ({ ...document, _id: `c${n}`, text: `${n}` }));
    await db.collection<{ _id: string }>('category').insertMany(copies);
    await eventually(
      'the event of the only request',
      async () => (await envelopesInStream({ servers: nats.url })).length === 1,
      WITHIN,
    );

    // The version before still serves and has the work of all; the new one takes it over when that goes.
    replicas.push(await start(migrating), await start(migrating));
    expect((await read(before, id)).body.name).toBe('Pumps');
    await before.close();
    await eventually('all documents to have the new form', async () => (await old()) === 0, WITHIN);
    await eventually('its note', async () => (await note())?.changed === COUNT, WITHIN);

    for (const replica of replicas) {
      const now = await read(replica, id);
      expect([now.headers['etag'], now.body]).toMatchObject([etag, { name: 'Pumps', description: 'of oil' }]);
    }
    expect(await envelopesInStream({ servers: nats.url })).toHaveLength(1);
  });
});
