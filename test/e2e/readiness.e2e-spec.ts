import path from 'node:path';
import request from 'supertest';
import { version } from '../../package.json';
import {
  eventually,
  startOwnMongo,
  startOwnNats,
  startProcess,
  type OwnMongo,
  type OwnNats,
  type TestProcess,
} from './support';
import { startChild } from './support/child';

const ROOT = path.resolve(__dirname, '../..');
const MAIN = path.join(ROOT, 'dist/apps/product-catalog/src/main.js');
const OFFERING = '/tmf-api/productCatalogManagement/v4/productOffering';

describe('a component whose servers come and go', () => {
  let mongodb: OwnMongo;
  let nats: OwnNats;
  let catalog: TestProcess;

  const readiness = async (): Promise<number> => (await request(catalog.url).get('/health/ready')).status;
  const becomes = (status: number): Promise<true> =>
    eventually(`readiness ${status}`, async () => (await readiness()) === status || undefined);

  beforeAll(async () => {
    [mongodb, nats] = await Promise.all([startOwnMongo(), startOwnNats()]);
    catalog = await startProcess('product-catalog', {
      MONGODB_URI: mongodb.uri,
      NATS_URL: nats.url,
      DATABASE: mongodb.database('catalog'),
      AUTH: 'off',
      LOG_LEVEL: 'warn',
    });
  }, 120_000);
  afterAll(async () => {
    await catalog?.kill();
    await nats?.stop();
    await mongodb?.stop();
  });

  it('is not ready while NATS is away, still takes writes, and is ready when it is back', async () => {
    await becomes(200);
    await nats.kill();
    await becomes(503);
    await request(catalog.url).get('/health/live').expect(200, { status: 'up', version });
    await request(catalog.url).post(OFFERING).send({ name: 'Pump' }).expect(201);
    await nats.restart();
    await becomes(200);
  });

  it('is not ready while MongoDB is away, refuses with 503, and is ready when it is back', async () => {
    await mongodb.kill();
    await becomes(503);
    await request(catalog.url).get('/health/live').expect(200);
    await request(catalog.url).get(`${OFFERING}/any`).expect(503);
    await mongodb.restart();
    await becomes(200);
    await request(catalog.url).get(`${OFFERING}/any`).expect(404);
  });

  it('after a kill it comes up again on the same address with the same data', async () => {
    const made = await request(catalog.url).post(OFFERING).send({ name: 'Filter' }).expect(201);
    const before = catalog.pid;
    await catalog.kill();
    await catalog.restart();
    expect(catalog.pid).not.toBe(before);
    await request(catalog.url).get(`${OFFERING}/${made.body.id}`).expect(200);
  });

  it('asked to end, it ends with 0', async () => {
    expect(await catalog.stop()).toBe(0);
  });

  it('that come after it: it waits for both as long as it may, says so, and then begins', async () => {
    await Promise.all([mongodb.kill(), nats.kill()]);
    const env = {
      ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], STARTUP_WAIT: '80s', AUTH: 'off' },
      ...{ MONGODB_URI: mongodb.uri, NATS_URL: nats.url, DATABASE: mongodb.database('late') },
    };
    const late = startChild(process.execPath, [MAIN], env, ROOT);
    const says = (what: RegExp): Promise<true> =>
      eventually(`the line ${what}`, () => late.lines.some((line) => what.test(line)) || undefined, 60_000);
    await says(/"reason":"MongoDB cannot be reached.*product-catalog waits for its servers/);
    await mongodb.restart();
    await says(/"reason":"NATS cannot be reached.*product-catalog waits for its servers/);
    await nats.restart();
    await says(/^\{"ready":"product-catalog"/);
    expect(await late.end('SIGTERM')).toBe(0);
  }, 120_000);
});
