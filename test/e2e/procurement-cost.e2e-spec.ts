import { EventBus } from '@quotebridge/platform/events';
import request from 'supertest';
import {
  runApp,
  startMongo,
  startNats,
  startProcess,
  type TestMongo,
  type TestNats,
  type TestProcess,
} from './support';
import { eventually } from './support/eventually';

const V4 = '/tmf-api/productCatalogManagement/v4/productSpecification';
const V5 = '/tmf-api/productCatalogManagement/v5/productSpecification';

const costOf = (value: number) => [
  {
    '@type': 'ProcurementCost',
    supplier: { '@type': 'PartyRoleRef', id: 'bearings-ltd' },
    price: { unit: 'EUR', value },
  },
];

describe('what a part costs us', () => {
  let mongodb: TestMongo;
  let nats: TestNats;
  let catalog: TestProcess;
  let database = '';
  const keys = new Map<string, string>();

  beforeAll(async () => {
    [mongodb, nats] = await Promise.all([startMongo(), startNats()]);
    database = mongodb.database('cost');
    const env = {
      MONGODB_URI: mongodb.uri,
      NATS_URL: nats.url,
      DATABASE: database,
      ACCESS_DATABASE: database,
      AUTH: 'on',
      LOG_LEVEL: 'error',
      OUTBOUND_ALLOW: 'loopback',
    };
    for (const role of ['integrator', 'procurement']) {
      const { lines } = await runApp('admin', ['api-key', 'create', '--name', role, '--role', role], env);
      keys.set(role, lines.find((line) => line.startsWith('qb_')) ?? '');
    }
    catalog = await startProcess('product-catalog', env);
  }, 120_000);
  afterAll(async () => {
    await catalog?.stop();
    await nats?.stop();
    await mongodb?.stop();
  });

  const as = (role: 'integrator' | 'procurement') =>
    request.agent(catalog.url).set('X-API-Key', keys.get(role) ?? '');
  const part = (more: object = {}) => ({
    '@type': 'ProductSpecification',
    name: 'Bearing',
    lifecycleStatus: 'Active',
    lastUpdate: '2026-01-01T00:00:00Z',
    ...more,
  });
  const make = async (value: number): Promise<string> => {
    const { body } = await as('integrator').post(V5).send(part()).expect(201);
    await as('procurement')
      .patch(`${V5}/${body.id}`)
      .send({ '@type': 'ProductSpecification', procurementCost: costOf(value) })
      .expect(200);
    return body.id as string;
  };

  it('is shown to who has the scope that names it, and to nobody else', async () => {
    const id = await make(12.5);
    const seen = await as('procurement').get(`${V5}/${id}`).expect(200);
    expect(seen.body.procurementCost).toMatchObject(costOf(12.5));
    for (const path of [
      `${V5}/${id}`,
      `${V4}/${id}`,
      `${V5}?id=${id}`,
      `${V5}/${id}?fields=procurementCost`,
    ]) {
      const { text } = await as('integrator').get(path).expect(200);
      expect(text).not.toContain('procurementCost');
      expect(text).not.toContain('12.5');
    }
  });

  it('is not taken for known by who was shown a part without it, nor kept by who was shown it', async () => {
    const path = `${V5}/${await make(9)}`;
    const tagOf = async (role: 'integrator' | 'procurement') =>
      String((await as(role).get(path).expect(200)).headers['etag']);
    const [less, whole] = [await tagOf('integrator'), await tagOf('procurement')];
    const again = await as('procurement').get(path).set('If-None-Match', less).expect(200);
    expect(again.body.procurementCost).toMatchObject(costOf(9));
    const reduced = await as('integrator').get(path).set('If-None-Match', whole).expect(200);
    expect(reduced.text).not.toContain('procurementCost');
    await as('integrator').get(path).set('If-None-Match', less).expect(304);
    await as('procurement').get(path).set('If-None-Match', whole).expect(304);

    // What is changed is the same for both, whoever read how much of it.
    const change = { '@type': 'ProductSpecification', description: 'new' };
    await as('integrator').patch(path).set('If-None-Match', whole).send(change).expect(412);
    const changed = await as('integrator').patch(path).set('If-Match', whole).send(change).expect(200);
    expect(changed.headers['etag']).toBe(await tagOf('integrator'));
    await as('procurement').patch(path).set('If-Match', less).send(change).expect(412);
  });

  it('cannot be found out by filters, orders and JSON paths', async () => {
    const id = await make(77);
    const questions = [
      'procurementCost.price.value=77',
      'procurementCost.price.value.gt=1',
      'sort=-procurementCost.price.value',
      'filter=procurementCost[?(@.price.value==77)]',
      'filter=$[?(@.procurementCost[0].price.value==77)]',
    ];
    for (const question of questions) {
      const { text } = await as('integrator')
        .get(`${V5}?${encodeURI(question)}`)
        .expect((answer) => expect([400, 501]).toContain(answer.status));
      expect(text).not.toContain(id);
    }
    const found = await as('procurement').get(`${V5}?procurementCost.price.value=77`).expect(200);
    expect(found.body.map((one: { id: string }) => one.id)).toEqual([id]);
  });

  it('cannot be written, guessed or lost by who cannot see it', async () => {
    const id = await make(5);
    await as('integrator')
      .post(V5)
      .send(part({ procurementCost: costOf(1) }))
      .expect(403);
    for (const value of [5, 6])
      await as('integrator')
        .patch(`${V5}/${id}`)
        .send({ '@type': 'ProductSpecification', procurementCost: costOf(value) })
        .expect(403);
    await as('integrator')
      .patch(`${V5}/${id}`)
      .set('Content-Type', 'application/json-patch+json')
      .send([
        { op: 'test', path: '/procurementCost/0/price/value', value: 5 },
        { op: 'replace', path: '/name', value: 'x' },
      ])
      .expect((answer) => expect([409, 422]).toContain(answer.status));
    const renamed = await as('integrator').patch(`${V4}/${id}`).send({ name: 'Roller bearing' }).expect(200);
    expect(renamed.text).not.toContain('procurementCost');
    const kept = await as('procurement').get(`${V5}/${id}`).expect(200);
    expect(kept.body).toMatchObject({ name: 'Roller bearing', procurementCost: costOf(5) });
  });

  it('is never part of an event, a job file or the query of one', async () => {
    const seen: string[] = [];
    const bus = await EventBus.connect({ servers: nats.url, name: 'e2e-cost' });
    const events = await bus.consume(
      {
        durable: 'e2e-cost',
        stream: 'TMF_EVENTS',
        subjects: ['tmf.TMF620.productSpecification.>'],
        concurrency: 1,
        maxAttempts: 1,
        backoffMs: [100],
        ackWaitMs: 5_000,
      },
      async (delivery) => void seen.push(JSON.stringify(delivery.json())),
    );
    const id = await make(31.4);
    await as('integrator').delete(`${V5}/${id}`).expect(204);
    const own = await eventually('all events of the part', () => {
      const found = seen.filter((text) => text.includes(id));
      return found.some((text) => text.includes('DeleteEvent')) && found;
    });
    expect(own.map((text) => JSON.parse(text).eventType)).toEqual(
      ['Create', 'AttributeValueChange', 'Delete'].map((kind) => `ProductSpecification${kind}Event`),
    );
    expect(seen.filter((text) => text.includes('procurementCost'))).toEqual([]);
    await events.stop();
    await bus.close();
    const refused = await as('integrator').post('/tmf-api/productCatalogManagement/v5/exportJob').send({
      '@type': 'ExportJob',
      url: 'file:///tmp/none.ndjson',
      path: '/productSpecification',
      query: 'procurementCost.price.value=31.4',
    });
    expect(refused.status).toBe(400);
  });
});
