import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { eventually } from '../support';
import { startGatewaySuite, type GatewaySuite } from '../support/gateway-suite';

const PARTY = '/tmf-api/partyManagement/v5/organization';
const CUSTOMER = '/tmf-api/customer/v5/customer';

describe('the business API', () => {
  let suite: GatewaySuite;
  const api = () => suite.api();
  beforeAll(async () => {
    suite = await startGatewaySuite();
  });
  afterAll(() => suite.stop());

  const customer = async (number: string): Promise<string> => {
    const owner = request(suite.customers.url);
    const { body: party } = await owner
      .post(PARTY)
      .send({ '@type': 'Organization', name: 'Presses Ltd' })
      .expect(201);
    const { body } = await owner
      .post(CUSTOMER)
      .send({
        '@type': 'Customer',
        name: 'Presses Ltd',
        engagedParty: { '@type': 'PartyRef', id: party.id, '@referredType': 'Organization' },
        contactMedium: [
          { '@type': 'EmailContactMedium', contactType: 'main', emailAddress: 'buying@presses.example' },
        ],
        externalIdentifier: [
          {
            '@type': 'ExternalIdentifier',
            owner: 's4hana',
            externalIdentifierType: 'customer',
            id: number,
          },
        ],
      })
      .expect(201);
    return body.id as string;
  };

  it('both versions and the unversioned path have an OpenAPI document and a docs page of their own', async () => {
    for (const [base, version] of [
      ['/api', '1.0.0'],
      ['/api/v1', '1.0.0'],
      ['/api/v2', '2.0.0'],
    ] as const) {
      const { body } = await api().get(`${base}/openapi`).expect(200);
      expect(body).toMatchObject({ openapi: '3.0.3', info: { version }, servers: [{ url: base }] });
      expect(Object.keys(body.paths as object)).toContain('/customers/{id}');
      expect((await api().get(`${base}/docs`).expect(200)).text).toContain('QuoteBridge business API');
    }
    expect(suite.gateway.addresses).toMatchObject({
      'gateway/v1': `${suite.gateway.url}/api/v1`,
      'gateway/v2': `${suite.gateway.url}/api/v2`,
    });
  });

  it('a customer is read by id and by its number in the ERP; the second version only adds', async () => {
    const number = `C-${randomUUID()}`;
    const id = await customer(number);
    const v1 = { cust_id: number, id, name: 'Presses Ltd', email: 'buying@presses.example' };
    for (const key of [id, number]) {
      const { body } = await api().get(`/api/v1/customers/${key}`).expect(200);
      expect(body).toMatchObject(v1);
      const { body: second } = await api().get(`/api/v2/customers/${key}`).expect(200);
      expect(second).toMatchObject({ ...body, external_ids: [{ owner: 's4hana', id: number }] });
      expect((await api().get(`/api/customers/${key}`).expect(200)).body).toEqual(body);
    }
  });

  it('a key that lists several, has quotes or leads upwards names nobody', async () => {
    const number = `C-${randomUUID()}`;
    await customer(number);
    for (const key of [`${number},nobody`, `"${number}"`, `'${number}'`])
      await api()
        .get(`/api/v1/customers/${encodeURIComponent(key)}`)
        .expect(404);
    // As it is: most clients would resolve the dots before they send them.
    const statusOf = (path: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const { hostname, port } = new URL(suite.gateway.url);
        get({ hostname, port, path }, (answer) => resolve(answer.resume().statusCode)).on('error', reject);
      });
    for (const path of ['/customers/%2e%2e', '/orders/%2e%2e', '/orders/%2e', '/orders/%2e%2e/status'])
      expect([path, await statusOf(`/api/v1${path}`)]).toEqual([path, 404]);
  });

  it('a fault has a unique error id, by which the transaction log finds the call', async () => {
    const { body, headers } = await api().get('/api/v1/customers/nobody').expect(404);
    expect(body).toMatchObject({ code: 'notFound', errorId: headers['x-error-id'] });
    const found = await eventually('the entry of the call', async () => {
      const answer = await api().get('/api/v1/transactions').query({ errorId: body.errorId }).expect(200);
      return (answer.body.items as object[])[0];
    });
    expect(found).toMatchObject({
      operation: 'readCustomer',
      version: 'v1',
      status: 404,
      outcome: 'refused',
      caller: { kind: 'anonymous' },
    });
  });

  it('the log is read in pages, the latest first, each call once', async () => {
    const caller = `reader-${randomUUID()}`;
    for (let call = 0; call < 7; call += 1) await api().get(`/api/v1/customers/${caller}`).expect(404);
    const ids: string[] = [];
    const times: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await api()
        .get('/api/v1/transactions')
        .query({ operation: 'readCustomer', limit: 3, ...(cursor === undefined ? {} : { cursor }) })
        .expect(200);
      for (const entry of body.items as { id: string; at: string }[]) {
        ids.push(entry.id);
        times.push(entry.at);
      }
      cursor = body.next as string | undefined;
    } while (cursor !== undefined);
    expect(ids.length).toBeGreaterThanOrEqual(7);
    expect(new Set(ids).size).toBe(ids.length);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('every fault of a query is told at once, and other methods are a 405', async () => {
    const { body } = await api().get('/api/v1/transactions?limit=0&from=soon&colour=red').expect(400);
    expect((body.details as { path: string }[]).map(({ path }) => path).sort()).toEqual([
      'colour',
      'from',
      'limit',
    ]);
    const { headers } = await api().delete('/api/v1/customers/1').expect(405);
    expect(headers['allow']).toBe('GET, HEAD, OPTIONS');
  });

  it('a component that is away is a 503, not a hang', async () => {
    const alone = await suite.start({ CUSTOMER_URL: 'http://127.0.0.1:9', DATABASE: `${suite.database}-2` });
    try {
      const { body } = await request(alone.url).get('/api/v1/customers/1').expect(503);
      expect(body).toMatchObject({ code: 'componentAway', errorId: expect.any(String) });
    } finally {
      await alone.close();
    }
  });

  it('an answer of a component that nobody expects is a 500 with an error id, and a failure in the log', async () => {
    const odd = createServer((_request, reply) => {
      reply.writeHead(418, { 'content-type': 'application/json' }).end('{}');
    });
    await once(odd.listen(0, '127.0.0.1'), 'listening');
    const { port } = odd.address() as AddressInfo;
    const alone = await suite.start({ CUSTOMER_URL: `http://127.0.0.1:${port}` });
    try {
      const { body, headers } = await request(alone.url).get('/api/v1/customers/1').expect(500);
      expect(body).toMatchObject({ errorId: headers['x-error-id'], status: '500' });
      const found = await eventually('the entry of the call', async () => {
        const answer = await api().get('/api/v1/transactions').query({ errorId: body.errorId }).expect(200);
        return (answer.body.items as object[])[0];
      });
      expect(found).toMatchObject({ operation: 'readCustomer', status: 500, outcome: 'failed' });
    } finally {
      await alone.close();
      odd.closeAllConnections();
      odd.close();
    }
  });

  it('with access control on, nobody comes in without a credential, and that is in the log', async () => {
    const guarded = await suite.start({ AUTH: 'on' });
    try {
      const { body } = await request(guarded.url).get('/api/v1/customers/1').expect(401);
      await eventually('the entry of the call', async () => {
        const answer = await api().get('/api/v1/transactions').query({ errorId: body.errorId }).expect(200);
        return (answer.body.items as { caller: { id: string } }[])[0]?.caller.id === 'unknown';
      });
    } finally {
      await guarded.close();
    }
  });
});
