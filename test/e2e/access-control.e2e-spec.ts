import request from 'supertest';
import {
  eventually,
  runApp,
  startMongo,
  startNats,
  startProcess,
  type TestMongo,
  type TestNats,
  type TestProcess,
} from './support';
import { startTokenIssuer, type TokenIssuer } from './support/token-issuer';

const OFFERING = '/tmf-api/productCatalogManagement/v4/productOffering';

describe('access control of a running component', () => {
  let mongodb: TestMongo;
  let nats: TestNats;
  let catalog: TestProcess;
  let issuer: TokenIssuer;
  let env: Record<string, string>;

  const makeKey = async (role: string): Promise<string> => {
    const { lines } = await runApp('admin', ['api-key', 'create', '--name', role, '--role', role], env);
    return lines.find((line) => line.startsWith('qb_')) ?? '';
  };
  const token: TokenIssuer['token'] = (claims, expires) => issuer.token(claims, expires);
  const api = () => request(catalog.url);

  beforeAll(async () => {
    issuer = await startTokenIssuer();
    [mongodb, nats] = await Promise.all([startMongo(), startNats()]);
    const database = mongodb.database('catalog');
    env = {
      MONGODB_URI: mongodb.uri,
      NATS_URL: nats.url,
      DATABASE: database,
      ACCESS_DATABASE: database,
      AUTH: 'on',
      ...issuer.env,
      LOG_LEVEL: 'debug',
    };
    catalog = await startProcess('product-catalog', env);
  }, 120_000);
  afterAll(async () => {
    await catalog?.stop();
    await nats?.stop();
    await mongodb?.stop();
    issuer?.stop();
  });

  it('without a credential: 401, a challenge, and a TMF error body with an id', async () => {
    const { body, headers } = await api().get(OFFERING).expect(401);
    expect(headers['www-authenticate']).toMatch(/^Bearer realm="quotebridge", ApiKey/);
    expect(body).toMatchObject({ code: expect.any(String), reason: expect.any(String) });
    expect(JSON.stringify(body)).toMatch(/Send a bearer token/);
  });

  it('health and metrics need no credential', async () => {
    await api().get('/health/live').expect(200);
    await api().get('/health/ready').expect(200);
    await api().get('/metrics').expect(200);
  });

  it('a reader’s key reads, and writing is refused with the scope it lacks', async () => {
    const key = await makeKey('reader');
    await api().get(OFFERING).set('X-API-Key', key).expect(200);
    const { body, headers } = await api()
      .post(OFFERING)
      .set('X-API-Key', key)
      .send({ name: 'Pump' })
      .expect(403);
    expect(JSON.stringify(body)).toContain('productOffering:write');
    expect(headers['www-authenticate']).toContain('scope="productOffering:write"');
  });

  it('a revoked key is refused by the running service within seconds', async () => {
    const key = await makeKey('integrator');
    await api().post(OFFERING).set('Authorization', `ApiKey ${key}`).send({ name: 'Pump' }).expect(201);
    await runApp('admin', ['api-key', 'revoke', key.split('_')[1] ?? ''], env);
    await eventually(
      'the key to be refused',
      async () => (await api().get(OFFERING).set('X-API-Key', key)).status === 401,
    );
  });

  it('a bearer token works by its scopes and by its roles', async () => {
    const scoped = await token({ scope: 'productOffering:read' });
    await api().get(OFFERING).set('Authorization', `Bearer ${scoped}`).expect(200);
    await api().post(OFFERING).set('Authorization', `Bearer ${scoped}`).send({ name: 'Pump' }).expect(403);
    const roled = await token({ roles: ['integrator'] });
    await api().post(OFFERING).set('Authorization', `Bearer ${roled}`).send({ name: 'Pump' }).expect(201);
  });

  it('an expired token is refused with what to do, and no credential shows up in the logs', async () => {
    const expired = await token({ roles: ['admin'] }, '-5m');
    const { body } = await api().get(OFFERING).set('Authorization', `Bearer ${expired}`).expect(401);
    expect(JSON.stringify(body)).toContain('expired');
    const written = catalog.lines().join('\n');
    expect(written).not.toContain(expired);
    expect(written).not.toMatch(/qb_[0-9a-f]{16}_[\w-]{43}/);
  });

  it('a refusal is a line of the log with the error id of the answer and the trace of the request, without people', async () => {
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const { body } = await api()
      .get(`${OFFERING}?eve@example.com=1`)
      .set('Authorization', `Bearer ${await token({ roles: ['reader'] })}`)
      .set('traceparent', `00-${trace}-b7ad6b7169203331-01`)
      .expect(400);
    expect(JSON.stringify(body)).toContain('eve@example.com');
    const line = await eventually('the line', () =>
      catalog.lines().find((one) => one.includes(body.errorId)),
    );
    expect(JSON.parse(line)).toMatchObject({
      level: 'info',
      trace_id: trace,
      errorId: body.errorId,
      status: 400,
    });
    expect(line).not.toContain('eve@example.com');
  });

  it('access control cannot be off on an address that others can reach', async () => {
    await expect(startProcess('product-catalog', { ...env, AUTH: 'off', HOST: '0.0.0.0' })).rejects.toThrow(
      /Access control is off but the server would listen on 0\.0\.0\.0/,
    );
  });
});
