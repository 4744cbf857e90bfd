import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  eventually,
  startMongo,
  startOwnNats,
  startProcess,
  type OwnNats,
  type TestMongo,
  type TestProcess,
} from './support';

const OFFERING = '/tmf-api/productCatalogManagement/v4/productOffering';
const CREATED = 'tmf.TMF620.productOffering.ProductOfferingCreateEvent';

describe('a component that is asked to end under load', () => {
  let mongodb: TestMongo;
  let nats: OwnNats;
  let catalog: TestProcess;
  let database: string;

  beforeAll(async () => {
    [mongodb, nats] = await Promise.all([startMongo(), startOwnNats()]);
    database = mongodb.database('catalog');
    catalog = await startProcess('product-catalog', {
      MONGODB_URI: mongodb.uri,
      NATS_URL: nats.url,
      DATABASE: database,
      AUTH: 'off',
      LOG_LEVEL: 'warn',
      RATE_LIMIT_PER_MINUTE: '0',
    });
  }, 120_000);
  afterAll(async () => {
    await catalog?.kill();
    await nats?.stop();
    await mongodb?.stop();
  });

  /** Creates offerings until the service does not answer any more; counts the answers by status. */
  const load = async (answers: number[]): Promise<void> => {
    for (;;) {
      const response = await fetch(`${catalog.url}${OFFERING}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'Pump' }),
      }).catch(() => undefined);
      if (response === undefined) return;
      answers.push(response.status);
      await response.text().catch(() => undefined);
      if (response.status === 503) await sleep(5);
    }
  };

  it('answers every write it stored, ends with 0, and no event is lost', async () => {
    const answers: number[] = [];
    const clients = Array.from({ length: 16 }, () => load(answers));
    await eventually('some writes', () => answers.filter((status) => status === 201).length > 10);
    expect(await catalog.stop()).toBe(0);
    await Promise.all(clients);

    const created = answers.filter((status) => status === 201).length;
    expect(created).toBeGreaterThan(10);
    expect(new Set(answers.filter((status) => status !== 201 && status !== 503))).toEqual(new Set());
    const offerings = (await mongodb.client()).db(database).collection('productOffering');
    expect(await offerings.countDocuments()).toBe(created);

    const pending = await offerings.countDocuments({ '_outbox.0': { $exists: true } });
    const connection = await connect({ servers: nats.url });
    const { state } = await (
      await jetstreamManager(connection)
    ).streams.info('TMF_EVENTS', { subjects_filter: CREATED });
    await connection.close();
    expect((state.subjects?.[CREATED] ?? 0) + pending).toBe(created);
  });
});
