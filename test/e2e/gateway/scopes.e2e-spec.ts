import { gatewayComponent, gatewaySettings } from '@quotebridge/components/gateway';
import { loadSettings } from '@quotebridge/platform/config';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import { startMongo, startNats, type TestMongo, type TestNats } from '../support';
import { startTokenIssuer, type TokenIssuer } from '../support/token-issuer';

/** What each operation of the business API needs, as docs/guides/business-api.md has it. */
const NEEDED: Readonly<Record<string, string>> = {
  'POST /orders': 'productOrder:write',
  'GET /orders/{id}': 'productOrder:read',
  'PUT /orders/{id}': 'productOrder:write',
  'GET /orders/{id}/status': 'productOrder:read',
  'GET /customers/{id}': 'customer:read',
  'GET /compatibility': 'productSpecification:read',
  'GET /pricing/customer': 'productOfferingPrice:read',
  'GET /bom/{serial}': 'product:read',
  'GET /opportunities': 'salesOpportunity:read',
  'PATCH /opportunities/{id}': 'salesOpportunity:write',
  'GET /transactions': 'transaction:admin',
};
/** What operators do; not in the documents of the API. */
const OPERATED: Readonly<Record<string, string>> = {
  'GET /operations/confirmations': 'confirmation:read',
  'POST /operations/confirmations/{id}/resend': 'confirmation:admin',
  'GET /operations/alerts': 'alert:read',
  'POST /operations/alerts/{id}/resend': 'alert:admin',
};
const BASES = ['/api', '/api/v1', '/api/v2'];
const ROUTES: readonly (readonly [route: string, scope: string])[] = [
  ...BASES.flatMap((base) =>
    Object.entries(NEEDED).map(([route, scope]) => [route.replace(' ', ` ${base}`), scope] as const),
  ),
  ...Object.entries(OPERATED),
];

const weaker: Readonly<Record<string, string>> = { read: 'write', write: 'read', admin: 'read write delete' };

/** Everything but the needed scope: all actions on all other resources, and the other actions on this one. */
const allBut = (scope: string): string => {
  const [resource = '', action = ''] = scope.split(':');
  const others = [...new Set([...Object.values(NEEDED), ...Object.values(OPERATED)])]
    .map((one) => one.split(':')[0] ?? '')
    .filter((one) => one !== resource);
  const own = (weaker[action] ?? '').split(' ').map((one) => `${resource}:${one}`);
  return [...others.flatMap((one) => [`${one}:read`, `${one}:write`, `${one}:admin`]), ...own].join(' ');
};

describe('who may call what', () => {
  let issuer: TokenIssuer;
  let mongo: TestMongo;
  let nats: TestNats;
  let gateway: RunningComponent;

  const call = async (route: string, scope?: string): Promise<Response> => {
    const [method = 'GET', path = ''] = route.split(' ');
    const body = method === 'GET' ? {} : { body: '{}' };
    return fetch(`${gateway.url}${path.replace(/\{\w+\}/, '1')}`, {
      method,
      ...body,
      headers: {
        'content-type': 'application/json',
        ...(scope === undefined ? {} : { authorization: `Bearer ${await issuer.token({ scope })}` }),
      },
    });
  };

  beforeAll(async () => {
    issuer = await startTokenIssuer();
    [mongo, nats] = await Promise.all([startMongo(), startNats()]);
    const nobody = Object.fromEntries(
      ['ORDER', 'CUSTOMER', 'INVENTORY', 'SALES', 'CATALOG'].map((name) => [
        `${name}_URL`,
        'http://127.0.0.1:9',
      ]),
    );
    const database = mongo.database('gateway');
    gateway = await startComponent(
      gatewayComponent,
      loadSettings(gatewaySettings, {
        ...nobody,
        ...issuer.env,
        AUTH: 'on',
        LOG_LEVEL: 'silent',
        DATABASE: database,
        ACCESS_DATABASE: database,
        MONGODB_URI: mongo.uri,
        NATS_URL: nats.url,
        RATE_LIMIT_PER_MINUTE: '0',
      }),
    );
  });
  afterAll(async () => {
    await gateway.close();
    await nats.stop();
    await mongo.stop();
    issuer.stop();
  });

  it('every route that the documents declare is in the table, with the scope that it says', async () => {
    for (const base of BASES) {
      const answer = await fetch(`${gateway.url}${base}/openapi`, {
        headers: { authorization: `Bearer ${await issuer.token({ scope: 'customer:read' })}` },
      });
      const { paths } = (await answer.json()) as {
        paths: Record<string, Record<string, { description?: string }>>;
      };
      const declared = Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, { description }]) => [
          `${method.toUpperCase()} ${path}`,
          /scope `([^`]+)`/.exec(description ?? '')?.[1],
        ]),
      );
      expect(Object.fromEntries(declared)).toEqual(NEEDED);
    }
  });

  it.each(ROUTES)(
    '%s needs %s: 401 without a credential, 403 with every other scope',
    async (route, scope) => {
      expect((await call(route)).status).toBe(401);
      const refused = await call(route, allBut(scope));
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
        403,
        expect.stringContaining(`scope="${scope}"`),
      ]);
      expect(await refused.json()).toMatchObject({
        errorId: refused.headers.get('x-error-id'),
        message: expect.stringContaining(scope),
      });
      // With it the call comes through; what it is about is not there.
      expect([401, 403]).not.toContain((await call(route, scope)).status);
    },
  );
});
